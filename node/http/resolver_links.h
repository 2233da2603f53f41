// What the resolver reads for its links. Pure reads; any thread.
#pragma once

#include "ledger/code/code.h"
#include "ledger/code/gs1_text.h"
#include "ledger/store/schema.h"
#include "node/http/linkset.h"

namespace suyuan::http {

// A Digital Link that was asked for.
struct AskedLink {
  ProductCode code;
  Gs1Text text;      // with every qualifier that stood in the path
  std::string base;  // "https://trace.example", before each path of ours
  bool epcis = false;
};

// Every link of every level, the finest first. NOT_FOUND: the ledger knows nothing of the code.
Result<Linkset> read_linkset(const Reader& reader, const AskedLink& asked);

// GS1's resolver description file: who answers, from where, for which keys.
std::string resolver_description(const std::string& base, const std::string& name);

// "/v1/codes/<code>/<question>"
std::string code_path(const std::string& code, std::string_view question);
// "/epcis/epcs/<code>/events": in whatever list an event has it
std::string epcis_path(const std::string& code);

}  // namespace suyuan::http
