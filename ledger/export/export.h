// Export: the whole log with its events as a folder of static files, in the layout of formats.md 4.
// A later run adds what is new. The source is not trusted: after each run the folder holds a log
// whose every leaf and event hashes to the checkpoint, signed by the key that leaf 0 names.
#pragma once

#include <functional>
#include <optional>

#include "ledger/proof/log_source.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

struct Exported {
  LedgerId ledger;
  uint64_t older = 0;  // the folder's size before; 0: it was new
  uint64_t size = 0;
  uint64_t events = 0;  // written by this run
  uint64_t files = 0;   // written by this run
};

struct ExportOptions {
  std::string folder;
  std::optional<Bytes> genesis_leaf = {};  // of the expected ledger; nullopt: the source's
  // Called after each bundle of leaves; may be empty.
  std::function<void(uint64_t leaves, uint64_t of)> progress = {};
};

// Exports the log. The folder's checkpoint is replaced last, when all that it covers is on disk: an
// interrupted run leaves the older log intact, and the next one continues from there, without
// reading again the events that are already in the folder. Memory is bounded by one bundle and one
// batch.
// Errors: LEDGER_MISMATCH (the source or the folder holds another ledger), INVALID_FIELD (the
// folder's log is longer), CORRUPT (the source's log is inconsistent or does not begin with the
// folder's; or the folder is damaged), SIGNATURE_INVALID, KEY_UNKNOWN, NOTE_SYNTAX (the
// checkpoint), IO, and those of the source.
Result<Exported> export_log(LogSource& source, const ExportOptions& options);

}  // namespace suyuan
