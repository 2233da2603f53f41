#include "tests/faults/disk_fs.h"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <cstring>

namespace suyuan::test {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus status(DiskAnswer answer, const std::string& name) {
  switch (answer) {
    case DiskAnswer::ok: return IOStatus::OK();
    case DiskAnswer::missing: return IOStatus::NotFound(name);
    case DiskAnswer::io_error: return IOStatus::IOError(name, "simulated I/O error");
    case DiskAnswer::no_space: return IOStatus::NoSpace(name, "simulated full disk");
  }
  return IOStatus::IOError(name);
}

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(Disk& disk, uint64_t file, std::string name)
      : disk_(disk), file_(file), name_(std::move(name)) {}
  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    std::string bytes;
    const auto answer = disk_.read(file_, at_, n, bytes);
    std::memcpy(scratch, bytes.data(), bytes.size());
    *result = Slice(scratch, bytes.size());
    at_ += bytes.size();
    return status(answer, name_);
  }
  IOStatus Skip(uint64_t n) override {
    at_ = std::min(at_ + n, disk_.size(file_));
    return IOStatus::OK();
  }

 private:
  Disk& disk_;
  const uint64_t file_;
  const std::string name_;
  uint64_t at_ = 0;
};

class RandomFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomFile(Disk& disk, uint64_t file, std::string name)
      : disk_(disk), file_(file), name_(std::move(name)) {}
  IOStatus Read(uint64_t from, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    std::string bytes;
    const auto answer = disk_.read(file_, from, n, bytes);
    std::memcpy(scratch, bytes.data(), bytes.size());
    *result = Slice(scratch, bytes.size());
    return status(answer, name_);
  }

 private:
  Disk& disk_;
  const uint64_t file_;
  const std::string name_;
};

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  WritableFile(Disk& disk, uint64_t file, std::string name)
      : disk_(disk), file_(file), name_(std::move(name)) {}
  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return status(disk_.append(file_, {data.data(), data.size()}), name_);
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    return status(disk_.truncate(file_, size), name_);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return status(disk_.sync(file_), name_);
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return disk_.size(file_); }

 private:
  Disk& disk_;
  const uint64_t file_;
  const std::string name_;
};

class Folder final : public rocksdb::FSDirectory {
 public:
  explicit Folder(Disk& disk) : disk_(disk) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return status(disk_.sync_folder(), "folder");
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  Disk& disk_;
};

class Lock final : public rocksdb::FileLock {};

class DiskFs final : public rocksdb::FileSystemWrapper {
 public:
  explicit DiskFs(Disk& disk) : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}
  const char* Name() const override { return "DiskFs"; }

  IOStatus NewSequentialFile(const std::string& name, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* made,
                             IODebugContext*) override {
    return open<SequentialFile>(name, *made);
  }
  IOStatus NewRandomAccessFile(const std::string& name, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* made,
                               IODebugContext*) override {
    return open<RandomFile>(name, *made);
  }
  IOStatus NewWritableFile(const std::string& name, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* made,
                           IODebugContext*) override {
    uint64_t file = 0;
    const auto answer = disk_.create(name, file);
    if (answer == DiskAnswer::ok) *made = std::make_unique<WritableFile>(disk_, file, name);
    return status(answer, name);
  }
  IOStatus ReopenWritableFile(const std::string& name, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* made,
                              IODebugContext* context) override {
    uint64_t file = 0;
    const auto answer = disk_.open(name, file);
    if (answer == DiskAnswer::missing) return NewWritableFile(name, options, made, context);
    if (answer == DiskAnswer::ok) *made = std::make_unique<WritableFile>(disk_, file, name);
    return status(answer, name);
  }
  IOStatus ReuseWritableFile(const std::string& name, const std::string&, const FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return IOStatus::NotSupported(name);
  }
  IOStatus NewRandomRWFile(const std::string& name, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>*, IODebugContext*) override {
    return IOStatus::NotSupported(name);
  }
  IOStatus NewMemoryMappedFileBuffer(
      const std::string& name, std::unique_ptr<rocksdb::MemoryMappedFileBuffer>*) override {
    return IOStatus::NotSupported(name);
  }
  IOStatus NewDirectory(const std::string&, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* made, IODebugContext*) override {
    *made = std::make_unique<Folder>(disk_);
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& name, const IOOptions&, IODebugContext*) override {
    for (const auto& one : disk_.names()) {
      if (one == name || one.starts_with(name + "/")) return IOStatus::OK();
    }
    return IOStatus::NotFound(name);
  }
  IOStatus GetChildren(const std::string& folder, const IOOptions&,
                       std::vector<std::string>* children, IODebugContext*) override {
    children->clear();
    const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    for (const auto& one : disk_.names()) {
      if (!one.starts_with(prefix)) continue;
      const std::string rest = one.substr(prefix.size());
      if (rest.find('/') == std::string::npos) children->push_back(rest);
    }
    return IOStatus::OK();
  }
  IOStatus GetChildrenFileAttributes(const std::string& folder, const IOOptions& options,
                                     std::vector<rocksdb::FileAttributes>* found,
                                     IODebugContext* context) override {
    std::vector<std::string> children;
    auto done = GetChildren(folder, options, &children, context);
    found->clear();
    for (const auto& child : children) {
      uint64_t bytes = 0;
      if (GetFileSize(folder + "/" + child, options, &bytes, context).ok())
        found->push_back({.name = child, .size_bytes = bytes});
    }
    return done;
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions&, IODebugContext*) override {
    return status(disk_.remove(name), name);
  }
  IOStatus Truncate(const std::string& name, size_t size, const IOOptions&,
                    IODebugContext*) override {
    uint64_t file = 0;
    const auto answer = disk_.open(name, file);
    return status(answer == DiskAnswer::ok ? disk_.truncate(file, size) : answer, name);
  }
  IOStatus CreateDir(const std::string&, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  IOStatus CreateDirIfMissing(const std::string&, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  IOStatus DeleteDir(const std::string&, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  IOStatus GetFileSize(const std::string& name, const IOOptions&, uint64_t* size,
                       IODebugContext*) override {
    uint64_t file = 0;
    const auto answer = disk_.open(name, file);
    if (answer == DiskAnswer::ok) *size = disk_.size(file);
    return status(answer, name);
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& name, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return status(disk_.rename(name, to), name);
  }
  IOStatus LinkFile(const std::string& name, const std::string&, const IOOptions&,
                    IODebugContext*) override {
    return IOStatus::NotSupported(name);
  }
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    *lock = new Lock;
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete static_cast<Lock*>(lock);
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* whole,
                           IODebugContext*) override {
    *whole = path;
    return IOStatus::OK();
  }
  IOStatus GetFreeSpace(const std::string&, const IOOptions&, uint64_t* bytes,
                        IODebugContext*) override {
    *bytes = uint64_t{1} << 40;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is,
                       IODebugContext*) override {
    const auto all = disk_.names();
    *is = std::find(all.begin(), all.end(), path) == all.end();
    return IOStatus::OK();
  }

 private:
  template <class File, class Base>
  IOStatus open(const std::string& name, std::unique_ptr<Base>& made) {
    uint64_t file = 0;
    const auto answer = disk_.open(name, file);
    if (answer == DiskAnswer::ok) made = std::make_unique<File>(disk_, file, name);
    return status(answer, name);
  }

  Disk& disk_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> env_on(Disk& disk) {
  return rocksdb::NewCompositeEnv(std::make_shared<DiskFs>(disk));
}

}  // namespace suyuan::test
