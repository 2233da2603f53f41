// Proofs that what is published now begins with what was published before.
#pragma once

#include "node/pipeline/published.h"
#include "proto/answers.h"

namespace suyuan {

// The checkpoint, and the proof from `old_size`; without a path where that is 0, or not below the
// checkpoint's own size: then the asker has seen more than this node shows, and knows it.
Result<CheckpointProof> answer_checkpoint(const Published& published, uint64_t old_size);
// BAD_REQUEST: not from <= to <= the published size.
Result<std::vector<Hash>> answer_consistency(const Published& published, uint64_t from,
                                             uint64_t to);

}  // namespace suyuan
