// A node that joins takes another node's store as the source of the log, instead of asking for it
// part by part (suyuan-node join --store-from; docs/cluster_recovery.md, Join with another node's
// store).
//
// Nothing of it is believed. The newest checkpoint in it that the log's key and more than half of
// the nodes signed says what the log is. Every leaf up to there is judged again by this node's own
// rules, into a store of its own, as a restore to an earlier checkpoint does (rebuild.h):
// signatures, rules, the leaves and their tree, the map of the last seal. What came after that
// checkpoint is left to the other nodes and the shared log, as after any absence
// (node/startup/rejoin.h).
#pragma once

#include <functional>
#include <memory>

#include "node/clock.h"
#include "node/folder/init.h"
#include "node/peers/peer_link.h"

namespace suyuan {

// Both may be null.
struct TakeProgress {
  std::function<void(uint64_t bytes, uint64_t of)> copied = {};
  std::function<void(uint64_t leaves, uint64_t of)> judged = {};
};

struct StoreTaking {
  StoreSource& source;
  std::string taken;  // where the other node's files lie meanwhile; does not exist yet
  std::string store;  // the folder of the new store; the same
  LedgerId ledger;
  Genesis genesis;  // with the nodes in force, as far as known
  const ReceiptSigner& signer;  // our own
  unsigned threads = 1;
  TakeProgress progress = {};
};
struct StoreTaken {
  TreeHead tree;       // what the new store has, without a place in the shared log
  uint64_t bytes = 0;  // of the other node's files
  uint64_t events = 0;
};
// Synced, and without the other node's files, when it returns. Whatever is in the two folders after
// an error is to be removed.
// Errors: UNAVAILABLE (the other node sends nothing, or not what it said), NOT_FOUND (no checkpoint
// that enough nodes signed), LEDGER_MISMATCH, CORRUPT (its log is not what they signed, or breaks
// the rules), STORE_TOO_NEW, IO (also: no room on the disk).
Result<StoreTaken> take_store(const StoreTaking& taking);

// The store of the node that the options of a joining node name. It is not asked yet. `place` lives
// as long. Errors: INVALID_FIELD (--store-from, --peer-ca), NOT_FOUND (--peer-ca).
Result<std::unique_ptr<StoreSource>> store_to_take(const JoinOptions& options,
                                                   const JoinPlace& place, const Clock& clock);
// take_store for join_ledger.
Result<StoreTaken> take_store_to(const JoinPlace& place, StoreSource& source,
                                 const TakeProgress& progress = {});

}  // namespace suyuan
