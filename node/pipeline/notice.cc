// The steps of a notice after the order: apply -> commit -> prove -> reply. The earlier steps are
// in node/pipeline/intake.cc.
#include <spdlog/spdlog.h>

#include "ledger/apply/notice.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/pipeline.h"
#include "proto/submission_codec.h"

namespace suyuan {

// Sequencer thread. The commit that makes the notice's leaf also removes the rows of what it
// erases: no later answer has them. The same commit writes the rows that say which files still hold
// it, so a crash loses nothing (node/upkeep/file_purge.h).
Result<Done> Pipeline::on_notice(OrderedGroup group) {
  auto& proposal = as<NoticeProposal>(*group.proposals.front());
  auto verified = proposal.verify(parts_.signer.ledger(), parts_.store.latest());
  if (!verified) {
    if (!info(verified.error().code).refusal) return Unexpected(std::move(verified).error());
    spdlog::warn("a notice that another node ordered does not verify, and is left out: {}",
                 to_text(verified.error()));
    return Done{};
  }
  auto applied = apply_notice(parts_.store.latest(), group.position, group.time_ms,
                              *proposal.verified(), decode_any_payload);
  if (!applied) {
    if (applied.error().code == Code::STORE_TOO_NEW && callbacks_.on_end)
      callbacks_.on_end(applied.error());
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
  if (applied->grown) SUYUAN_TRY_DONE(publish_rules(*proposal.verified()));
  return map_.is_full() ? fold() : Result<Done>(Done{});
}

Result<Done> Pipeline::publish_rules(const VerifiedNotice& notice) const {
  if (!callbacks_.on_rules || !std::holds_alternative<RulesText>(notice.text())) return Done{};
  SUYUAN_TRY(all, list_rules(parts_.store.latest()));
  SUYUAN_CHECK(!all.empty());  // it is committed
  callbacks_.on_rules(std::move(all.back()));
  return Done{};
}

Results<BatchReceipt> Pipeline::prove_notice(const GroupReceipts& receipts,
                                             Verdict verdict) const {
  if (auto* refused = std::get_if<Refused>(&verdict)) {
    parts_.metrics.notice_refused(refused->errors);
    return Unexpected(std::move(refused->errors));
  }
  auto receipt =
      repeated_or(verdict, [&] { return receipts.of_notice(std::get<Accepted>(verdict).leaf); });
  if (receipt && receipt->repeated) parts_.metrics.notices_repeated.Increment();
  return receipt;
}

}  // namespace suyuan
