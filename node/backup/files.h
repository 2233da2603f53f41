// Files of a backup: copied and hashed in one go, or shared with the backup before by a hard link.
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

// NOT_FOUND, IO.
Result<FileSum> sum_file(const std::string& path);
// Into a new file; the sum is of what was read. On disk once its file system is synced. IO.
Result<FileSum> copy_file(const std::string& from, const std::string& to, FileMode mode);
// False: this file system has no hard links, or these two are not on one.
bool link_file(const std::string& from, const std::string& to);
// Whether two files of RocksDB that never change are the same: by size, beginning and end, where a
// table file has the number of its session, which is random. IO.
Result<bool> is_same_table(const std::string& one, const std::string& other);
// The names of what lies in the folder, sorted. IO.
Result<std::vector<std::string>> names_in(const std::string& folder);

// Held while it lives: one backup at a time in a folder. BUSY.
class BackupLock {
 public:
  static Result<BackupLock> take(const std::string& path);

 private:
  explicit BackupLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace suyuan
