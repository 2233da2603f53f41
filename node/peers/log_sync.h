// LogSync: fetches what a node missed from another node's log. Nothing is believed: a part is
// accepted only if it is proven to be under the requested tree. Every batch in it is verified and
// applied again, and every seal's map is rebuilt. So the store is always a prefix of that tree,
// whatever the other node sends and wherever this node dies; it continues from there.
#pragma once

#include <functional>

#include "ledger/store/store.h"
#include "node/peers/peer_log.h"
#include "node/pipeline/map_keeper.h"

namespace suyuan {

// The target of the store: a tree that somebody vouches for, and its place in the ordered log.
struct SyncTarget {
  TreeHead tree;
  OrderPlace place;
  friend bool operator==(const SyncTarget&, const SyncTarget&) = default;
};

class LogSync {
 public:
  struct Parts {
    Store& store;
    const NamedKeyPair& key;  // our own: our receipts are signed by our node
    MapKeeper map;  // of what the store holds
    size_t rows_of_commit_max = 1 << 18;  // plus those of one more group
  };
  explicit LogSync(Parts parts) : parts_(std::move(parts)) {}

  // The number of leaves in the store.
  Result<uint64_t> leaves() const;
  // Takes the next part, which begins where the store ends. It is on disk when this returns. Until
  // the store reaches the target's tree it has no place in the ordered log, and cannot be served.
  // After an error the map is unusable: begin with another LogSync.
  // Errors: ROOT_MISMATCH (the part, or what the store held before, is not a prefix of the target's
  // tree), CORRUPT (its batches do not make these leaves by our rules), errors of verify(), IO.
  Result<Done> take(const PeerAnswer& part, const SyncTarget& target);

 private:
  class Part;
  Result<size_t> take_piece(std::span<const PeerLeaf> leaves, const SyncTarget& target);

  Parts parts_;
};

// Whether the store is in the middle of such a transfer.
bool is_between(const OrderPlace& place);

// The target from a peer's newest checkpoint: the log and more than half of the nodes in genesis
// signed it. Errors: SIGNATURE_INVALID, KEY_UNKNOWN, NOTE_SYNTAX.
Result<SyncTarget> target_of(const PeerAnswer& answer, const Genesis& genesis,
                             const LedgerId& ledger);

// The source of parts: asks one peer for leaves from one on, for a tree of `size` leaves or (0) its
// newest.
using AskPeer = std::function<Result<PeerAnswer>(uint64_t from, uint64_t size)>;
// Syncs to the target, or (nullopt) to the newest checkpoint that the peer publishes, as it
// advances. Returns what was reached. Errors: those of LogSync::take and of `ask`; UNAVAILABLE (the
// peer sends no leaves, or its tree is shorter than ours).
Result<SyncTarget> sync_from(LogSync& sync, const AskPeer& ask, const Genesis& genesis,
                             const LedgerId& ledger, const std::optional<SyncTarget>& target);

}  // namespace suyuan
