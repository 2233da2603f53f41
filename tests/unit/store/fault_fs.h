// FaultFs: the system's files, but for writes and syncs that fail when a test says so.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>

namespace suyuan {

struct FileFaults {
  std::atomic<bool> log_syncs = false;
  std::atomic<bool> log_writes = false;
  std::atomic<bool> table_writes = false;
};

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> file, const std::string& name,
             const FileFaults& faults)
      : FSWritableFileOwnerWrapper(std::move(file)),
        log_(name.ends_with(".log")),
        table_(name.ends_with(".sst")),
        faults_(faults) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    if (bad_write()) return rocksdb::IOStatus::IOError("injected write fault");
    return FSWritableFileOwnerWrapper::Append(data, options, context);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& info,
                           rocksdb::IODebugContext* context) override {
    if (bad_write()) return rocksdb::IOStatus::IOError("injected write fault");
    return FSWritableFileOwnerWrapper::Append(data, options, info, context);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* context) override {
    if (log_ && faults_.log_syncs) return rocksdb::IOStatus::IOError("injected sync fault");
    return FSWritableFileOwnerWrapper::Sync(options, context);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* context) override {
    if (log_ && faults_.log_syncs) return rocksdb::IOStatus::IOError("injected sync fault");
    return FSWritableFileOwnerWrapper::Fsync(options, context);
  }

 private:
  bool bad_write() const {
    return (log_ && faults_.log_writes) || (table_ && faults_.table_writes);
  }
  bool log_;
  bool table_;
  const FileFaults& faults_;
};

class FaultFs final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultFs(const FileFaults& faults)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}
  const char* Name() const override { return "FaultFs"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    auto status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (status.ok()) *file = std::make_unique<FaultyFile>(std::move(*file), name, faults_);
    return status;
  }

 private:
  const FileFaults& faults_;
};

}  // namespace suyuan
