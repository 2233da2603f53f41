// suyuan-node restore and import: makes a data folder from a backup, or from an exported log.
// docs/backup.md, Restore.
#pragma once

#include <functional>
#include <optional>

#include "ledger/os/passphrase.h"
#include "node/backup/backup.h"

namespace suyuan {

using RebuildProgress = std::function<void(uint64_t leaves, uint64_t of)>;

struct RestoreOptions {
  std::string from;  // a backup, or the folder of all backups
  std::string to;    // the data folder; keys may be there already
  // Restore the log at this size, which must be that of a checkpoint. It is older than what was
  // signed, so the result may be read but never served.
  std::optional<uint64_t> size = {};
  // An exported log that continues where the backup ends; empty: none. INVALID_FIELD if nodes share
  // the ledger's log.
  std::string log = {};
  PassphraseSource passphrase = {};  // of encrypted keys; only with `log`
  RebuildProgress progress = {};
};

struct ImportOptions {
  std::string from;  // the folder of an exported log
  std::string data;  // holds keys/node.key and keys/log.key
  PassphraseSource passphrase = {};
  RebuildProgress progress = {};
};

struct Restored {
  LedgerId ledger;
  std::string backup;   // the backup that was used
  TreeHead checkpoint;  // the newest in it
  uint64_t leaves = 0;  // in the store
  uint64_t events = 0;  // events judged again
};

// The folder is whole, or no node serves it (init_mark.h).
// Errors: CORRUPT (the backup is damaged, or the log breaks its rules), INVALID_FIELD (the folder
// holds a ledger, or no checkpoint has that size), NOT_FOUND, LEDGER_MISMATCH, IO.
Result<Restored> restore_backup(const RestoreOptions& options);
Result<Restored> import_log(const ImportOptions& options);

}  // namespace suyuan
