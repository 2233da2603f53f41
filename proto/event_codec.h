// TraceEvent as a signed payload: canonical Cap'n Proto, one encoding for each value (event.capnp).
#pragma once

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Decodes a payload. Safe on hostile bytes. The result encodes to the same bytes again. Checks the
// form only; faults_of checks the content.
// Errors: MALFORMED_EVENT, NOT_CANONICAL, BAD_TEXT, TOO_LARGE, TOO_MANY, MISSING_FIELD,
// INVALID_FIELD.
Result<TraceEvent> decode_event(BytesView payload);

// Requires: lists and texts within ledger/base/limits.h, as faults_of checks them.
Bytes encode_event(const TraceEvent& event);

}  // namespace suyuan
