// Builds a store from a log: every batch goes through verify and apply again, at its own position,
// until the tree is the signed one. Used for import, for a restore to an earlier checkpoint, and to
// bring a restored store up to the copy of its log that others have kept.
//
// Memory: the store's write buffers, and at most 2 * threads + 1 chunks of 64 leaves.
#pragma once

#include <functional>
#include <memory>

#include "ledger/merkle/proof.h"
#include "ledger/proof/log_source.h"
#include "ledger/store/store.h"
#include "node/pipeline/receipts.h"

namespace suyuan {

// Of a store's files, kept open: commands do not raise their process's limit, as serve does.
inline constexpr int kRebuildOpenFiles = 256;

struct RebuildPlan {
  // Opens the log for one more thread. It must show its owner's view, because withheld payloads
  // cannot be judged.
  std::function<std::unique_ptr<LogSource>()> open;
  TreeHead head;           // the tree that the log must reach; its last leaf is a seal
  std::string checkpoint;  // the note over it
  // A folder without a store, or with a store of the log's first leaves, to which the others are
  // added. Unusable after an error.
  std::string store;
  // signs each group's receipts; null: receipts are those of `original`
  const ReceiptSigner* signer = nullptr;
  // A store of the same log. What no log holds is taken from it, up to `head`: receipts, sealed
  // sections, attachments, checkpoints. Null: there is none.
  const Reader* original = nullptr;
  // The original is not this node's own copy but another node's: of it only sealed sections are
  // taken, by the digests in their events, and attachments, by the hash that is their name.
  // Sections that are missing or false are noted as missing. Needs `signer`.
  bool original_is_anothers = false;
  unsigned threads = 1;
  std::function<void(uint64_t leaves, uint64_t of)> progress = {};
};

struct Rebuilt {
  uint64_t leaves = 0;  // leaves added now
  uint64_t batches = 0;
  uint64_t events = 0;
};

// Everything is on disk when it returns. Signatures, rules, every leaf, the tree and the last
// seal's map are verified; a fault names the leaf.
// Errors: CORRUPT (the log is not what its checkpoint says, or breaks the ledger's rules),
// NOT_FOUND (payloads are withheld), IO, and those of the log.
Result<Rebuilt> rebuild_store(const RebuildPlan& plan);

}  // namespace suyuan
