#include "node/pipeline/pipeline.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/apply/seal.h"
#include "ledger/base/limits.h"
#include "ledger/registry/state.h"
#include "ledger/store/pending.h"
#include "node/ops/stopwatch.h"
#include "node/pipeline/held_order.h"
#include "node/pipeline/order_place.h"

namespace suyuan {
namespace {

// Of submissions that came together, by one worker one after the other: to hand one over costs a
// good part of what it costs to check it.
constexpr size_t kCheckedTogether = 8;

// Of what the largest group holds so much waits, when the next is judged beside a commit. A group
// that is taken early goes without what arrives during that commit: with fewer in it, there are
// more syncs, and that costs more than judging it saves.
constexpr size_t kAheadShare = 8;

// More than clocks that are right differ by, and less than what events may be ahead.
constexpr int64_t kLogTimeBehindMsMax = 2 * 60 * 1000;
static_assert(kLogTimeBehindMsMax < limits::kEventTimeAheadMsMax);

Errors one(Error error) { return Errors{std::move(error)}; }

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

// False: there is no room for what it holds, and whoever sent it was told so.
bool Pipeline::take_charge(Submitted& sent) const {
  auto charge = MemoryReservation::take(reserved_, reserved_bytes(sent.submission),
                                        parts_.reserved_bytes_max);
  if (!charge) {
    parts_.metrics.batches_busy.Increment();
    sent.done(Unexpected(
        one({.code = Code::BUSY, .message = "too many batches wait for their answers"})));
    return false;
  }
  sent.done = [charge = std::move(charge), done = std::move(sent.done)](auto outcome) {
    done(std::move(outcome));
  };
  return true;
}

void Pipeline::submit(std::vector<Submitted> many) {
  std::vector<Submitted> charged;
  charged.reserve(many.size());
  for (auto& sent : many) {
    if (take_charge(sent)) charged.push_back(std::move(sent));
  }
  many = std::move(charged);
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

void Pipeline::count_refusal(const Errors& errors) const {
  parts_.metrics.batches_refused.Increment();
  for (const auto& error : errors) parts_.metrics.refused(info(error.code).name);
}

void Pipeline::refuse(const SubmitDone& done, Errors errors) const {
  count_refusal(errors);
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
    auto before = repeated_receipt(parts_.store.latest(), parts_.signer, verified->id());
    if (!before || !*before) return refuse(done, one(delegated.error()));
  }
  if (parts_.admit) {
    if (auto waits = parts_.admit(verified->note())) return refuse(done, one(*std::move(waits)));
  }
  // What is in the ledger already need not be ordered again.
  auto known = repeated_receipt(parts_.store.latest(), parts_.signer, verified->id());
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

// Steps 4 and 5, on the sequencer thread. Nothing is promised to anyone before commit() has
// returned: that is the commit point. If we crash before it, no sender has an answer and sends
// again; if we crash after it, the batch is known and the same batch again gets the same receipt.
Result<Done> Pipeline::on_group(OrderedGroup group) {
  if (group.proposals.front()->alone()) {
    SUYUAN_TRY_DONE(settle(group.proposals));
    const bool is_notice = dynamic_cast<NoticeProposal*>(group.proposals.front().get()) != nullptr;
    return is_notice ? on_notice(std::move(group)) : on_seal(group);
  }
  SUYUAN_TRY(proposals, judgeable(std::move(group.proposals)));
  if (proposals.empty()) return Done{};
  group.proposals = std::move(proposals);
  Group input{.position = group.position, .time_ms = group.time_ms, .batches = {}};
  for (const auto& proposal : group.proposals)
    input.batches.push_back(&as<BatchProposal>(*proposal).batch());

  auto applied = judge(input);
  SUYUAN_TRY_DONE(settle(group.proposals));  // what was judged upon it goes with what failed
  if (!applied) {
    on_dropped(std::move(group.proposals), after_order(applied.error()));
    return Unexpected(std::move(applied).error());
  }
  say_later(applied->verdicts, std::max(group.time_ms, applied->head.time_ms));
  auto judged = std::make_shared<Judged>(
      Judged{.group = std::move(group), .applied = *std::move(applied), .note = {}});
  judged->rows = judged->applied.changes.size();
  if (judged->applied.grown) judged->note = add_commit_rows(judged->group, judged->applied);
  const OrderCapabilities engine = parts_.order.capabilities();
  const bool ahead = parts_.overlaps_commit && !engine.shared &&
                     parts_.order.load().bytes >= engine.max_entry_bytes / kAheadShare;
  if (!ahead) return finish(*judged);
  if (judged->applied.grown) committing_ = judged;
  commit_thread_.start([this, judged = std::move(judged)] { return finish(*judged); });
  return Done{};
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

// What comes next waits until the group before is in the store, or fails with it.
Result<Done> Pipeline::settle(Proposals& proposals) {
  auto settled = commit_thread_.wait();
  committing_.reset();
  if (settled) return settled;
  on_dropped(std::move(proposals),
             {.code = Code::READ_ONLY,
              .message = "the group before this one did not go its whole way, so nothing more is "
                         "taken until a restart (" + to_text(settled.error()) + ")"});
  return settled;
}

void Pipeline::on_end() {
  (void)commit_thread_.wait();  // who waited for it was told of the error
  committing_.reset();
}

// On the state that the group before leaves, which may be on its way to the store still.
Result<Applied> Pipeline::judge(const Group& input) const {
  const Stopwatch applying;
  const Reader& latest = parts_.store.latest();
  const auto pending = [&] {
    return Pending(std::span(committing_->applied.changes).first(committing_->rows), latest);
  };
  auto applied = committing_ ? apply(pending(), input) : apply(latest, input);
  parts_.metrics.apply_seconds.Observe(applying.seconds());
  return applied;
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
