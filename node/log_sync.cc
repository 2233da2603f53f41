#include "node/log_sync.h"

#include <algorithm>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/notice.h"
#include "ledger/apply/seal.h"
#include "ledger/batch/receipt.h"
#include "ledger/crypto/note.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"
#include "node/order_place.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

Unexpected<Error> other_leaf(uint64_t index, const std::string& why) {
  return fail(Code::CORRUPT, "leaf " + std::to_string(index) + " of the other node's log is not "
                             "what our rules make of it: " + why +
                                 ". Is one of the two programs older?");
}

// Less than an honest node sends where more is there: it would take for ever.
bool is_little(const PeerAnswer& part) {
  size_t bytes = 0;
  for (const auto& leaf : part.leaves) bytes += leaf.data.size() + leaf.submission.size();
  return part.leaves.size() < kPeerLeavesMax && bytes < kPeerAnswerBytes;
}

}  // namespace

bool is_between(const OrderPlace& place) { return place.mark == Hash{}; }

// One part on its way: all of it is applied over the store, then committed as one.
class LogSync::Part {
 public:
  Part(Parts& parts, LedgerHead head)
      : parts_(parts), state_(parts.store.latest()), head_(std::move(head)) {
    ledger_ = {.origin = head_.origin, .genesis = head_.genesis};
  }

  Result<Done> take(const PeerLeaf& one) {
    SUYUAN_TRY(leaf, parse_leaf(one.data));
    if (leaf.kind == LeafKind::seal) {
      SUYUAN_TRY_DONE(apply_run());
      return take_seal(one, leaf);
    }
    if (leaf.kind == LeafKind::notice) {
      SUYUAN_TRY_DONE(apply_run());
      return take_notice(one, leaf);
    }
    if (leaf.kind != LeafKind::batch) return other_leaf(next(), "it is no batch and no seal");
    if (!run_.empty() && leaf.time_ms != run_time_ms_) SUYUAN_TRY_DONE(apply_run());
    SUYUAN_TRY(batch, verified(one, leaf));
    run_time_ms_ = leaf.time_ms;
    run_.push_back(std::move(batch));
    run_data_.push_back(one.data);
    return Done{};
  }

  Result<Changes> finish() {
    SUYUAN_TRY_DONE(apply_run());
    return std::move(state_).take_changes();
  }
  const LedgerHead& head() const { return head_; }
  bool erases() const { return erases_; }

 private:
  uint64_t next() const { return head_.leaves + run_.size(); }

  // A key that the run before it registered is known only once that is applied.
  Result<VerifiedBatch> verified(const PeerLeaf& one, const Leaf& leaf) {
    for (;;) {
      SUYUAN_TRY(submission, decode_submission(one.submission));
      if (submission.note != leaf.text) return other_leaf(next(), "the note is another");
      auto decoded = decode_batch(std::move(submission));
      if (!decoded) return other_leaf(next(), to_text(decoded.error().front()));
      const SignedNote note = decoded->note.note;
      auto verified = verify(*std::move(decoded), ledger_, state_, BatchFrom::log);
      if (verified) {
        SUYUAN_TRY_DONE(check_sender(note, *verified));
        return *std::move(verified);
      }
      if (run_.empty()) return other_leaf(next(), to_text(verified.error().front()));
      SUYUAN_TRY_DONE(apply_run());
    }
  }

