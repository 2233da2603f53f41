// TraceEvent as a signed payload: canonical Cap'n Proto, one encoding for each value (event.capnp).
#pragma once

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Total on hostile bytes. What it returns encodes to `payload` again, byte for byte. It judges the
// form alone; whether the event makes sense is for faults_of.
// Errors: MALFORMED_EVENT, NOT_CANONICAL, BAD_TEXT, TOO_LARGE, TOO_MANY, MISSING_FIELD,
// INVALID_FIELD.
Result<TraceEvent> decode_event(BytesView payload);

// REQUIRES: lists and texts within ledger/base/limits.h, as faults_of checks them.
Bytes encode_event(const TraceEvent& event);

}  // namespace suyuan
