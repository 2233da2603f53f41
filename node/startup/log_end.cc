#include "node/startup/log_end.h"

#include <spdlog/spdlog.h>

#include "ledger/apply/apply.h"

namespace suyuan {

Result<Done> check_caught_up(std::optional<LogEnd>& end, const Acknowledged& mark,
                             const DataFolder& data, uint64_t position, uint64_t leaves) {
  if (!end || position < end->position) return Done{};
  SUYUAN_TRY_DONE(mark.check_reached(leaves));
  SUYUAN_TRY_DONE(check_reached(end->witnessed, leaves));
  const bool all_answered = end->witnessed.all_answered;
  end.reset();
  if (!all_answered) return Done{};  // a restored folder stays so until they have
  const auto ended = end_restored_mark(data);
  if (!ended) spdlog::error("{}", to_text(ended.error()));
  return Done{};
}

// Runs before the mark rises: leaves after the observed end are not part of what must be there.
// That holds even if nothing was committed at the end itself (a group that changes nothing).
Result<Done> mark_committed(std::optional<LogEnd>& end, Acknowledged& mark, const DataFolder& data,
                            const Reader& store, const TreeHead& tree, uint64_t before) {
  if (end) {
    SUYUAN_TRY(head, read_head(store));
    const uint64_t leaves = head.position > end->position ? before : tree.size;
    SUYUAN_TRY_DONE(check_caught_up(end, mark, data, head.position, leaves));
  }
  return mark.raise(tree, store);
}

}  // namespace suyuan
