// Where the shared log ended when the node started, and what the store must have once it is there:
// everything that this node acknowledged, and everything that its witnesses cosigned.
#pragma once

#include <optional>

#include "node/folder/restored_mark.h"
#include "node/ops/acknowledged.h"

namespace suyuan {

struct LogEnd {
  uint64_t position = 0;
  WitnessedSize witnessed = {};
};

// Checks until the store is there, and then no more: from then on a restored folder is no longer
// one. `leaves`: what the store has of the log up to that end. Errors: ROLLED_BACK (the log ends
// earlier).
Result<Done> check_caught_up(std::optional<LogEnd>& end, const Acknowledged& mark,
                             const DataFolder& data, uint64_t position, uint64_t leaves);

// After a commit, before any of it is acknowledged: compares the store, which had `before` leaves,
// with the log's end, and raises the mark. Errors of both.
Result<Done> mark_committed(std::optional<LogEnd>& end, Acknowledged& mark, const DataFolder& data,
                            const Reader& store, const TreeHead& tree, uint64_t before);

}  // namespace suyuan
