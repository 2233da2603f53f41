// Apply: the state machine. A pure function of (state, position, log time, batches), with the same
// result on every node.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "ledger/batch/batch.h"
#include "ledger/store/schema.h"

namespace suyuan {

// One group from the order, at one position.
struct Group {
  uint64_t position = 0;
  int64_t time_ms = 0;  // proposed; log time is max(this, time of the leaf before)
  std::vector<const VerifiedBatch*> batches;
};

struct Accepted { uint64_t leaf; std::vector<Finding> findings; };
// The batch was accepted before. The receipt of that time answers it.
struct Repeated {
  uint64_t leaf;
  uint64_t receipt_size;
  // The events of that leaf that came again in another batch, ascending. Unset: the same batch came
  // again, so all did.
  std::optional<std::vector<uint32_t>> events = {};
};
struct Refused { Errors errors; };
using Verdict = std::variant<Accepted, Repeated, Refused>;

struct Applied {
  Changes changes;      // every row of the group, with the head and its position; one WriteBatch
  LedgerHead head;      // after the group
  Hash root;            // root of the tree of head.leaves leaves
  bool grown = false;   // at least one leaf was added, so a receipt is due
  std::vector<Verdict> verdicts;  // one for each batch, in order
};

// Returns the first state, with leaf 0. `time_ms` becomes the log time of genesis.
Result<Applied> apply_genesis(std::string_view genesis_text, int64_t time_ms);
// Applies a group. Each batch is judged on the state after the batches before it, as a whole: a
// refused batch leaves no trace.
// Errors (not verdicts): IO, CORRUPT. Nothing of the group may then be committed.
Result<Applied> apply(const Reader& state, const Group& group);

Result<LedgerHead> read_head(const Reader& reader);  // Errors: NOT_FOUND (no ledger here yet)

}  // namespace suyuan
