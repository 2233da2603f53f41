// Backups of before an erasure hold what it erased. Which they are follows from the manifests and
// from the erasures in the newest one: a section of leaf p that leaf n erased is in every backup of
// more than p leaves and at most n. A backup is never changed, since its manifest vouches for every
// byte, and each earlier checkpoint can be restored from the newest one: so they are taken away,
// but for those that hold what the newest one has not.
#pragma once

#include "node/backup/backup.h"

namespace suyuan {

// Sections of the first `leaves` leaves that later ones have erased.
Result<uint64_t> erased_since(const Reader& store, uint64_t leaves);

struct BackupWithErased {
  std::string folder;
  uint64_t sections = 0;  // in it, and erased
};
// Of the folder of all backups, the oldest first; as far as the one with the most leaves knows, and
// as each one's manifest says of itself.
// NOT_FOUND: no backup there; LEDGER_MISMATCH, CORRUPT, IO.
Result<std::vector<BackupWithErased>> backups_with_erased(const std::string& backups);

// Holds what was erased, and is the newest itself, or has keys, attachments, sections or a history
// that the newest lacks.
struct BackupLeft {
  std::string folder;
  std::string why;
};
struct BackupsPurged {
  std::string kept;  // of which every byte was read before another one was taken away
  std::vector<BackupWithErased> removed;
  std::vector<BackupLeft> left;
};
// As above, and where the one that stays is damaged (CORRUPT) nothing is taken away. A crash leaves
// whole backups, and at most one that counts as none and goes with the next backup or purge. BUSY:
// a backup is being made there.
Result<BackupsPurged> purge_backups(const std::string& backups);

}  // namespace suyuan
