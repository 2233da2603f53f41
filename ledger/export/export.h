// Export: the whole log with its events as a folder of static files, in the layout of formats.md
// 4. Run again, it adds what is new. Nothing is taken on trust: what the folder holds after each
// run is a log whose every leaf and event hashes to the checkpoint, signed by the key that leaf 0
// names.
#pragma once

#include <functional>
#include <optional>

#include "ledger/proof/log_source.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

struct Exported {
  LedgerId ledger;
  uint64_t older = 0;  // size that the folder had before; 0: it was new
  uint64_t size = 0;
  uint64_t events = 0;  // written now
  uint64_t files = 0;   // written now
};

struct ExportOptions {
  std::string folder;
  std::optional<Bytes> genesis_leaf = {};  // of the ledger that is meant; none: the source's
  // Told after each bundle of leaves; may be empty.
  std::function<void(uint64_t leaves, uint64_t of)> progress = {};
};

// The folder's checkpoint is replaced last, when all that it covers is on disk: a run that is
// interrupted leaves the older log whole, and the next one begins where that ended; events that lie
// there already are not read again. Memory is bounded by one bundle and one batch.
// LEDGER_MISMATCH: the source or the folder holds another ledger. INVALID_FIELD: the folder's log
// is longer. CORRUPT: the source's log does not
// hold together, or does not begin with what the folder has; the folder is damaged.
// SIGNATURE_INVALID, KEY_UNKNOWN, NOTE_SYNTAX: the checkpoint. IO; what the source answers.
Result<Exported> export_log(LogSource& source, const ExportOptions& options);

}  // namespace suyuan
