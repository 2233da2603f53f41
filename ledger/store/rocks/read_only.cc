// Opening without writing: RocksDB replays its log into memory and flushes nothing.
#include "ledger/store/rocks/read_only.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include "ledger/store/rocks/log_check.h"
#include "ledger/store/rocks/open.h"
#include "ledger/store/rocks/options.h"
#include "ledger/store/rocks/status.h"

namespace suyuan {
namespace {

// Commands that read a store do not raise the limit of their process, which is often 1,024.
constexpr int kOpenFilesMax = 512;

// RocksDB's remarks would be a file in the folder.
class NoRemarks final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

class Lock {
 public:
  Lock(rocksdb::Env& env, rocksdb::FileLock* lock) : env_(env), lock_(lock) {}
  ~Lock() { env_.UnlockFile(lock_).PermitUncheckedError(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  rocksdb::Env& env_;
  rocksdb::FileLock* lock_;
};

class OpenReadOnly final : public ReadOnlyRocks {
 public:
  OpenReadOnly(std::unique_ptr<Lock> lock, OpenedDatabase opened)
      : lock_(std::move(lock)),
        opened_(std::move(opened)),
        reader_(*opened_.db, opened_.families, nullptr, snapshots_) {}
  const Reader& reader() const override { return reader_; }
  Result<Done> verify_checksums() const override {
    const auto status = opened_.db->VerifyChecksum();
    if (status.ok()) return Done{};
    return fail(status, "verify the checksums of the store");
  }

 private:
  std::unique_ptr<Lock> lock_;  // first: released when the database is closed
  OpenedDatabase opened_;
  std::atomic<uint64_t> snapshots_ = 0;
  RocksReader reader_;
};

Result<std::unique_ptr<Lock>> take_lock(const std::string& path) {
  auto& env = *rocksdb::Env::Default();
  rocksdb::FileLock* lock = nullptr;
  const auto status = env.LockFile(path + "/LOCK", &lock);
  if (status.ok()) return std::make_unique<Lock>(env, lock);
  return fail(Code::BUSY, "the store at " + path + " is in use by another process, or cannot be "
                              "locked: stop the node, audit it by its address, or audit a copy "
                              "of the folder. " + status.ToString());
}

}  // namespace

Result<std::unique_ptr<ReadOnlyRocks>> open_rocks_read_only(const std::string& path) {
  if (!rocksdb::Env::Default()->FileExists(path + "/CURRENT").ok())
    return fail(Code::NOT_FOUND, "there is no store at " + path);
  SUYUAN_TRY(lock, take_lock(path));
  RocksOptions options{.path = path};
  options.open_files_max = kOpenFilesMax;
  auto settings = database_options(options);
  settings.info_log = std::make_shared<NoRemarks>();
  SUYUAN_TRY_DONE(check_logs(*settings.env, path));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::OpenForReadOnly(settings, path, families_of(options), &handles, &db);
  if (!status.ok()) return fail_open(status, path);
  OpenedDatabase opened{.guard = nullptr, .db = nullptr};
  opened.take(db, std::move(handles));
  return std::unique_ptr<ReadOnlyRocks>(
      std::make_unique<OpenReadOnly>(std::move(lock), std::move(opened)));
}

}  // namespace suyuan
