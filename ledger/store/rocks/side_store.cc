#include "ledger/store/rocks/side_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/merge_operator.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <utility>

#include "ledger/store/rocks/info_log.h"
#include "ledger/store/rocks/log_check.h"
#include "ledger/store/rocks/status.h"

namespace suyuan {
namespace {

rocksdb::Slice side_slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
BytesView side_view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// SideRows::put_least. The order in which values meet does not matter, nor how often.
class LeastValue final : public rocksdb::AssociativeMergeOperator {
 public:
  bool Merge(const rocksdb::Slice& /*key*/, const rocksdb::Slice* known,
             const rocksdb::Slice& value, std::string* least,
             rocksdb::Logger* /*logger*/) const override {
    const auto& kept = known != nullptr && known->compare(value) < 0 ? *known : value;
    least->assign(kept.data(), kept.size());
    return true;
  }
  const char* Name() const override { return "suyuan.least"; }
};

class OpenCursor final : public SideCursor {
 public:
  OpenCursor(rocksdb::DB& db, bool has_backup)
      : has_backup_(has_backup), rows_(db.NewIterator(rocksdb::ReadOptions{})) {}
  void seek(BytesView key) override { rows_->Seek(side_slice(key)); }
  void seek_backward(BytesView key) override {
    rows_->SeekForPrev(side_slice(key));
    if (rows_->Valid() && side_view(rows_->key()) == key) rows_->Prev();
  }
  void next() override { rows_->Next(); }
  void previous() override { rows_->Prev(); }
  bool valid() const override { return rows_->Valid(); }
  BytesView key() const override { return side_view(rows_->key()); }
  BytesView value() const override { return side_view(rows_->value()); }
  Result<Done> status() const override {
    if (rows_->status().ok()) return Done{};
    return fail(rows_->status(), "read the rows next to the ledger", has_backup_);
  }

 private:
  const bool has_backup_;
  const std::unique_ptr<rocksdb::Iterator> rows_;
};

class OpenSideStore final : public SideStore {
 public:
  OpenSideStore(std::unique_ptr<rocksdb::DB> db, bool logged)
      : logged_(logged), db_(std::move(db)) {}
  // Rows that no log holds are written to a table here.
  ~OpenSideStore() override { db_->Close().PermitUncheckedError(); }

  Result<Done> write(const std::vector<SideRow>& rows, bool synced) override {
    rocksdb::WriteBatch batch;
    for (const auto& row : rows) {
      const auto status =
          row.value ? batch.Put(row.key, *row.value) : batch.Delete(row.key);
      if (!status.ok()) return fail(status, "write next to the ledger", logged_);
    }
    return write_batch(batch, synced);
  }

  // In key order: the next row's place in memory is then found from the previous one's, which is
  // most of the work.
  Result<Done> write(const SideRows& rows) override {
    struct Row {
      BytesView key;
      BytesView value;
      bool least;
    };
    std::vector<Row> sorted;
    sorted.reserve(rows.size());
    rows.for_each([&](BytesView key, BytesView value, bool least) {
      sorted.push_back({.key = key, .value = value, .least = least});
    });
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Row& a, const Row& b) { return a.key < b.key; });
    rocksdb::WriteBatch batch;
    for (const Row& row : sorted) {
      const auto key = side_slice(row.key);
      const auto value = side_slice(row.value);
      const auto status = row.least ? batch.Merge(key, value) : batch.Put(key, value);
      if (!status.ok()) return fail(status, "write next to the ledger", logged_);
    }
    return write_batch(batch, false);
  }

  Result<std::optional<Bytes>> get(BytesView key) const override {
    std::string value;
    const auto status = db_->Get(rocksdb::ReadOptions{}, side_slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>{};
    if (!status.ok()) return fail(status, "read next to the ledger", logged_);
    return std::optional<Bytes>(std::move(value));
  }

  Result<Done> scan(BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    OpenCursor rows(*db_, logged_);
    if (direction == Direction::ascending) {
      for (rows.seek(from); rows.valid() && (to.empty() || rows.key() < to); rows.next()) {
        if (!visit(rows.key(), rows.value())) break;
      }
      return rows.status();
    }
    if (to.empty())
      rows.seek_backward(Bytes(kLongestKey, '\xff'));
    else
      rows.seek_backward(to);
    for (; rows.valid() && rows.key() >= from; rows.previous()) {
      if (!visit(rows.key(), rows.value())) break;
    }
    return rows.status();
  }

  std::unique_ptr<SideCursor> cursor() const override {
    return std::make_unique<OpenCursor>(*db_, logged_);
  }

  Result<Done> link_to(const std::string& folder) const override {
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> links(made);
    if (status.ok()) status = links->CreateCheckpoint(folder, 0);
    if (!status.ok()) return fail(status, "link the files next to the ledger to " + folder);
    return Done{};
  }

  SideMemory memory() const override {
    const auto reading = [this](const std::string& name) {
      uint64_t value = 0;
      return db_->GetIntProperty(name, &value) ? value : 0;
    };
    using Properties = rocksdb::DB::Properties;
    return {.blocks = reading(Properties::kBlockCacheUsage),
            .blocks_max = reading(Properties::kBlockCacheCapacity),
            .buffers = reading(Properties::kSizeAllMemTables),
            .files = reading(Properties::kEstimateTableReadersMem)};
  }

 private:
  Result<Done> write_batch(rocksdb::WriteBatch& batch, bool synced) {
    rocksdb::WriteOptions options;
    options.sync = synced && logged_;
    options.disableWAL = !logged_;
    const auto status = db_->Write(options, &batch);
    if (!status.ok()) return fail(status, "write next to the ledger", logged_);
    return Done{};
  }

  static constexpr size_t kLongestKey = 1 << 10;
  const bool logged_;  // otherwise its rows can be made again, and no backup has them
  const std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

Result<std::unique_ptr<SideStore>> open_side_store(const std::string& path,
                                                   const SideSizes& sizes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.merge_operator = std::make_shared<LeastValue>();
  options.info_log = open_info_log(path);
  options.paranoid_checks = true;
  // Anything not synced may end anywhere after a power cut.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.max_background_jobs = 2;
  options.write_buffer_size = sizes.buffer_bytes;
  options.max_total_wal_size = 4 * sizes.buffer_bytes;
  options.target_file_size_base = sizes.file_bytes;
  options.max_open_files = sizes.open_files_max;
  options.table_cache_numshardbits = 0;  // the default, 64 shards, keeps at least 64 open
  // Many rows are written in key order: each search starts where the previous one ended.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(0));
  if (sizes.can_be_remade) {
    constexpr int kTablesBesideEachOther = 8;
    options.compaction_style = rocksdb::kCompactionStyleUniversal;
    options.level0_file_num_compaction_trigger = kTablesBesideEachOther;
  }
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(sizes.cache_bytes);
  // Outside the cache, indexes and filters would grow with the rows. They are partitioned because
  // most filters are never needed: cursors use none.
  table.cache_index_and_filter_blocks = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  SUYUAN_TRY_DONE(check_logs(*options.env, path));
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(options, path, &db);
  if (!status.ok()) return fail_open(status, path);
  return std::unique_ptr<SideStore>(
      std::make_unique<OpenSideStore>(std::unique_ptr<rocksdb::DB>(db), !sizes.can_be_remade));
}

}  // namespace suyuan
