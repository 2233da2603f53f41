// The manifest of a backup: what it holds, and a hash of each of its files and of itself.
//
//   suyuan/backup/v1
//   ledger <origin> <base64 of H(data of leaf 0)>
//   made <ms since 1970>
//   leaves <leaves of the store>
//   checkpoint <size> <base64 of the root>     the newest that was published
//   mark <epoch> <size> <base64 of the root>   of the watermark, read before the store
//   erased <in its files> <while it was made>   sections, where there are any
//   file <hex of SHA-256> <bytes> <path in the data folder>     one for each, ascending by path
//   sum <hex of SHA-256 of all lines before>
#pragma once

#include "ledger/proof/watermark_file.h"
#include "ledger/registry/genesis.h"
#include "node/backup/files.h"

namespace suyuan {

struct BackedUpFile {
  std::string path;
  FileSum sum;
  friend bool operator==(const BackedUpFile&, const BackedUpFile&) = default;
};

// Sealed sections whose bytes may be in a backup although a notice has erased them.
struct ErasedInBackup {
  uint64_t in_files = 0;  // erased before, but not yet gone from the node's files
  uint64_t since = 0;     // erased while the files were copied
  uint64_t all() const { return in_files + since; }
  friend bool operator==(const ErasedInBackup&, const ErasedInBackup&) = default;
};

struct BackupManifest {
  LedgerId ledger;
  int64_t made_ms = 0;
  uint64_t leaves = 0;
  TreeHead checkpoint;
  Mark mark;
  ErasedInBackup erased;
  std::vector<BackedUpFile> files;
  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;

  const BackedUpFile* find(std::string_view path) const;
};

// Returns true if this path, relative to the data folder, may be in a manifest: letters, digits,
// '.', '-', '_', and no way out of the target folder.
bool is_backup_path(std::string_view path);

inline constexpr size_t kManifestBytesMax = size_t{64} << 20;  // enough for some 500,000 files

std::string write_manifest(const BackupManifest& manifest);
// Errors: CORRUPT (any byte differs from what was written).
Result<BackupManifest> parse_manifest(std::string_view text);

}  // namespace suyuan
