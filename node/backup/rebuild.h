// A store made from a log: every batch once more through verify and apply, at its own place, until
// the tree is the one that was signed. For import, for a restore to an earlier checkpoint, and to
// bring a restored store up to what others have kept of its log.
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

struct RebuildPlan {
  // Makes a way to the log for one more thread; it must show its owner's view, since what is
  // withheld cannot be judged.
  std::function<std::unique_ptr<LogSource>()> open;
  TreeHead head;           // what the log must come to; its last leaf is a seal
  std::string checkpoint;  // the note over it
  // A folder without a store, or with one of the log's first leaves, to which the others are added.
  // After an error it is of no use.
  std::string store;
  const ReceiptSigner* signer = nullptr;  // of each group; null: receipts are those of `original`
  // A store of the same log: what no log holds is taken from it, up to `head`: receipts, sealed
  // sections, attachments, checkpoints. Null: there is none.
  const Reader* original = nullptr;
  unsigned threads = 1;
  std::function<void(uint64_t leaves, uint64_t of)> progress = {};
};

struct Rebuilt {
  uint64_t leaves = 0;  // made now
  uint64_t batches = 0;
  uint64_t events = 0;
};

// On disk when it returns. Signatures, rules, every leaf, the tree and the last seal's map are
// judged; a fault names the leaf. CORRUPT: the log is not what its checkpoint says, or breaks the
// ledger's rules; NOT_FOUND: payloads of it are withheld; IO; what the log answers.
Result<Rebuilt> rebuild_store(const RebuildPlan& plan);

}  // namespace suyuan
