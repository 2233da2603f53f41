// suyuan-node restore and import: a data folder out of a backup, or out of an exported log.
// docs/backup.md, Restore.
#pragma once

#include <functional>
#include <optional>

#include "ledger/os/passphrase.h"
#include "node/backup/backup.h"

namespace suyuan {

using RebuildProgress = std::function<void(uint64_t leaves, uint64_t of)>;

struct RestoreOptions {
  std::string from;  // a backup, or the folder of all of them
  std::string to;    // the data folder; keys may lie there already
  // Where the log ended at this size, which must be that of a checkpoint: older than what was
  // signed, so to be read and never to be served.
  std::optional<uint64_t> size = {};
  // An exported log that goes on where the backup ends; empty: none. INVALID_FIELD where nodes
  // share the ledger's log.
  std::string log = {};
  PassphraseSource passphrase = {};  // of the keys, where they are sealed; with `log` alone
  RebuildProgress progress = {};
};

struct ImportOptions {
  std::string from;  // the folder of an exported log
  std::string data;  // in which keys/node.key and keys/log.key lie
  PassphraseSource passphrase = {};
  RebuildProgress progress = {};
};

struct Restored {
  LedgerId ledger;
  std::string backup;   // that was taken
  TreeHead checkpoint;  // the newest in it
  uint64_t leaves = 0;  // in the store
  uint64_t events = 0;  // of what was judged again
};

// Whole, or nothing that a node serves (init_mark.h). CORRUPT: the backup is damaged, or the log is
// none that its rules allow; INVALID_FIELD: there is a ledger in the folder, or the size is none of
// a checkpoint; NOT_FOUND, LEDGER_MISMATCH, IO.
Result<Restored> restore_backup(const RestoreOptions& options);
Result<Restored> import_log(const ImportOptions& options);

}  // namespace suyuan