  // What verify() leaves to whoever reads a log: signatures; and sections, of which those that were
  // erased since are not there (no salt and no bytes, or cut off at the end). A notice behind them
  // takes the row away that is noted here; one that stays names a section that is missing without
  // a notice.
  Result<Done> check_sender(const SignedNote& note, const VerifiedBatch& batch) {
    for (size_t i = 0; i < batch.keys().size(); ++i) {
      if (verify_note_signature(note.text, note.signatures[i], batch.keys()[i].key)) continue;
      return other_leaf(next(), "the signature of " + batch.keys()[i].party + " does not verify");
    }
    for (uint32_t i = 0; i < batch.events().size(); ++i) {
      const auto* event = std::get_if<TraceEvent>(&batch.events()[i].value);
      const auto& sent = batch.events()[i].body.sections;
      const size_t named = event == nullptr ? 0 : event->sections.size();
      if (sent.size() > named) return other_leaf(next(), "it has more sections than it names");
      for (uint32_t k = 0; k < named; ++k) {
        const SectionRef& ref = event->sections[k];
        const SectionBody& body = k < sent.size() ? sent[k] : SectionBody{};
        if (section_digest(batch.note().party, ref.audience, body.salt, body.bytes) == ref.digest)
          continue;
        if (body != SectionBody{}) return other_leaf(next(), "a section is another");
        const Place place{.leaf = next(), .event = i};
        absent_.insert(section_key(place, k));
        state_.put(Table::meta, absent_key(place, ref.digest), {});
      }
    }
    return Done{};
  }

  Result<Done> take_notice(const PeerLeaf& one, const Leaf& leaf) {
    const auto verified = verify_notice(leaf.text, ledger_, state_);
    if (!verified) return other_leaf(next(), to_text(verified.error()));
    SUYUAN_TRY(applied, apply_notice(state_, head_.position + 1, leaf.time_ms, *verified,
                                     decode_any_payload));
    if (const auto* refused = std::get_if<Refused>(&applied.verdicts.front())) {
      return other_leaf(next(), to_text(refused->errors.front()));
    }
    applied.changes.push_back(receipt_row(applied));
    erases_ = erases_ || std::holds_alternative<EraseNotice>(verified->text());
    return put(std::move(applied), {one.data});
  }

  Result<Done> apply_run() {
    if (run_.empty()) return Done{};
    Group group{.position = head_.position + 1, .time_ms = run_time_ms_, .batches = {}};
    for (const auto& batch : run_) group.batches.push_back(&batch);
    SUYUAN_TRY(applied, apply(state_, group));
    for (const auto& verdict : applied.verdicts) {
      if (std::holds_alternative<Accepted>(verdict)) continue;
      const auto* refused = std::get_if<Refused>(&verdict);
      return other_leaf(head_.leaves,
                        refused ? to_text(refused->errors.front()) : "a batch is there twice");
    }
    applied.changes.push_back(receipt_row(applied));
    run_.clear();
    std::vector<Bytes> expected;
    expected.swap(run_data_);
    return put(std::move(applied), expected);
  }

  Change receipt_row(const Applied& applied) const {
    const LedgerHead& head = applied.head;
    const ReceiptText text{
        .ledger = ledger_, .size = head.leaves, .root = applied.root, .time_ms = head.time_ms};
    const auto& [name, pair] = parts_.key;
    return {.table = Table::receipt,
            .key = u64_key(head.leaves),
            .value = sign_receipt(text, name, pair.secret, pair.key)};
  }

  Result<Done> take_seal(const PeerLeaf& one, const Leaf& leaf) {
    SUYUAN_TRY_DONE(parts_.map.fold(state_));
    SUYUAN_TRY(applied, apply_seal(state_, head_.position + 1, leaf.time_ms,
                                   parts_.map.map().root()));
    return put(std::move(applied), {one.data});
  }

  // Only where it makes the very leaves that were proven.
  Result<Done> put(Applied applied, const std::vector<Bytes>& expected) {
    if (applied.head.leaves != head_.leaves + expected.size()) {
      return other_leaf(head_.leaves, "it makes another number of leaves");
    }
    parts_.map.mark(applied.changes);
    for (Change& change : applied.changes) {
      SUYUAN_CHECK(change.value || change.table != Table::leaf);
      if (change.table == Table::section && absent_.contains(change.key)) continue;
      if (change.value) {
        state_.put(change.table, std::move(change.key), *std::move(change.value));
      } else {
        state_.erase(change.table, std::move(change.key));
      }
    }
    for (size_t i = 0; i < expected.size(); ++i) {
      SUYUAN_TRY(row, state_.get(Table::leaf, u64_key(head_.leaves + i)));
      if (row != expected[i]) return other_leaf(head_.leaves + i, "it has other bytes");
    }
    head_ = std::move(applied.head);
    return Done{};
  }

