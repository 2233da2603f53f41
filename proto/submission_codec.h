// The decode step: a submission's bytes and sizes, then each payload's value.
#pragma once

#include "ledger/batch/batch.h"

namespace suyuan {

// One payload by its type: decode_event or decode_registry, with their errors.
Result<EventValue> decode_any_payload(PayloadType type, BytesView payload);

// What an event states without its error declaration, as a hash of the value's one encoding,
// whatever form the payload has. All zero: a registry event, or one without eventID.
Hash statement_hash(PayloadType type, const EventValue& value, BytesView payload);

// Sizes first, then the note, then every payload by the note's type. Errors name their event; all
// faulty events are reported, up to limits::kErrorsPerBatchMax.
// Errors: MALFORMED_SUBMISSION, TOO_LARGE, TOO_MANY, UNSUPPORTED_TYPE; those of parse_batch_note,
// decode_event and decode_registry.
Results<DecodedBatch> decode_batch(Submission submission);

// A submission as one flat message (questions.capnp), as the ordered log holds it. Nothing of it is
// signed but the note; so it need not be canonical, and grows as Cap'n Proto grows.
Bytes encode_submission(const Submission& submission);
// Total on hostile bytes; bounds as in limits.h. MALFORMED_SUBMISSION, BAD_TEXT, TOO_LARGE,
// TOO_MANY.
Result<Submission> decode_submission(BytesView flat);

}  // namespace suyuan
