// One EPCIS 2.0 event as a payload of type application/ld+json (docs/epcis.md, Payload). Its bytes
// decode to the same value as a Cap'n Proto payload. Nothing is ever fetched.
#pragma once

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

inline constexpr size_t kEpcisDepthMax = 32;  // the event's object is depth 1

// Decodes a payload, as every verifier must: I-JSON, the context, the structure of EPCIS 2.0, the
// rules that its schema cannot express, identifiers and vocabulary. The result has canonical codes
// and bare CBV words. Safe on hostile bytes.
// Errors: MALFORMED_EVENT, BAD_TEXT, TOO_LARGE, TOO_MANY, MISSING_FIELD, INVALID_FIELD, CODE_*. The
// field is a JSON pointer (RFC 6901); "" is the event itself.
Result<TraceEvent> decode_epcis(BytesView payload);
// As above, but returns all faults, including those of faults_of: what a ledger requires of an
// event before it accepts it. At most limits::kErrorsPerBatchMax.
Results<TraceEvent> check_epcis(BytesView payload);

// Converts a field name of the ledger's refusals ("objects[3].code") to a JSON pointer into the
// payload that the value came from ("/epcList/3").
std::string epcis_pointer(BytesView payload, std::string_view field);

}  // namespace suyuan
