// LogSync: what a node missed, taken from another node's log. Nothing of it is believed: a part is
// taken only where it is proven to lie under the tree that was asked for, and every batch in it is
// verified and applied again, every seal's map is made again. So at each moment the store is a
// beginning of that tree, whatever the other node sends and wherever this one dies; it goes on from
// there.
#pragma once

#include <functional>

#include "ledger/store/store.h"
#include "node/peers/peer_log.h"
#include "node/pipeline/map_keeper.h"

namespace suyuan {

// What the store is to become: a tree that somebody vouches for, and its place in the ordered log.
struct SyncTarget {
  TreeHead tree;
  OrderPlace place;
  friend bool operator==(const SyncTarget&, const SyncTarget&) = default;
};

class LogSync {
 public:
  struct Parts {
    Store& store;
    const NamedKeyPair& key;  // our own: our receipts are of our node
    MapKeeper map;  // of what the store holds
    size_t rows_of_commit_max = 1 << 18;  // and those of one group more
  };
  explicit LogSync(Parts parts) : parts_(std::move(parts)) {}

  // Leaves that the store holds.
  Result<uint64_t> leaves() const;
  // After an error of a part its map is worth nothing: begin with another LogSync.
  //
  // The next part, which begins where the store ends. On disk when it returns; before it reaches
  // the target's tree the store has no place in the ordered log, and cannot be served.
  // ROOT_MISMATCH: the part, or what the store held before, is not the beginning of the target's
  // tree. CORRUPT: its batches do not make these leaves by our rules. Errors of verify(); IO.
  Result<Done> take(const PeerAnswer& part, const SyncTarget& target);

 private:
  class Part;
  Result<size_t> take_piece(std::span<const PeerLeaf> leaves, const SyncTarget& target);

  Parts parts_;
};

// Whether the store is in the middle of such a transfer.
bool is_between(const OrderPlace& place);

// The target that a peer's newest checkpoint gives: the log and more than half of the nodes that
// genesis names signed it. SIGNATURE_INVALID, KEY_UNKNOWN, NOTE_SYNTAX.
Result<SyncTarget> target_of(const PeerAnswer& answer, const Genesis& genesis,
                             const LedgerId& ledger);

// Where parts come from: asks one peer from a leaf on, for a tree of `size` leaves or (0) its
// newest.
using AskPeer = std::function<Result<PeerAnswer>(uint64_t from, uint64_t size)>;
// To the target, or (nullopt) to the newest checkpoint that the peer publishes, as it moves on.
// Gives what was reached. Errors of LogSync::take and of `ask`; UNAVAILABLE: the peer sends no
// leaves, or its tree is shorter than ours.
Result<SyncTarget> sync_from(LogSync& sync, const AskPeer& ask, const Genesis& genesis,
                             const LedgerId& ledger, const std::optional<SyncTarget>& target);

}  // namespace suyuan
