// Proofs that what is published now begins with what was published earlier.
#pragma once

#include "node/pipeline/published.h"
#include "proto/answers.h"

namespace suyuan {

// The checkpoint, and the proof from `old_size`. The path is empty if that is 0, or not below the
// checkpoint's own size: then the requester has seen more than this node shows, and knows it.
Result<CheckpointProof> answer_checkpoint(const Published& published, uint64_t old_size);
// Errors: BAD_REQUEST (not from <= to <= the published size).
Result<std::vector<Hash>> answer_consistency(const Published& published, uint64_t from,
                                             uint64_t to);

}  // namespace suyuan
