// Backups made before an erasure still hold what it erased. Which ones follows from the manifests
// and from the erasures in the newest backup: a section of leaf p that leaf n erased is in every
// backup of more than p leaves and at most n. A backup is never changed, because its manifest
// covers every byte, and each earlier checkpoint can be restored from the newest one. So such
// backups are deleted, except those that hold something the newest one lacks.
#pragma once

#include "node/backup/backup.h"

namespace suyuan {

// Returns the number of sections in the first `leaves` leaves that later ones have erased.
Result<uint64_t> erased_since(const Reader& store, uint64_t leaves);

struct BackupWithErased {
  std::string folder;
  uint64_t sections = 0;  // in it, and erased
};
// Lists the backups in the folder of all backups, oldest first, judged by the backup with the most
// leaves and by each one's manifest.
// Errors: NOT_FOUND (no backup there), LEDGER_MISMATCH, CORRUPT, IO.
Result<std::vector<BackupWithErased>> backups_with_erased(const std::string& backups);

// A backup that holds erased data and is kept: it is the newest itself, or has keys, attachments,
// sections or a history that the newest lacks.
struct BackupLeft {
  std::string folder;
  std::string why;
};
struct BackupsPurged {
  std::string kept;  // every byte of it was read before another one was deleted
  std::vector<BackupWithErased> removed;
  std::vector<BackupLeft> left;
};
// As above, and deletes. If the backup that stays is damaged (CORRUPT), nothing is deleted. A crash
// leaves whole backups, and at most one incomplete one, which the next backup or purge removes.
// Errors: BUSY (a backup is being made there).
Result<BackupsPurged> purge_backups(const std::string& backups);

}  // namespace suyuan
