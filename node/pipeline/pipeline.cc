#include "node/pipeline/pipeline.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <span>

#include "ledger/base/limits.h"
#include "ledger/store/pending.h"
#include "node/ops/stopwatch.h"
#include "node/pipeline/order_place.h"

namespace suyuan {
namespace {

// Apply runs ahead of the commit only when what is queued weighs at least 1/8 of a full group. With
// less, running ahead makes smaller groups and more syncs, which costs more than it saves.
constexpr size_t kAheadShare = 8;

// Larger than normal clock skew, smaller than what events may be ahead.
constexpr int64_t kLogTimeBehindMsMax = 2 * 60 * 1000;
static_assert(kLogTimeBehindMsMax < limits::kEventTimeAheadMsMax);

// Leaves out the first batch that takes the group past the weight at which every node closes its
// own, and all behind it (formats.md 11). Only a node that lies orders them, and all nodes leave
// out the same. Otherwise the rows of one group, which are written at once, would have no bound.
void drop_excess(Proposals& proposals) {
  size_t weight = 0;
  for (size_t i = 0; i < proposals.size(); ++i) {
    weight += proposals[i]->weight();
    if (i == 0 || weight <= limits::kGroupBytesMax) continue;
    spdlog::warn("the last {} batches of a group that another node ordered are left out: the "
                 "group weighs more than a node may order together",
                 proposals.size() - i);
    const auto excess = std::span(proposals).subspan(i);
    SUYUAN_CHECK(std::ranges::none_of(
        excess, [](const auto& one) { return bool{as<BatchProposal>(*one).done}; }));
    proposals.resize(i);
    return;
  }
}

}  // namespace

Pipeline::Pipeline(PipelineParts parts, MapKeeper& map, Callbacks callbacks, Options options)
    : parts_(parts),
      map_(map),
      callbacks_(std::move(callbacks)),
      options_(options),
      intake_(parts_, fault_,
              {.admit = callbacks_.admit,
               .reserved_bytes_max = options_.reserved_bytes_max,
               .is_behind = [this] { return !parts_.order.has_followed(options_.log_end); },
               .acknowledged = [this] { return acknowledged(); }}),
      tree_rows_(parts_.store.latest()),
      tree_(tree_rows_) {}

Result<Done> Pipeline::start() {
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  last_seal_ = head.seal;
  acknowledged_ = head.leaves;
  OrderPlace after{.position = head.position};
  if (parts_.order.capabilities().shared) {
    SUYUAN_TRY(place, read_order_place(parts_.store.latest()));
    SUYUAN_CHECK(place);  // the folder was opened as a shared log's
    after = *place;
  }
  parts_.order.follow(after, *this);
  return Done{};
}

void Pipeline::submit(Submission submission, SubmitDone done) {
  std::vector<Submitted> one;
  one.push_back({.submission = std::move(submission), .done = std::move(done)});
  submit(std::move(one));
}

// On the log's thread.
Result<std::unique_ptr<Proposal>> Pipeline::decode_proposal(BytesView bytes) const {
  return suyuan::decode_proposal(bytes, parts_.signer.ledger(), parts_.store.latest());
}

// Sequencer thread. Every group of the log enters here.
Result<Done> Pipeline::on_group(OrderedGroup group) {
  const ProposalKind kind = kind_of(*group.proposals.front());
  if (kind == ProposalKind::batch) return on_batches(std::move(group));
  SUYUAN_TRY_DONE(finish_previous(group.proposals));
  return kind == ProposalKind::seal ? on_seal(group) : on_notice(std::move(group));
}

// Apply, then commit, prove and reply: here, or on the commit thread while the next group is
// applied. Nothing is promised to anyone before commit() has returned: that is the commit point.
// After an earlier crash no sender has an answer, and each sends again. After a later crash the
// batch is known, and the same batch gets the same receipt.
Result<Done> Pipeline::on_batches(OrderedGroup group) {
  SUYUAN_TRY(proposals, drop_unverifiable(std::move(group.proposals)));
  drop_excess(proposals);
  if (proposals.empty()) return Done{};
  group.proposals = std::move(proposals);
  auto applied = apply_group(group);
  // This group was applied on the previous group's rows. If they fail, so does this one.
  SUYUAN_TRY_DONE(finish_previous(group.proposals));
  if (!applied) {
    on_dropped(std::move(group.proposals), after_order(applied.error()));
    return Unexpected(std::move(applied).error());
  }
  busy_if_log_clock_stalled(applied->verdicts, std::max(group.time_ms, applied->head.time_ms));
  auto ready = std::make_shared<AppliedGroup>(AppliedGroup{
      .group = std::move(group), .applied = *std::move(applied), .receipt_note = {}});
  ready->apply_rows = ready->applied.changes.size();
  if (ready->applied.grown) ready->receipt_note = add_commit_rows(ready->group, ready->applied);
  if (!should_overlap()) return commit_and_reply(*ready);
  if (ready->applied.grown) committing_ = ready;
  commit_thread_.start([this, ready = std::move(ready)] { return commit_and_reply(*ready); });
  return Done{};
}

// Verify, for batches that this node did not take in itself. A batch that does not verify can only
// come from a node that does not check what it orders; all nodes leave out the same ones.
Result<Proposals> Pipeline::drop_unverifiable(Proposals proposals) const {
  Proposals kept;
  kept.reserve(proposals.size());
  for (auto& proposal : proposals) {
    SUYUAN_TRY(verified, verify_at_position(as<BatchProposal>(*proposal)));
    if (verified) kept.push_back(std::move(proposal));
  }
  return kept;
}

// Verifies on the state at the group's position, which is the same on every node. Returns false if
// it does not verify.
Result<bool> Pipeline::verify_at_position(BatchProposal& proposal) const {
  if (proposal.is_verified()) return true;
  auto verified = proposal.verify(parts_.signer.ledger(), parts_.store.latest());
  if (verified) return true;
  for (Error& error : verified.error()) {
    if (!info(error.code).refusal) return Unexpected(std::move(error));
  }
  spdlog::warn("a batch that another node ordered does not verify, and is left out: {}",
               to_text(verified.error().front()));
  return false;
}

// Apply, on the state that the previous group leaves. That state may still be on its way to the
// store.
Result<Applied> Pipeline::apply_group(const OrderedGroup& group) const {
  Group input{.position = group.position, .time_ms = group.time_ms, .batches = {}};
  for (const auto& proposal : group.proposals)
    input.batches.push_back(&as<BatchProposal>(*proposal).batch());
  const Stopwatch applying;
  const Reader& latest = parts_.store.latest();
  const auto pending = [&] {
    const std::span rows(committing_->applied.changes);
    return Pending(rows.first(committing_->apply_rows), latest);
  };
  auto applied = committing_ ? apply(pending(), input) : apply(latest, input);
  parts_.metrics.apply_seconds.Observe(applying.seconds());
  return applied;
}

// Log time stops when a majority of nodes is unreachable (docs/cluster.md, Clocks). New events then
// look too far in the future. That is not the sender's fault, so answer BUSY instead of
// EVENT_TIME_AHEAD.
void Pipeline::busy_if_log_clock_stalled(std::vector<Verdict>& verdicts,
                                         int64_t log_time_ms) const {
  const int64_t behind = callbacks_.behind ? callbacks_.behind(log_time_ms) : 0;
  if (behind <= kLogTimeBehindMsMax) return;
  for (Verdict& verdict : verdicts) {
    auto* refused = std::get_if<Refused>(&verdict);
    if (refused == nullptr) continue;
    const bool is_early = std::ranges::all_of(refused->errors, [](const Error& error) {
      return error.code == Code::EVENT_TIME_AHEAD;
    });
    if (!is_early) continue;
    refused->errors =
        Errors{{.code = Code::BUSY,
                .message = "log time is " + std::to_string(behind / 1000) +
                           " s behind this node's clock, because too few of the ledger's nodes are "
                           "heard: what happened since must wait; send it again later"}};
  }
}

// Waits until the previous group is in the store. If it failed, the waiting group fails with it.
Result<Done> Pipeline::finish_previous(Proposals& waiting) {
  auto finished = commit_thread_.wait();
  committing_.reset();
  if (finished) return finished;
  on_dropped(std::move(waiting),
             {.code = Code::READ_ONLY,
              .message = "the previous group was not completed, so nothing more is "
                         "accepted until a restart (" + to_text(finished.error()) + ")"});
  return finished;
}

bool Pipeline::should_overlap() const {
  const OrderCapabilities engine = parts_.order.capabilities();
  return options_.overlaps_commit && !engine.shared &&
         parts_.order.load().weight >= engine.max_entry_bytes / kAheadShare;
}

// Adds the rows that go into the store with the group. Returns the note of its receipt.
std::string Pipeline::add_commit_rows(const OrderedGroup& group, Applied& applied) const {
  applied.changes.push_back(parts_.signer.receipt_row(applied.head, applied.root));
  std::string note = *applied.changes.back().value;
  add_position_row(group, applied.changes);
  return note;
}

void Pipeline::add_position_row(const OrderedGroup& group, Changes& changes) const {
  if (!parts_.order.capabilities().shared) return;
  changes.push_back(order_place_row({.position = group.position, .mark = group.mark}));
}

// On the commit thread, or on the sequencer's. The rows stay as they are: the next group may be
// applied on them at the same time.
Result<Done> Pipeline::commit_and_reply(AppliedGroup& applied_group) {
  auto& [group, applied, receipt_note, apply_rows] = applied_group;
  if (applied.grown) {
    SUYUAN_TRY_DONE(commit_grown(group, applied));
    parts_.metrics.groups_committed.Increment();
    parts_.metrics.group_batches.Observe(static_cast<double>(group.proposals.size()));
  }
  const GroupReceipts receipts(tree_, applied, std::move(receipt_note));
  reply(receipts, group.proposals, std::move(applied.verdicts));
  group.proposals.clear();
  return map_.is_full() ? fold() : Result<Done>(Done{});
}

// Commits a group that added leaves. On an error nobody is told that it is in the ledger.
Result<Done> Pipeline::commit_grown(OrderedGroup& group, const Applied& applied) {
  if (const auto committed = commit(applied); !committed) {
    on_dropped(std::move(group.proposals), after_order(committed.error()));
    return committed;
  }
  parts_.metrics.log_leaves.Set(static_cast<double>(applied.head.leaves));
  map_.mark(applied.changes);
  map_.fold_ahead(parts_.store);
  tree_.grow(applied.head.leaves);
  if (callbacks_.on_grown) callbacks_.on_grown(applied.head);
  return Done{};
}

// Commit. The mark of what is acknowledged is written before any receipt leaves the node, also to
// those who ask for it: from the commit on they can read the rows.
Result<Done> Pipeline::commit(const Applied& applied) {
  const Stopwatch committing;
  auto committed = parts_.store.commit(applied.changes);
  parts_.metrics.commit_seconds.Observe(committing.seconds());
  if (!committed) return committed;
  if (callbacks_.on_committed) {
    auto marked = callbacks_.on_committed({.size = applied.head.leaves, .root = applied.root});
    if (!marked) {
      marked.error().message += ". What came last is in the ledger all the same";
      return marked;
    }
  }
  acknowledged_ = applied.head.leaves;
  return Done{};
}

void Pipeline::reply(const GroupReceipts& receipts, const Proposals& proposals,
                     std::vector<Verdict> verdicts) {
  SUYUAN_CHECK(verdicts.size() == proposals.size());
  for (size_t i = 0; i < proposals.size(); ++i) {
    const auto& proposal = as<BatchProposal>(*proposals[i]);
    if (!proposal.done) {
      count_accepted_elsewhere(verdicts[i], proposal.batch());
      continue;
    }
    proposal.done(prove(receipts, proposal.batch(), std::move(verdicts[i])));
  }
}

// Prove. The tree only grows, so a path to a committed size can be read at any later time.
Results<BatchReceipt> Pipeline::prove(const GroupReceipts& receipts, const VerifiedBatch& batch,
                                      Verdict verdict) const {
  if (auto* refused = std::get_if<Refused>(&verdict)) {
    if (refused->errors.front().code == Code::BUSY)
      parts_.metrics.batches_busy.Increment();
    else
      parts_.metrics.batch_refused(refused->errors);
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

// A batch that another node took in is counted too when it becomes part of the ledger.
void Pipeline::count_accepted_elsewhere(const Verdict& verdict, const VerifiedBatch& batch) const {
  if (!std::holds_alternative<Accepted>(verdict)) return;
  parts_.metrics.batches_accepted.Increment();
  parts_.metrics.events_accepted.Increment(static_cast<double>(batch.events().size()));
}

// On any thread.
void Pipeline::on_dropped(Proposals proposals, const Error& reason) {
  const bool goes_on = reason.code == Code::STOPPING || reason.code == Code::BUSY ||
                       reason.code == Code::TOO_LARGE;
  if (!goes_on) report_fault(reason);
  for (const auto& proposal : proposals) {
    switch (kind_of(*proposal)) {
      case ProposalKind::seal:
        if (callbacks_.on_seal_lost) callbacks_.on_seal_lost();
        break;
      case ProposalKind::notice:
        if (const auto& done = as<NoticeProposal>(*proposal).done) done(Unexpected(Errors{reason}));
        break;
      case ProposalKind::batch: {
        const auto& done = as<BatchProposal>(*proposal).done;
        if (!done) break;
        if (reason.code == Code::BUSY) parts_.metrics.batches_busy.Increment();
        done(Unexpected(Errors{reason}));
        break;
      }
    }
  }
}

void Pipeline::on_end() {
  (void)commit_thread_.wait();  // whoever waited for it was told of the error
  committing_.reset();
}

// In a shared log the batch stays ordered, whatever happened to it here.
Error Pipeline::after_order(Error fault) const {
  if (!parts_.order.capabilities().shared) return fault;
  fault.message += ". The batch is in the ordered log all the same: send it again to another node, "
                   "it is taken once";
  return fault;
}

void Pipeline::report_fault(const Error& fault) {
  if (!fault_.keep(fault)) return;
  parts_.metrics.read_only.Set(1);
  spdlog::error("read-only until the restart: {}", to_text(fault));
  if (fault.code == Code::KEY_NOT_IN_FORCE && callbacks_.on_end) callbacks_.on_end(fault);
}

}  // namespace suyuan
