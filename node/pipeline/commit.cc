// The second half of a group's way: commit -> prove -> answer, beside the judging of the next.
#include "node/ops/stopwatch.h"
#include "node/pipeline/pipeline.h"

namespace suyuan {

// Steps 5 and 6. The rows stay as they are: the next group may be judged upon them.
Result<Done> Pipeline::finish(Judged& judged) {
  auto& [group, applied, note, rows] = judged;
  if (applied.grown) {
    SUYUAN_TRY_DONE(commit_grown(group, applied));
    parts_.metrics.groups_committed.Increment();
    parts_.metrics.group_batches.Observe(static_cast<double>(group.proposals.size()));
  }
  const GroupReceipts receipts(tree_, applied, std::move(note));
  answer(receipts, group.proposals, std::move(applied.verdicts));
  group.proposals.clear();
  return parts_.map.is_full() ? fold() : Result<Done>(Done{});
}

// Of a group that added leaves. Where it fails, nobody is told that it is in the ledger.
Result<Done> Pipeline::commit_grown(OrderedGroup& group, const Applied& applied) {
  if (const auto committed = commit(applied); !committed) {
    on_dropped(std::move(group.proposals), after_order(committed.error()));
    return committed;
  }
  parts_.metrics.log_leaves.Set(static_cast<double>(applied.head.leaves));
  parts_.map.mark(applied.changes);
  parts_.map.fold_ahead(parts_.store);
  tree_.grow(applied.head.leaves);
  if (parts_.on_grown) parts_.on_grown(applied.head);
  return Done{};
}

// What is not marked is not acknowledged.
Result<Done> Pipeline::commit(const Applied& applied) const {
  const Stopwatch committing;
  auto committed = parts_.store.commit(applied.changes);
  parts_.metrics.commit_seconds.Observe(committing.seconds());
  if (!committed || !parts_.on_committed) return committed;
  auto marked = parts_.on_committed({.size = applied.head.leaves, .root = applied.root});
  if (!marked) marked.error().message += ". What came last is in the ledger all the same";
  return marked;
}

void Pipeline::answer(const GroupReceipts& receipts, const Proposals& proposals,
                      std::vector<Verdict> verdicts) {
  SUYUAN_CHECK(verdicts.size() == proposals.size());
  for (size_t i = 0; i < proposals.size(); ++i) {
    const auto& proposal = as<BatchProposal>(*proposals[i]);
    if (!proposal.done) {
      count_foreign(verdicts[i], proposal.batch());
      continue;
    }
    proposal.done(prove(receipts, proposal.batch(), std::move(verdicts[i])));
  }
}

// Step 6. The tree only grows, so a path to a size that is committed can be read at any later time.
Results<BatchReceipt> Pipeline::prove(const GroupReceipts& receipts, const VerifiedBatch& batch,
                                      Verdict verdict) const {
  if (auto* refused = std::get_if<Refused>(&verdict)) {
    if (refused->errors.front().code == Code::BUSY)
      parts_.metrics.batches_busy.Increment();
    else
      count_refusal(refused->errors);
    return Unexpected(std::move(refused->errors));
  }
  auto receipt = repeated_or(
      verdict, [&] { return receipts.of(batch, std::get<Accepted>(std::move(verdict))); });
  if (!receipt) return receipt;
  (receipt->repeated ? parts_.metrics.batches_repeated : parts_.metrics.batches_accepted)
      .Increment();
  if (!receipt->repeated)
    parts_.metrics.events_accepted.Increment(static_cast<double>(batch.events().size()));
  return receipt;
}

// What another node took is counted too, where it became part of the ledger.
void Pipeline::count_foreign(const Verdict& verdict, const VerifiedBatch& batch) const {
  if (!std::holds_alternative<Accepted>(verdict)) return;
  parts_.metrics.batches_accepted.Increment();
  parts_.metrics.events_accepted.Increment(static_cast<double>(batch.events().size()));
}

std::string Pipeline::add_commit_rows(const OrderedGroup& group, Applied& applied) const {
  applied.changes.push_back(parts_.signer.receipt_row(applied.head, applied.root));
  std::string note = *applied.changes.back().value;
  note_place(group, applied.changes);
  return note;
}

// In a log that nodes share the batch stands, whatever became of it here.
Error Pipeline::after_order(Error fault) const {
  if (!parts_.order.capabilities().shared) return fault;
  fault.message += ". The batch is in the ordered log all the same: send it again to another node, "
                   "it is taken once";
  return fault;
}

Result<Done> Pipeline::fold() {
  const Stopwatch folding;
  auto folded = parts_.map.fold(parts_.store.latest());
  parts_.metrics.seal_fold_seconds.Observe(folding.seconds());
  if (!folded) report_fault(folded.error());
  return folded;
}

}  // namespace suyuan
