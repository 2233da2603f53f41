// A stored payload as EPCIS JSON: those of suppliers who write EPCIS as they came, those of ours
// written in its words.
#pragma once

#include "ledger/store/schema.h"

namespace suyuan::epcis {

struct Rendered {
  std::string json;
  bool for_everyone = true;
};
// REQUIRES: a payload of a trace event. CORRUPT.
Result<Rendered> render(const StoredPayload& payload);

}  // namespace suyuan::epcis
