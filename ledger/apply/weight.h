// How much of a group a batch fills: groups are closed by it, so that what one commit writes has a
// bound whatever its batches state.
#pragma once

#include "ledger/batch/batch.h"

namespace suyuan {

// Note, payloads, records and sections, as they are sent.
size_t sent_bytes(const VerifiedBatch& batch);

// In bytes as sent: the batch's own, and limits::kPairWeight for each pair of codes that it may
// relate (every input with every output, every document with every code there). An upper bound:
// apply takes at most kPairsPerBatchMax pairs. At most kBatchBytesMax + kGroupBytesMax.
size_t weight_of(const VerifiedBatch& batch);

}  // namespace suyuan
