// One EPCIS 2.0 event as a payload of type application/ld+json (docs/epcis.md, Payload): from its
// bytes to the same value that a Cap'n Proto payload makes. Nothing is ever fetched.
#pragma once

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

inline constexpr size_t kEpcisDepthMax = 32;  // the event's object is depth 1

// Whether the payload decodes, which every verifier judges: I-JSON, the context, the structure of
// EPCIS 2.0, the rules that its schema cannot express, identifiers and vocabulary. What it returns
// has codes in canonical form and the words of CBV bare. Total on hostile bytes.
// Errors: MALFORMED_EVENT, BAD_TEXT, TOO_LARGE, TOO_MANY, MISSING_FIELD, INVALID_FIELD, CODE_*. The
// field is a JSON pointer (RFC 6901); "" is the event itself.
Result<TraceEvent> decode_epcis(BytesView payload);
// The same, with all faults, and with those that faults_of finds in the value: what a ledger asks
// of an event that it is to take. At most limits::kErrorsPerBatchMax.
Results<TraceEvent> check_epcis(BytesView payload);

// A part of the value as the ledger's refusals name it ("objects[3].code"), as a JSON pointer into
// the payload that the value came from ("/epcList/3").
std::string epcis_pointer(BytesView payload, std::string_view field);

}  // namespace suyuan
