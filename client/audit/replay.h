// Replay: every batch of an audited log once more through apply, in a store of the replay's own. So
// a ledger that took what its rules refuse, or that derived other rows for its answers than its
// rules give, is caught. The audit before has checked bytes, hashes, signatures and seals.
//
// Memory: the store's caches (some 200 MB) and the changes of about a hundred thousand rows.
#pragma once

#include <memory>
#include <string>

#include "ledger/proof/audit_leaf.h"
#include "ledger/store/store.h"

namespace suyuan {

struct ReplaySeen {
  uint64_t leaves = 0;                         // judged again, those of replays before with them
  std::optional<uint64_t> withheld_at = {};    // leaf whose payloads are kept back: it ends there
  uint64_t rows = 0;                           // of a node's store, compared
  bool all_rows = false;                       // else findings alone
};

class Replay {
 public:
  // `folder` holds the store, new or of an earlier replay of the same log; empty: it lies in the
  // machine's temporary folder, and goes with the replay. IO, CORRUPT, STORE_TOO_NEW.
  static Result<std::unique_ptr<Replay>> open(const std::string& folder);
  virtual ~Replay() = default;

  // The next leaf, which the audit has taken; `root`: of the tree up to it. Leaves that the store
  // holds already are passed over. Faults: BATCH_REFUSED, REPLAY_DIFFERS. REQUIRES: the leaf was
  // made with KeepEvents::yes.
  virtual Result<AuditResult<Done>> take(uint64_t index, const AuditedLeaf& leaf, LoggedBatch batch,
                                         const Hash& root) = 0;
  // On disk when it returns.
  virtual Result<Done> flush() = 0;
  // Against what a node derived, at a leaf count of `size`. `whole`: the node's store ends there,
  // so that all its rows can be compared. DERIVED_ROW_WRONG.
  virtual Result<AuditResult<Done>> compare(const Reader& node, uint64_t size, bool whole) = 0;
  virtual const ReplaySeen& seen() const = 0;
  virtual uint64_t leaves() const = 0;  // in its store
};

}  // namespace suyuan
