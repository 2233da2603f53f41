// Where the shared log ended when the node started, and what the store must have once it is there:
// all that this node acknowledged, and all that its witnesses cosigned.
#pragma once

#include <optional>

#include "node/folder/restored_mark.h"
#include "node/ops/acknowledged.h"

namespace suyuan {

struct LogEnd {
  uint64_t position = 0;
  WitnessedSize witnessed = {};
};

// Until the store is there, and then no more: a folder that was restored is no more so from then
// on. `leaves`: what the store has of the log up to that end. ROLLED_BACK: the log ends before.
Result<Done> check_caught_up(std::optional<LogEnd>& end, const Acknowledged& mark,
                             const DataFolder& data, uint64_t position, uint64_t leaves);

// After a commit, before any of it is acknowledged: the store, which held `before` leaves, is held
// against the log's end, and the mark rises. Errors of both.
Result<Done> mark_committed(std::optional<LogEnd>& end, Acknowledged& mark, const DataFolder& data,
                            const Reader& store, const TreeHead& tree, uint64_t before);

}  // namespace suyuan
