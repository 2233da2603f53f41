// The steps of a seal: order -> fold -> apply -> commit. The publisher continues from there.
#include "ledger/apply/seal.h"
#include "node/ops/stopwatch.h"
#include "node/pipeline/pipeline.h"

namespace suyuan {

Result<Done> Pipeline::order_seal() {
  std::unique_ptr<Proposal> proposal = std::make_unique<SealProposal>(last_seal_);
  return parts_.order.append(proposal);
}

// Sequencer thread. The map is only in memory. After a crash before the commit there is no seal,
// and the next start rebuilds the map from the rows. After a crash later, the next start publishes
// this seal.
Result<Done> Pipeline::on_seal(const OrderedGroup& group) {
  SUYUAN_CHECK(group.proposals.size() == 1);
  // Another node's seal came first, and its checkpoint covers what this one was for.
  if (as<SealProposal>(*group.proposals.front()).previous() != last_seal_) return Done{};
  SUYUAN_TRY_DONE(fold());
  const Hash map = map_.map().root();
  auto applied = apply_seal(parts_.store.latest(), group.position, group.time_ms, map);
  if (!applied) {
    report_fault(applied.error());
    return Unexpected(std::move(applied).error());
  }
  add_position_row(group, applied->changes);
  if (const auto committed = commit(*applied); !committed) {
    report_fault(committed.error());
    return committed;
  }
  last_seal_ = applied->head.seal;
  parts_.metrics.seals.Increment();
  parts_.metrics.log_leaves.Set(static_cast<double>(applied->head.leaves));
  if (callbacks_.on_grown) callbacks_.on_grown(applied->head);
  callbacks_.on_sealed({.head = std::move(applied->head),
                        .root = applied->root,
                        .state = parts_.store.snapshot(),
                        .map = map_.map()});
  return Done{};
}

Result<Done> Pipeline::fold() {
  const Stopwatch folding;
  auto folded = map_.fold(parts_.store.latest());
  parts_.metrics.seal_fold_seconds.Observe(folding.seconds());
  if (!folded) report_fault(folded.error());
  return folded;
}

}  // namespace suyuan