  Parts& parts_;
  Overlay state_;
  LedgerHead head_;
  LedgerId ledger_;
  std::vector<VerifiedBatch> run_;  // of one log time, not yet applied
  std::vector<Bytes> run_data_;
  int64_t run_time_ms_ = 0;
  bool erases_ = false;     // a notice in it does
  std::set<Bytes> absent_;  // rows of sections that are not there
};

Result<uint64_t> LogSync::leaves() const {
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  return head.leaves;
}

Result<Done> LogSync::take(const PeerAnswer& part, const SyncTarget& target) {
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  SUYUAN_TRY(edge, Frontier::decode(head.frontier));
  for (const auto& leaf : part.leaves) edge.append(leaf_hash(leaf.data));
  if (!consistent({.size = edge.size(), .root = edge.root()}, target.tree, part.path)) {
    return fail(Code::ROOT_MISMATCH,
                "the first " + std::to_string(edge.size()) + " leaves, " +
                    std::to_string(part.leaves.size()) + " of them from the other node, are not "
                    "the beginning of the tree of " + std::to_string(target.tree.size) +
                    " leaves that was signed");
  }
  Part work(parts_, head);
  for (const auto& leaf : part.leaves) SUYUAN_TRY_DONE(work.take(leaf));
  SUYUAN_TRY(changes, work.finish());
  LedgerHead after = work.head();
  OrderPlace place{.position = after.position};
  if (after.leaves == target.tree.size) {
    place = target.place;
    after.position = target.place.position;
    changes.push_back({.table = Table::meta, .key = Bytes(kLedgerKey), .value = encode(after)});
  }
  changes.push_back(order_place_row(place));
  // Which group the notice was nobody says; it lies before the target's.
  if (work.erases()) changes.push_back(erase_place_row(target.place.position));
  return parts_.store.commit(changes);
}

Result<SyncTarget> target_of(const PeerAnswer& answer, const Genesis& genesis,
                             const LedgerId& ledger) {
  SUYUAN_TRY(policy, policy_of_nodes(genesis, ledger, genesis.nodes.size() / 2 + 1));
  const auto accepted = accept_checkpoint(answer.checkpoint, policy);
  if (!accepted) {
    return fail(Code::SIGNATURE_INVALID, "the other node's newest checkpoint is not one that more "
                                         "than half of the nodes signed: " +
                                             accepted.error().message);
  }
  if (accepted->opened.checkpoint.head.size != answer.size) {
    return fail(Code::CORRUPT, "the other node's checkpoint is of another tree than its answer");
  }
  return SyncTarget{.tree = accepted->opened.checkpoint.head, .place = answer.place};
}

Result<SyncTarget> sync_from(LogSync& sync, const AskPeer& ask, const Genesis& genesis,
                             const LedgerId& ledger, const std::optional<SyncTarget>& target) {
  for (;;) {
    SUYUAN_TRY(leaves, sync.leaves());
    SUYUAN_TRY(part, ask(leaves, target ? target->tree.size : 0));
    SyncTarget to;
    if (target) {
      to = *target;
    } else {
      SUYUAN_TRY(newest, target_of(part, genesis, ledger));
      to = newest;
    }
    if (part.leaves.empty() && leaves != to.tree.size) {
      return fail(Code::UNAVAILABLE, "the other node's tree has " + std::to_string(to.tree.size) +
                                         " leaves, ours has " + std::to_string(leaves));
    }
    const bool last = leaves + part.leaves.size() == to.tree.size;
    if (!last && is_little(part)) {
      return fail(Code::UNAVAILABLE, "the other node sends its log in crumbs");
    }
    SUYUAN_TRY_DONE(sync.take(part, to));
    if (last) return to;
  }
}

}  // namespace suyuan
