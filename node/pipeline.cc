#include "node/pipeline.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/apply/seal.h"
#include "ledger/base/limits.h"
#include "ledger/registry/state.h"
#include "node/ops/stopwatch.h"
#include "node/order_place.h"
#include "node/upkeep/held_order.h"

namespace suyuan {
namespace {

// Of submissions that came together, by one worker one after the other: to hand one over costs a
// good part of what it costs to check it.
constexpr size_t kCheckedTogether = 8;

// More than clocks that are right differ by, and less than what events may be ahead.
constexpr int64_t kLogTimeBehindMsMax = 2 * 60 * 1000;
static_assert(kLogTimeBehindMsMax < limits::kEventTimeAheadMsMax);

Errors one(Error error) { return Errors{std::move(error)}; }

void count_refusal(Metrics& metrics, const Errors& errors) {
  metrics.batches_refused.Increment();
  for (const auto& error : errors) metrics.refused(info(error.code).name);
}

}  // namespace

Result<Done> Pipeline::start() {
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  ledger_ = LedgerId{.origin = head.origin, .genesis = head.genesis};
  last_seal_ = head.seal;
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

void Pipeline::submit(std::vector<Submitted> many) {
  for (size_t first = 0; first < many.size(); first += kCheckedTogether) {
    const size_t end = std::min(many.size(), first + kCheckedTogether);
    auto some = std::make_shared<std::vector<Submitted>>();
    for (size_t i = first; i < end; ++i) some->push_back(std::move(many[i]));
    const bool taken = parts_.workers.post([this, some] {
      for (auto& [submission, done] : *some) decode_and_verify(std::move(submission), done);
    });
    if (taken) continue;
    for (const auto& [submission, done] : *some) {
      parts_.metrics.batches_busy.Increment();
      done(Unexpected(one({.code = Code::BUSY,
                           .message = "too many batches wait to be verified"})));
    }
  }
}

void Pipeline::refuse(const SubmitDone& done, Errors errors) const {
  count_refusal(parts_.metrics, errors);
  done(Unexpected(std::move(errors)));
}

// A fault outside of the order (a watermark that could not be written, say) ends writing too.
bool Pipeline::refuse_read_only(const SubmitDone& done) const {
  auto why = read_only_reason();
  if (why.empty()) return false;
  const bool for_now = why == held_reason(parts_.order);
  if (!for_now) why = "nothing is taken until a restart (" + why + ")";
  done(Unexpected(one({.code = Code::READ_ONLY, .message = std::move(why)})));
  return true;
}

// A filter, as the look at keys is: whoever signs for parties that never asked him would else have
// every node take, keep and refuse what no quota of theirs counts.
Result<Done> Pipeline::check_delegated(const BatchNote& note) const {
  if (note.signer.empty()) return Done{};
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  SUYUAN_TRY(party, find_party(parts_.store.latest(), note.party));
  if (!party) return Done{};
  return check_delegation(*party, note.signer, head.leaves, head.time_ms);
}

// Steps 1 to 3, on a worker. The state is read only to find keys; apply judges again at the batch's
// own place.
void Pipeline::decode_and_verify(Submission submission, const SubmitDone& done) {
  auto decoded = decode_batch(std::move(submission));
  if (!decoded) return refuse(done, std::move(decoded).error());
  if (refuse_read_only(done)) return;
  auto verified = verify(*std::move(decoded), ledger_, parts_.store.latest());
  if (!verified) return refuse(done, std::move(verified).error());
  const auto delegated = check_delegated(verified->note());
  if (!delegated && info(delegated.error().code).refusal) {
    auto before = repeated_receipt(parts_.store.latest(), verified->id());
    if (!before || !*before) return refuse(done, one(delegated.error()));
  }
  if (parts_.admit) {
    if (auto waits = parts_.admit(verified->note())) return refuse(done, one(*std::move(waits)));
  }
  // What is in the ledger already need not be ordered again.
  auto known = repeated_receipt(parts_.store.latest(), verified->id());
  if (!known) return done(Unexpected(one(std::move(known).error())));
  if (*known) {
    parts_.metrics.batches_repeated.Increment();
    return done(**std::move(known));
  }
  std::unique_ptr<Proposal> proposal = std::make_unique<BatchProposal>(*std::move(verified), done);
  auto appended = parts_.order.append(proposal);
  if (appended) return;
  if (appended.error().code == Code::BUSY) parts_.metrics.batches_busy.Increment();
  done(Unexpected(one(std::move(appended).error())));
}

// On the log's thread.
Result<std::unique_ptr<Proposal>> Pipeline::decode_proposal(BytesView bytes) const {
  return suyuan::decode_proposal(bytes, ledger_, parts_.store.latest());
}

// On the state of the group's place, which is that of every node. False: it does not verify.
Result<bool> Pipeline::verify_at_place(BatchProposal& proposal) const {
  if (proposal.is_verified()) return true;
  auto verified = proposal.verify(ledger_, parts_.store.latest());
  if (verified) return true;
  for (Error& error : verified.error()) {
    if (!info(error.code).refusal) return Unexpected(std::move(error));
  }
  spdlog::warn("a batch that another node ordered does not verify, and is left out: {}",
               to_text(verified.error().front()));
  return false;
}

// Those of a group that every node judges. Only of a node that does not check what it orders are
// there others, and all nodes leave out the same.
Result<Proposals> Pipeline::judgeable(Proposals proposals) const {
  Proposals kept;
  kept.reserve(proposals.size());
  for (auto& one : proposals) {
    SUYUAN_TRY(verified, verify_at_place(as<BatchProposal>(*one)));
    if (verified) kept.push_back(std::move(one));
  }
  return kept;
}

void Pipeline::note_place(const OrderedGroup& group, Changes& changes) const {
  if (!parts_.order.capabilities().shared) return;
  changes.push_back(order_place_row({.position = group.position, .mark = group.mark}));
}

// Steps 4 and 5, on the sequencer thread. Nothing is promised to anyone before commit() has
// returned: that is the commit point. If we crash before it, no sender has an answer and sends
// again; if we crash after it, the batch is known and the same batch again gets the same receipt.
Result<Done> Pipeline::on_group(OrderedGroup group) {
  if (dynamic_cast<const NoticeProposal*>(group.proposals.front().get()) != nullptr)
    return on_notice(std::move(group));
  if (group.proposals.front()->alone()) return on_seal(group);
  SUYUAN_TRY(proposals, judgeable(std::move(group.proposals)));
  if (proposals.empty()) return Done{};
  group.proposals = std::move(proposals);
  Group input{.position = group.position, .time_ms = group.time_ms, .batches = {}};
  for (const auto& proposal : group.proposals)
    input.batches.push_back(&as<BatchProposal>(*proposal).batch());

  const Stopwatch applying;
  auto applied = apply(parts_.store.latest(), input);
  parts_.metrics.apply_seconds.Observe(applying.seconds());
  if (!applied) {
    on_dropped(std::move(group.proposals), after_order(applied.error()));
    return Unexpected(std::move(applied).error());
  }
  std::string note;
  if (applied->grown) {
    SUYUAN_TRY(signed_note, commit_grown(group, *applied));
    note = std::move(signed_note);
    parts_.metrics.groups_committed.Increment();
    parts_.metrics.group_batches.Observe(static_cast<double>(input.batches.size()));
  }
  say_later(applied->verdicts, std::max(group.time_ms, applied->head.time_ms));
  const GroupReceipts receipts(tree_, *applied, std::move(note));
  answer(receipts, group.proposals, std::move(applied->verdicts));
  return parts_.map.is_full() ? fold() : Result<Done>(Done{});
}

// Where too few of the ledger's nodes are heard log time stands still (docs/cluster.md, Clocks),
// and what happens now lies ahead of it. That is no fault of the sender's: it is to come again.
void Pipeline::say_later(std::vector<Verdict>& verdicts, int64_t log_time_ms) const {
  const int64_t behind = parts_.behind ? parts_.behind(log_time_ms) : 0;
  if (behind <= kLogTimeBehindMsMax) return;
  for (Verdict& verdict : verdicts) {
    auto* refused = std::get_if<Refused>(&verdict);
    if (refused == nullptr) continue;
    const bool is_early = std::ranges::all_of(refused->errors, [](const Error& error) {
      return error.code == Code::EVENT_TIME_AHEAD;
    });
    if (!is_early) continue;
    refused->errors =
        one({.code = Code::BUSY,
             .message = "log time stands " + std::to_string(behind / 1000) +
                        " s behind this node's clock, as too few of the ledger's nodes are heard: "
                        "what happened since waits; send it again later"});
  }
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

// Of a group that added leaves. Where it fails, nobody is told that it is in the ledger.
Result<std::string> Pipeline::commit_grown(OrderedGroup& group, Applied& applied) {
  applied.changes.push_back(parts_.signer.receipt_row(applied.head, applied.root));
  std::string note = *applied.changes.back().value;
  note_place(group, applied.changes);
  if (const auto committed = commit(applied); !committed) {
    on_dropped(std::move(group.proposals), after_order(committed.error()));
    return Unexpected(committed.error());
  }
  parts_.metrics.log_leaves.Set(static_cast<double>(applied.head.leaves));
  parts_.map.mark(applied.changes);
  parts_.map.fold_ahead(parts_.store);
  tree_.grow(applied.head.leaves);
  if (parts_.on_grown) parts_.on_grown(applied.head);
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

// On the sequencer thread. The map is in memory alone: if we crash before the commit there is no
// seal, and the next start makes the map again from the rows; if we crash after it, the next start
// publishes this seal (Publisher::take).
Result<Done> Pipeline::on_seal(const OrderedGroup& group) {
  SUYUAN_CHECK(group.proposals.size() == 1);
  // Another node's came first, and its checkpoint covers what this one was for.
  if (as<SealProposal>(*group.proposals.front()).previous() != last_seal_) return Done{};
  SUYUAN_TRY_DONE(fold());
  const Hash map = parts_.map.map().root();
  auto applied = apply_seal(parts_.store.latest(), group.position, group.time_ms, map);
  if (!applied) {
    report_fault(applied.error());
    return Unexpected(std::move(applied).error());
  }
  note_place(group, applied->changes);
  if (const auto committed = commit(*applied); !committed) {
    report_fault(committed.error());
    return committed;
  }
  last_seal_ = applied->head.seal;
  parts_.metrics.seals.Increment();
  parts_.metrics.log_leaves.Set(static_cast<double>(applied->head.leaves));
  if (parts_.on_grown) parts_.on_grown(applied->head);
  parts_.on_sealed({.head = std::move(applied->head),
                    .root = applied->root,
                    .state = parts_.store.snapshot(),
                    .map = parts_.map.map()});
  return Done{};
}

Result<Done> Pipeline::order_seal() {
  std::unique_ptr<Proposal> proposal = std::make_unique<SealProposal>(last_seal_);
  return parts_.order.append(proposal);
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
      count_refusal(parts_.metrics, refused->errors);
    return Unexpected(std::move(refused->errors));
  }
  const auto* repeated = std::get_if<Repeated>(&verdict);
  auto receipt =
      repeated != nullptr
          ? receipt_of(parts_.store.latest(),
                       {.leaf = repeated->leaf, .receipt_size = repeated->receipt_size})
          : receipts.of(batch, std::get<Accepted>(std::move(verdict)));
  if (!receipt) return Unexpected(one(std::move(receipt).error()));
  receipt->repeated = repeated != nullptr;
  (repeated != nullptr ? parts_.metrics.batches_repeated : parts_.metrics.batches_accepted)
      .Increment();
  if (repeated == nullptr)
    parts_.metrics.events_accepted.Increment(static_cast<double>(batch.events().size()));
  return *std::move(receipt);
}

// What another node took is counted too, where it became part of the ledger.
void Pipeline::count_foreign(const Verdict& verdict, const VerifiedBatch& batch) const {
  if (!std::holds_alternative<Accepted>(verdict)) return;
  parts_.metrics.batches_accepted.Increment();
  parts_.metrics.events_accepted.Increment(static_cast<double>(batch.events().size()));
}

void Pipeline::on_dropped(Proposals proposals, const Error& reason) {
  const bool goes_on = reason.code == Code::STOPPING || reason.code == Code::BUSY ||
                       reason.code == Code::TOO_LARGE;
  if (!goes_on) report_fault(reason);
  for (const auto& proposal : proposals) {
    if (const auto* notice = dynamic_cast<const NoticeProposal*>(proposal.get())) {
      if (notice->done) notice->done(Unexpected(one(reason)));
      continue;
    }
    if (proposal->alone()) {
      if (parts_.on_seal_lost) parts_.on_seal_lost();
      continue;
    }
    const auto& batch = as<BatchProposal>(*proposal);
    if (!batch.done) continue;
    if (reason.code == Code::BUSY) parts_.metrics.batches_busy.Increment();
    batch.done(Unexpected(one(reason)));
  }
}

void Pipeline::report_fault(const Error& fault) {
  {
    const std::lock_guard lock(read_only_mutex_);
    if (!read_only_reason_.empty()) return;
    read_only_reason_ = to_text(fault);
    parts_.metrics.read_only.Set(1);
    spdlog::error("read-only until the restart: {}", read_only_reason_);
  }
  if (fault.code == Code::KEY_NOT_IN_FORCE && parts_.on_end) parts_.on_end(fault);
}

std::string Pipeline::read_only_reason() const {
  {
    const std::lock_guard lock(read_only_mutex_);
    if (!read_only_reason_.empty()) return read_only_reason_;
  }
  return held_reason(parts_.order);  // for now
}

}  // namespace suyuan
