// Applies every batch of an audited log again, in a store of its own. This catches a ledger that
// accepted what its rules refuse, or that derived rows other than its rules give. The audit has
// checked bytes, hashes, signatures and seals before.
//
// Memory: the store's caches (some 200 MB) and the changes of about a hundred thousand rows.
#pragma once

#include <memory>
#include <string>

#include "ledger/proof/audit_leaf.h"
#include "ledger/store/store.h"

namespace suyuan {

struct ReplaySeen {
  uint64_t leaves = 0;  // leaves applied, including those of earlier replays
  // leaf whose payloads are withheld; the replay ends there
  std::optional<uint64_t> withheld_at = {};
  uint64_t rows = 0;      // rows of a node's store that were compared
  bool all_rows = false;  // false: only the rows of payloads and findings were compared
};

class Replay {
 public:
  // Opens the store in `folder`, which is new or holds an earlier replay of the same log. If
  // `folder` is empty, the store is in the machine's temporary folder and is removed with the
  // replay.
  // Errors: IO, CORRUPT, STORE_TOO_NEW.
  static Result<std::unique_ptr<Replay>> open(const std::string& folder);
  virtual ~Replay() = default;

  // Applies the next leaf, which the audit has already taken. `root` is the root of the tree up to
  // it. Leaves that the store already holds are skipped.
  // Faults: BATCH_REFUSED, REPLAY_DIFFERS.
  // Requires: the leaf was made with KeepEvents::yes.
  virtual Result<AuditResult<Done>> take(uint64_t index, const AuditedLeaf& leaf, LoggedBatch batch,
                                         const Hash& root) = 0;
  // Everything is on disk when it returns.
  virtual Result<Done> flush() = 0;
  // Compares the replay's rows with those that a node derived at `size` leaves. `whole`: the node's
  // store ends there, so all its rows can be compared.
  // Faults: DERIVED_ROW_WRONG.
  virtual Result<AuditResult<Done>> compare(const Reader& node, uint64_t size, bool whole) = 0;
  virtual const ReplaySeen& seen() const = 0;
  virtual uint64_t leaves() const = 0;  // in the replay's store
};

}  // namespace suyuan
