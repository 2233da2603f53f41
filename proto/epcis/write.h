// Writes events as EPCIS 2.0 JSON, as queries return them (docs/epcis.md, Writing).
#pragma once

#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Writes any event as one EPCIS event with its @context. What EPCIS cannot express has names of the
// ledger ("suyuan:..."). decode_epcis reads the same event from it. `record_time_ms`: when the
// ledger accepted it. Requires: faults_of finds nothing in the event.
std::string write_epcis(const TraceEvent& event, std::optional<int64_t> record_time_ms = {});

// Returns a payload of type application/ld+json as it was signed, except that recordTime is set.
// Numbers, texts, names and their order are the sender's; white space is not kept.
// Errors: those of parse_json.
Result<std::string> with_record_time(BytesView payload, int64_t record_time_ms);

}  // namespace suyuan
