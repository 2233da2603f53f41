// suyuan-node backup: a copy of a node's data from which a node can continue, made while the node
// serves. Each backup is a folder like a data folder, with a manifest. Files unchanged since the
// previous backup are shared with it by hard links. docs/backup.md.
#pragma once

#include <functional>
#include <memory>

#include "ledger/store/rocks/read_only.h"
#include "node/backup/manifest.h"
#include "node/data_folder.h"

namespace suyuan {

struct BackupOptions {
  std::string data;
  std::string to;          // the folder of all backups
  bool with_keys = false;  // the node's keys and the gateway's too
  // Called once all is copied, before the node is asked what was erased in the meantime. May be
  // null.
  std::function<void()> on_copied = {};
};

struct BackupMade {
  std::string folder;  // of this backup
  BackupManifest manifest;
  uint64_t bytes = 0;         // of all its files
  uint64_t copied_bytes = 0;  // of those not shared with the previous backup
};

// Makes a whole, checked backup, or nothing: it is opened, and its tree is compared with its
// checkpoint, before it gets its name. Its manifest says what was erased and may still be in it.
// Errors: NOT_FOUND (no ledger, or nothing was published yet), LEDGER_MISMATCH (the folder has
// backups of another ledger), BUSY (a node has the store open and does not answer), ROLLED_BACK
// (the node is stopped, and its store is behind what it acknowledged), INVALID_FIELD (a file name
// that no manifest takes, such as "log.key~" among the keys), CORRUPT, IO.
Result<BackupMade> make_backup(const BackupOptions& options, int64_t now_ms);

// Folders with this name are incomplete or outdated: each finished backup removes them.
inline constexpr std::string_view kUnfinished = "unfinished-";
Result<Done> remove_unfinished(const std::string& to);

// The folders below `to` that are whole backups, oldest first.
Result<std::vector<std::string>> backups_in(const std::string& to);
// `from`: a backup, or the folder of all backups: then the newest one, or, if a size is requested,
// the first whose checkpoint covers it. Errors: NOT_FOUND.
Result<std::string> choose_backup(const std::string& from, std::optional<uint64_t> size);
// Errors: CORRUPT, NOT_FOUND, IO.
Result<BackupManifest> read_manifest(const std::string& backup);
// Checks every byte of every file. Errors: CORRUPT (names the first that has changed).
Result<BackupManifest> check_backup(const std::string& backup);

// Opens a backup's store, which must be what the manifest says: ledger, leaves, checkpoint, mark.
struct OpenedBackup {
  std::unique_ptr<ReadOnlyRocks> store;
  std::string checkpoint;  // the note
};
Result<OpenedBackup> open_backup(const std::string& backup, const BackupManifest& manifest);

}  // namespace suyuan
