// Events as EPCIS 2.0 JSON: what queries answer with (docs/epcis.md, Writing).
#pragma once

#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Any event as one EPCIS event with its @context; what EPCIS has no form for stands under names of
// the ledger ("suyuan:..."). decode_epcis reads the same event from it. `record_time_ms`: when the
// ledger took it.
// REQUIRES: an event in which faults_of finds nothing.
std::string write_epcis(const TraceEvent& event, std::optional<int64_t> record_time_ms = {});

// A payload of type application/ld+json as it was signed, but for recordTime, which is set to this
// one. So numbers, texts, names and their order are the sender's; white space is not kept. Errors
// of parse_json.
Result<std::string> with_record_time(BytesView payload, int64_t record_time_ms);

}  // namespace suyuan
