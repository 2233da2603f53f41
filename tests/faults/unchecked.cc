#include "tests/faults/unchecked.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include "ledger/store/rocks/info_log.h"
#include "ledger/store/rocks/options.h"

namespace suyuan::test {
namespace {

class Unchecked final : public Reader {
 public:
  Unchecked(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> families, Checks checks)
      : db_(db), families_(std::move(families)), checks_(checks) {}
  ~Unchecked() override {
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    std::string value;
    const auto status = db_->Get(options(), family(table), rocksdb::Slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>{};
    if (!status.ok()) return fail(Code::CORRUPT, status.ToString());
    return std::optional<Bytes>(std::move(value));
  }
  // Whole tables, upwards: what the tests read.
  Result<Done> scan(Table table, BytesView, BytesView, Direction,
                    const RowVisitor& visit) const override {
    const std::unique_ptr<rocksdb::Iterator> rows(db_->NewIterator(options(), family(table)));
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      if (!visit(rows->key().ToStringView(), rows->value().ToStringView())) break;
    }
    if (!rows->status().ok()) return fail(Code::CORRUPT, rows->status().ToString());
    return Done{};
  }

 private:
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions options;
    options.verify_checksums = checks_ == Checks::of_rocksdb;
    options.total_order_seek = true;
    return options;
  }
  rocksdb::ColumnFamilyHandle* family(Table table) const {
    return families_.at(static_cast<size_t>(table) + 1);
  }

  const std::unique_ptr<rocksdb::DB> db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> families_;
  const Checks checks_;
};

}  // namespace

std::unique_ptr<Reader> open_unchecked(rocksdb::Env& env, Checks checks) {
  RocksOptions settings;
  settings.env = &env;
  rocksdb::DBOptions options = database_options(settings);
  if (checks == Checks::none) {
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
    options.paranoid_checks = false;
  }
  options.info_log = open_info_log("/simulated/store");
  const auto cache = rocksdb::NewLRUCache(size_t{4} << 20);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions{});
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    families.emplace_back(std::string(word(table)), table_options(table, settings, cache));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const std::string path = "/simulated/store";
  const auto status =
      checks == Checks::none
          ? rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &db)
          : rocksdb::DB::Open(options, path, families, &handles, &db);
  if (!status.ok()) return nullptr;
  return std::make_unique<Unchecked>(db, std::move(handles), checks);
}

}  // namespace suyuan::test
