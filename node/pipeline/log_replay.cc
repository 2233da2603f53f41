#include "node/pipeline/log_replay.h"

#include "ledger/apply/notice.h"
#include "ledger/apply/weight.h"
#include "ledger/base/limits.h"
#include "node/pipeline/receipts.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

constexpr size_t kGroupBatches = 256;
constexpr size_t kGroupEvents = 2048;

Error not_ours(std::string why) {
  return {.code = Code::CORRUPT, .message = std::move(why)};
}

}  // namespace

Result<Done> LogReplay::take(const Leaf& leaf, std::optional<DecodedBatch> batch) {
  switch (leaf.kind) {
    case LeafKind::batch:
      SUYUAN_CHECK(batch.has_value());
      return take_batch(leaf, *std::move(batch));
    case LeafKind::seal: return take_seal(leaf);
    case LeafKind::notice: return take_notice(leaf);
    case LeafKind::genesis: {
      if (next() != 0) break;
      SUYUAN_TRY(applied, apply_genesis(leaf.text, leaf.time_ms));
      return put(std::move(applied));
    }
  }
  return host_.wrong(next(), not_ours("no leaf of this kind can be here"));
}

// Judged on the state before its group, as a node does. Acts are alone in a group, so that later
// batches find the keys that they register.
Result<Done> LogReplay::take_batch(const Leaf& leaf, DecodedBatch batch) {
  const size_t events = batch.values.size();
  const bool alone = batch.note.batch.type == PayloadType::registry_capnp;
  if (alone || leaf.time_ms != group_ms_ || group_.size() >= kGroupBatches ||
      group_events_ + events > kGroupEvents) {
    SUYUAN_TRY_DONE(finish());
  }
  const SignedNote note = batch.note.note;
  auto verified = verify(std::move(batch), ledger(), host_.state(), BatchFrom::log);
  if (!verified) return host_.wrong(next(), verified.error().front());
  SUYUAN_TRY_DONE(host_.check(next(), note, *verified));
  const size_t weight = weight_of(*verified);
  if (group_weight_ + weight > limits::kGroupBytesMax) SUYUAN_TRY_DONE(finish());
  group_ms_ = leaf.time_ms;
  group_events_ += events;
  group_weight_ += weight;
  group_.push_back(*std::move(verified));
  return alone ? finish() : Result<Done>(Done{});
}

Result<Done> LogReplay::finish() {
  if (group_.empty()) return Done{};
  Group group{.position = head_.position + 1, .time_ms = group_ms_, .batches = {}};
  for (const auto& batch : group_) group.batches.push_back(&batch);
  SUYUAN_TRY(applied, apply(host_.state(), group));
  SUYUAN_TRY_DONE(check_verdicts(applied));
  group_.clear();
  group_events_ = 0;
  group_weight_ = 0;
  return put_acknowledged(std::move(applied));
}

Result<Done> LogReplay::check_verdicts(const Applied& applied) const {
  for (size_t i = 0; i < applied.verdicts.size(); ++i) {
    if (std::holds_alternative<Accepted>(applied.verdicts[i])) continue;
    const auto* refused = std::get_if<Refused>(&applied.verdicts[i]);
    return host_.wrong(head_.leaves + i,
                       not_ours("the ledger's rules refuse it: " +
                                (refused != nullptr ? to_text(refused->errors.front())
                                                    : std::string("it is in the log twice"))));
  }
  return Done{};
}

Result<Done> LogReplay::take_seal(const Leaf& leaf) {
  SUYUAN_TRY_DONE(finish());
  const auto seal = parse_seal(leaf.text);
  if (!seal) return host_.wrong(next(), seal.error());
  SUYUAN_TRY(map, host_.map_root(*seal));
  SUYUAN_TRY(applied, apply_seal(host_.state(), head_.position + 1, leaf.time_ms, map));
  return put(std::move(applied));
}

Result<Done> LogReplay::take_notice(const Leaf& leaf) {
  SUYUAN_TRY_DONE(finish());
  const auto verified = verify_notice(leaf.text, ledger(), host_.state());
  if (!verified) return host_.wrong(next(), verified.error());
  SUYUAN_TRY(applied, apply_notice(host_.state(), head_.position + 1, leaf.time_ms, *verified,
                                   decode_any_payload));
  SUYUAN_TRY_DONE(check_verdicts(applied));
  return put_acknowledged(std::move(applied));
}

Result<Done> LogReplay::put_acknowledged(Applied applied) {
  if (node_ != nullptr)
    applied.changes.push_back(receipt_row(ledger(), *node_, applied.head, applied.root));
  return put(std::move(applied));
}

Result<Done> LogReplay::put(Applied applied) {
  LedgerHead head = applied.head;
  const Hash root = applied.root;
  SUYUAN_TRY_DONE(host_.put(head_.leaves, std::move(applied)));
  head_ = std::move(head);
  root_ = root;
  return Done{};
}

}  // namespace suyuan
