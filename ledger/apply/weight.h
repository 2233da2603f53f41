// How much of a group a batch fills: groups are closed by it, so that what one commit writes has a
// bound whatever its batches state. Nodes of a shared log leave out what goes beyond. So a change
// of any weight or of these limits needs another kJudgingVersion (node/pipeline/pipeline.h).
#pragma once

#include "ledger/batch/batch.h"

namespace suyuan {

// Note, payloads, records and sections, as they are sent.
size_t sent_bytes(const VerifiedBatch& batch);

// In bytes as sent: the batch's own, and limits::kPairWeight for each pair of codes that its events
// relate (pairs.h), of at most kPairsPerBatchMax: apply takes no more. At most kBatchBytesMax +
// kGroupBytesMax.
size_t weight_of(const VerifiedBatch& batch);

}  // namespace suyuan
