// The decode step: checks a submission's bytes and sizes, then decodes each payload.
#pragma once

#include "ledger/batch/batch.h"

namespace suyuan {

// Decodes one payload by its type. Errors: those of decode_event or decode_registry.
Result<EventValue> decode_any_payload(PayloadType type, BytesView payload);

// Returns the hash of what an event states without its error declaration: over the value's one
// encoding, whatever the payload's form. All zero for a registry event or one without eventID.
Hash statement_hash(PayloadType type, const EventValue& value, BytesView payload);

// Decodes a submission: sizes first, then the note, then every payload by the note's type. Errors
// name their event; all invalid events are reported, up to limits::kErrorsPerBatchMax.
// Errors: MALFORMED_SUBMISSION, TOO_LARGE, TOO_MANY, UNSUPPORTED_TYPE; those of parse_batch_note,
// decode_event and decode_registry.
Results<DecodedBatch> decode_batch(Submission submission);

// A submission as one flat message (questions.capnp), as the ordered log holds it. Only the note in
// it is signed, so it need not be canonical and may evolve as Cap'n Proto allows.
Bytes encode_submission(const Submission& submission);
// Safe on hostile bytes; bounds as in limits.h.
// Errors: MALFORMED_SUBMISSION, BAD_TEXT, TOO_LARGE, TOO_MANY.
Result<Submission> decode_submission(BytesView flat);

}  // namespace suyuan
