// Renders a stored payload as EPCIS JSON. Payloads that came as EPCIS stay as they came; those in
// the ledger's own encoding are written in EPCIS terms.
#pragma once

#include "ledger/store/schema.h"

namespace suyuan::epcis {

struct Rendered {
  std::string json;
  bool for_everyone = true;
};
// Errors: CORRUPT.
// Requires: a payload of a trace event.
Result<Rendered> render(const StoredPayload& payload);

}  // namespace suyuan::epcis
