#include "ledger/store/rocks/loose_rows.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "ledger/store/rocks/info_log.h"
#include "ledger/store/rocks/status.h"

namespace suyuan {
namespace {

constexpr size_t kLooseCacheBytes = size_t{8} << 20;

class OpenRows final : public LooseRows {
 public:
  explicit OpenRows(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

  Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) const override {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions{}));
    for (at->Seek({from.data(), from.size()}); at->Valid(); at->Next()) {
      const BytesView key(at->key().data(), at->key().size());
      if (key >= to || !visit(key, {at->value().data(), at->value().size()})) break;
    }
    if (!at->status().ok()) return fail(at->status(), "read rows");
    return Done{};
  }

  Result<Done> write(const Writes& writes) override {
    rocksdb::WriteBatch batch;
    for (const auto& [key, value] : writes) {
      const auto status = value ? batch.Put(key, *value) : batch.Delete(key);
      if (!status.ok()) return fail(status, "write rows");
    }
    const auto status = db_->Write(rocksdb::WriteOptions{}, &batch);
    if (!status.ok()) return fail(status, "write rows");
    return Done{};
  }

 private:
  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

Result<std::unique_ptr<LooseRows>> LooseRows::open(const std::string& path) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = size_t{4} << 20;
  options.max_total_wal_size = size_t{16} << 20;
  options.max_background_jobs = 2;
  options.info_log = open_info_log(path);
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(kLooseCacheBytes);
  blocks.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(options, path, &db);
  if (!status.ok()) return fail_open(status, path);
  return std::unique_ptr<LooseRows>(std::make_unique<OpenRows>(std::unique_ptr<rocksdb::DB>(db)));
}

}  // namespace suyuan
