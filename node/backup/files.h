// Files of a backup: copied and hashed in one pass, or shared with the earlier backup by a hard
// link.
#pragma once

#include <vector>

#include "ledger/os/descriptor.h"
#include "ledger/os/files.h"

namespace suyuan {

struct FileSum {
  Hash sha256;
  uint64_t bytes = 0;
  friend bool operator==(const FileSum&, const FileSum&) = default;
};

// Errors: NOT_FOUND, IO.
Result<FileSum> sum_file(const std::string& path);
// Copies into a new file. The sum is of what was read. On disk once its file system is synced.
// Errors: IO.
Result<FileSum> copy_file(const std::string& from, const std::string& to, FileMode mode);
// Returns false if this file system has no hard links, or the two paths are on different ones.
bool link_file(const std::string& from, const std::string& to);
// Returns true if two immutable RocksDB files are the same, judged by size, beginning and end; a
// table file's end holds its random session id.
// Errors: IO.
Result<bool> is_same_table(const std::string& one, const std::string& other);
// Returns the names in the folder, sorted.
// Errors: IO.
Result<std::vector<std::string>> names_in(const std::string& folder);

// Held while it lives: one backup at a time in a folder.
// Errors: BUSY.
class BackupLock {
 public:
  static Result<BackupLock> take(const std::string& path);

 private:
  explicit BackupLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace suyuan
