// The way of a notice, which a party sends: verify -> order -> apply -> commit -> prove -> answer.
#include <spdlog/spdlog.h>

#include "ledger/apply/notice.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/pipeline.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

Errors only(Error error) { return Errors{std::move(error)}; }

}  // namespace

void Pipeline::submit_notice(std::string note, SubmitDone done, Uncount uncount) {
  auto work = [this, note = std::move(note), done, uncount] {
    verify_and_order(note, done, uncount);
  };
  if (parts_.workers.post(std::move(work))) return;
  tell_notice_busy(done, uncount,
                   {.code = Code::BUSY, .message = "too much waits to be verified"});
}

// As tell_busy for a batch.
void Pipeline::tell_notice_busy(const SubmitDone& done, const Uncount& uncount,
                                Error error) const {
  parts_.metrics.notices_busy.Increment();
  if (uncount) uncount();
  done(Unexpected(only(std::move(error))));
}

// On a worker, as of a batch: what the state says now only filters.
void Pipeline::verify_and_order(const std::string& note, const SubmitDone& done,
                                const Uncount& uncount) {
  if (refuse_read_only(done)) return;
  auto verified = verify_notice(note, ledger_, parts_.store.latest());
  if (!verified) return refuse_notice(done, std::move(verified).error());
  auto known = repeated_receipt(parts_.store.latest(), parts_.signer, verified->id());
  if (!known) return done(Unexpected(only(std::move(known).error())));
  if (*known) {
    parts_.metrics.notices_repeated.Increment();
    return done(**std::move(known));
  }
  BatchNote of_party;  // it is counted with the party's batches
  of_party.party = verified->keys().front().party;
  if (parts_.admit) {
    if (auto waits = parts_.admit(of_party)) return refuse_notice(done, *std::move(waits));
  }
  // A filter alone, as of a batch: what would be refused need not be ordered, in a group alone. Nor
  // rules that this program does not know: they would stop it.
  const auto judged = judge_notice(*parts_.store.snapshot(), *verified, decode_any_payload);
  if (!judged) return refuse_notice(done, judged.error());
  const auto busy = [&](Error error) {
    if (parts_.uncount) parts_.uncount(of_party);
    tell_notice_busy(done, uncount, std::move(error));
  };
  if (++*notices_waiting_ > kNoticesWaitingMax) {
    --*notices_waiting_;
    return busy(
        {.code = Code::BUSY, .message = "too many notices wait: send it again in a moment"});
  }
  std::unique_ptr<Proposal> proposal =
      std::make_unique<NoticeProposal>(*std::move(verified), done, notices_waiting_);
  auto appended = parts_.order.append(proposal);
  if (appended) return;
  if (appended.error().code == Code::BUSY) return busy(std::move(appended).error());
  done(Unexpected(only(std::move(appended).error())));
}

void Pipeline::refuse_notice(const SubmitDone& done, Error error) const {
  parts_.metrics.notices_refused.Increment();
  parts_.metrics.refused(info(error.code).name);
  done(Unexpected(only(std::move(error))));
}

// On the sequencer thread. What a notice erases leaves the rows with the commit that makes its
// leaf: after it no answer has it, and whatever crashes, the rows that say which files still hold
// it stand beside (node/upkeep/file_purge.h).
Result<Done> Pipeline::on_notice(OrderedGroup group) {
  auto& proposal = as<NoticeProposal>(*group.proposals.front());
  auto verified = proposal.verify(ledger_, parts_.store.latest());
  if (!verified) {
    if (!info(verified.error().code).refusal) return Unexpected(std::move(verified).error());
    spdlog::warn("a notice that another node ordered does not verify, and is left out: {}",
                 to_text(verified.error()));
    return Done{};
  }
  auto applied = apply_notice(parts_.store.latest(), group.position, group.time_ms,
                              *proposal.verified(), decode_any_payload);
  if (!applied) {
    if (applied.error().code == Code::STORE_TOO_NEW && parts_.on_end)
      parts_.on_end(applied.error());
    on_dropped(std::move(group.proposals), after_order(applied.error()));
    return Unexpected(std::move(applied).error());
  }
  std::string note;
  if (applied->grown) {
    if (std::holds_alternative<EraseNotice>(proposal.verified()->text()))
      applied->changes.push_back(erase_place_row(group.position));
    note = add_commit_rows(group, *applied);
    SUYUAN_TRY_DONE(commit_grown(group, *applied));
    parts_.metrics.notices_accepted.Increment();
  }
  if (proposal.done) {
    const GroupReceipts receipts(tree_, *applied, std::move(note));
    proposal.done(prove_notice(receipts, std::move(applied->verdicts.front())));
  }
  if (applied->grown) SUYUAN_TRY_DONE(tell_rules(*proposal.verified()));
  return parts_.map.is_full() ? fold() : Result<Done>(Done{});
}

Result<Done> Pipeline::tell_rules(const VerifiedNotice& notice) const {
  if (!parts_.on_rules || !std::holds_alternative<RulesText>(notice.text())) return Done{};
  SUYUAN_TRY(all, list_rules(parts_.store.latest()));
  SUYUAN_CHECK(!all.empty());  // it is committed
  parts_.on_rules(std::move(all.back()));
  return Done{};
}

Results<BatchReceipt> Pipeline::prove_notice(const GroupReceipts& receipts,
                                             Verdict verdict) const {
  if (auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.metrics.notices_refused.Increment();
    for (const Error& error : refused->errors) parts_.metrics.refused(info(error.code).name);
    return Unexpected(std::move(refused->errors));
  }
  auto receipt =
      repeated_or(verdict, [&] { return receipts.of_notice(std::get<Accepted>(verdict).leaf); });
  if (receipt && receipt->repeated) parts_.metrics.notices_repeated.Increment();
  return receipt;
}

}  // namespace suyuan
