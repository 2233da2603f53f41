// Reads what the resolver needs for its links. Read-only and thread-safe.
#pragma once

#include "ledger/code/code.h"
#include "ledger/code/gs1_text.h"
#include "ledger/store/schema.h"
#include "node/http/linkset.h"

namespace suyuan::http {

// The requested Digital Link.
struct AskedLink {
  ProductCode code;
  Gs1Text text;      // with every qualifier in the path
  std::string base;  // "https://trace.example", prefix of all our paths
  bool epcis = false;
};

// Returns every link of every level, the finest first.
// Errors: NOT_FOUND (the ledger does not know the code).
Result<Linkset> read_linkset(const Reader& reader, const AskedLink& asked);

// Returns GS1's resolver description file: who answers, from where, for which keys.
std::string resolver_description(const std::string& base, const std::string& name);

// Returns what clients of the Global Dialogue on Seafood Traceability's discovery expect: an array
// of links to the roots of EPCIS repositories, without a redirect.
std::string epcis_repositories(const std::string& base);

// "/v1/codes/<code>/<question>"
std::string code_path(const std::string& code, std::string_view question);
// "/epcis/epcs/<code>/events": in any list of the event. Of a class also its lots and units, by the
// pattern "<code>*".
std::string epcis_path(const ProductCode& code);

}  // namespace suyuan::http
