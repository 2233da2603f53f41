#include "node/peers/log_sync.h"

#include <deque>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/crypto/note.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"
#include "ledger/store/notice_rows.h"
#include "node/pipeline/log_replay.h"
#include "node/pipeline/order_place.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

Unexpected<Error> other_leaf(uint64_t index, const std::string& why) {
  return fail(Code::CORRUPT, "leaf " + std::to_string(index) + " of the other node's log is not "
                             "what our rules make of it: " + why +
                                 ". Is one of the two programs older?");
}

// Less than an honest node sends if it has more: the transfer would never end.
bool is_little(const PeerAnswer& part) {
  size_t bytes = 0;
  for (const auto& leaf : part.leaves) bytes += leaf.data.size() + leaf.submission.size();
  return part.leaves.size() < kPeerLeavesMax && bytes < kPeerAnswerBytes;
}

}  // namespace

bool is_between(const OrderPlace& place) { return place.mark == Hash{}; }

// One piece of a part in progress: all of it is applied over the store, then committed at once.
class LogSync::Part final : public LogReplayHost {
 public:
  Part(Parts& parts, LedgerHead head)
      : parts_(parts),
        state_(parts.store.latest()),
        replay_(*this, std::move(head), &parts.key) {}

  Result<Done> take(const PeerLeaf& one) {
    const uint64_t index = replay_.next();
    SUYUAN_TRY(leaf, parse_leaf(one.data));
    std::optional<DecodedBatch> batch;
    if (leaf.kind == LeafKind::batch) {
      SUYUAN_TRY(submission, decode_submission(one.submission));
      if (submission.note != leaf.text) return other_leaf(index, "the note is another");
      auto decoded = decode_batch(std::move(submission));
      if (!decoded) return other_leaf(index, to_text(decoded.error().front()));
      batch = *std::move(decoded);
    }
    erases_ = erases_ || leaf.text.starts_with("suyuan/erase/");
    expected_.push_back(one.data);
    return replay_.take(leaf, std::move(batch));
  }

  Result<Changes> finish() {
    SUYUAN_TRY_DONE(replay_.finish());
    return std::move(state_).take_changes();
  }
  size_t rows() const { return state_.mark(); }  // rows that were put
  const LedgerHead& head() const { return replay_.head(); }
  bool erases() const { return erases_; }

  const Reader& state() const override { return state_; }

  // Erased sections are missing (no salt and no bytes, or cut off at the end). A row is noted for
  // each. A later notice removes it; a row that remains names a section that is missing without a
  // notice.
  Result<Done> check(uint64_t leaf, const SignedNote& note, const VerifiedBatch& batch) override {
    for (size_t i = 0; i < batch.keys().size(); ++i) {
      if (verify_note_signature(note.text, note.signatures[i], batch.keys()[i].key)) continue;
      return other_leaf(leaf, "the signature of " + batch.keys()[i].party + " does not verify");
    }
    for (uint32_t i = 0; i < batch.events().size(); ++i) {
      const auto* event = std::get_if<TraceEvent>(&batch.events()[i].value);
      const auto& sent = batch.events()[i].body.sections;
      const size_t named = event == nullptr ? 0 : event->sections.size();
      if (sent.size() > named) return other_leaf(leaf, "it has more sections than it names");
      for (uint32_t k = 0; k < named; ++k) {
        const SectionRef& ref = event->sections[k];
        const SectionBody& body = k < sent.size() ? sent[k] : SectionBody{};
        if (section_digest(batch.note().party, ref.audience, body.salt, body.bytes) == ref.digest)
          continue;
        if (body != SectionBody{}) return other_leaf(leaf, "a section is another");
        const Place place{.leaf = leaf, .event = i};
        absent_.insert(section_key(place, k));
        state_.put(Table::meta, absent_key(place, ref.digest), {});
      }
    }
    return Done{};
  }

  // Computed from the chains themselves: the seal's value is compared with it, like every leaf's
  // bytes.
  Result<Hash> map_root(const SealText&) override {
    SUYUAN_TRY_DONE(parts_.map.fold(state_));
    return parts_.map.map().root();
  }

  // Only if it makes exactly the leaves that were proven.
  Result<Done> put(uint64_t first, Applied applied) override {
    if (applied.head.leaves > first + expected_.size())
      return other_leaf(first, "it makes another number of leaves");
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
    for (uint64_t leaf = first; leaf < applied.head.leaves; ++leaf, expected_.pop_front()) {
      SUYUAN_TRY(row, state_.get(Table::leaf, u64_key(leaf)));
      if (row != expected_.front()) return other_leaf(leaf, "it has other bytes");
    }
    return Done{};
  }

  Unexpected<Error> wrong(uint64_t leaf, const Error& why) const override {
    return other_leaf(leaf, to_text(why));
  }

 private:
  Parts& parts_;
  Overlay state_;
  LogReplay replay_;
  std::deque<Bytes> expected_;  // leaves not yet put
  std::set<Bytes> absent_;      // rows of missing sections
  bool erases_ = false;
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
  std::span rest(part.leaves);
  do {  // even without leaves: the place in the log must be written
    SUYUAN_TRY(taken, take_piece(rest, target));
    rest = rest.subspan(taken);
  } while (!rest.empty());
  return Done{};
}

// Takes as many leaves as fit one commit: a part of few bytes can produce very many rows. A piece
// ends between two leaves, so it leaves a prefix of the target's tree.
Result<size_t> LogSync::take_piece(std::span<const PeerLeaf> leaves, const SyncTarget& target) {
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  Part work(parts_, std::move(head));
  size_t taken = 0;
  while (taken < leaves.size() && work.rows() < parts_.rows_of_commit_max)
    SUYUAN_TRY_DONE(work.take(leaves[taken++]));
  SUYUAN_TRY(changes, work.finish());
  LedgerHead after = work.head();
  OrderPlace place{.position = after.position};
  if (after.leaves == target.tree.size) {
    place = target.place;
    after.position = target.place.position;
    changes.push_back({.table = Table::meta, .key = Bytes(kLedgerKey), .value = encode(after)});
  }
  changes.push_back(order_place_row(place));
  // Nobody says which group had the notice; it was before the target's.
  const bool erased_before = read_erase_place(parts_.store.latest()) == kErasePlaceUnknown;
  if (work.erases() || erased_before) changes.push_back(erase_place_row(target.place.position));
  SUYUAN_TRY_DONE(parts_.store.commit(changes));
  return taken;
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
      return fail(Code::UNAVAILABLE, "the other node sends its log in pieces that are too small");
    }
    SUYUAN_TRY_DONE(sync.take(part, to));
    if (last) return to;
  }
}

}  // namespace suyuan
