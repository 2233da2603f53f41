// suyuan-node backup: a copy of a node's data that somebody can go on from, made while the node
// serves. Each backup is a folder of its own, like a data folder, with a manifest; what has not
// changed since the one before is shared with it by hard links. docs/backup.md.
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
  // Once all is copied, before the node is asked what was erased meanwhile. Null: nobody waits.
  std::function<void()> on_copied = {};
};

struct BackupMade {
  std::string folder;  // of this one
  BackupManifest manifest;
  uint64_t bytes = 0;         // of all its files
  uint64_t copied_bytes = 0;  // of those that were not shared with the backup before
};

// What was erased and may be in it all the same, its manifest says.
// Whole and checked, or nothing: it is opened and its tree held against the checkpoint in it before
// it gets its name. NOT_FOUND: no ledger, or nothing was published yet; LEDGER_MISMATCH: the folder
// has backups of another ledger; BUSY: a node has the store open and does not answer;
// ROLLED_BACK: the node is stopped, and its store is behind what it acknowledged;
// INVALID_FIELD: a file whose name no manifest takes, such as "log.key~" among the keys; CORRUPT,
// IO.
Result<BackupMade> make_backup(const BackupOptions& options, int64_t now_ms);

// Folders of this name are none yet, or no more: each backup that is made takes them away.
inline constexpr std::string_view kUnfinished = "unfinished-";
Result<Done> remove_unfinished(const std::string& to);

// The folders below `to` that are whole backups, the oldest first.
Result<std::vector<std::string>> backups_in(const std::string& to);
// `from`: a backup, or the folder of all of them: then the newest, or where a size is asked for the
// first whose checkpoint covers it. NOT_FOUND.
Result<std::string> choose_backup(const std::string& from, std::optional<uint64_t> size);
// CORRUPT, NOT_FOUND, IO.
Result<BackupManifest> read_manifest(const std::string& backup);
// Every byte of every file: CORRUPT names the first that is another than it was.
Result<BackupManifest> check_backup(const std::string& backup);

// A backup's store, which must be what the manifest says: ledger, leaves, checkpoint, mark.
struct OpenedBackup {
  std::unique_ptr<ReadOnlyRocks> store;
  std::string checkpoint;  // the note
};
Result<OpenedBackup> open_backup(const std::string& backup, const BackupManifest& manifest);

}  // namespace suyuan
