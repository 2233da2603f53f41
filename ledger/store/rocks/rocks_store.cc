// RocksStore: one atomic synced WriteBatch for each commit; the first fault ends all commits.
#include "ledger/store/rocks/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "ledger/store/rocks/guard.h"
#include "ledger/store/rocks/open.h"
#include "ledger/store/rocks/options.h"
#include "ledger/store/rocks/status.h"
#include "ledger/store/schema.h"

namespace suyuan {
namespace {

constexpr size_t kProtectionBytes = 8;  // for each row, from our memory to the disk

class OpenStore final : public RocksStore {
 public:
  OpenStore(Opened opened, bool bulk)
      : bulk_(bulk),
        opened_(std::move(opened)),
        latest_(*opened_.db, opened_.families, nullptr, snapshots_) {}

  ~OpenStore() override {
    // RocksDB reads freed memory when a snapshot outlives it.
    SUYUAN_CHECK(snapshots_ == 0);
  }

  std::unique_ptr<Reader> snapshot() const override {
    return std::make_unique<RocksReader>(*opened_.db, opened_.families,
                                         opened_.db->GetSnapshot(), snapshots_);
  }

  const Reader& latest() const override { return latest_; }

  Result<Done> commit(const Changes& changes) override {
    if (opened_.guard->tripped()) return refuse();
    size_t bytes = 0;
    for (const auto& change : changes) {
      // The prefix filters give wrong answers where a key is shorter than a prefix.
      SUYUAN_CHECK(change.key.size() >= kPrefixBytes || !has_prefix(change.table));
      bytes += change.key.size() + (change.value ? change.value->size() : 0) + kRowOverheadBytes;
    }
    rocksdb::WriteBatch batch(bytes, 0, kProtectionBytes, 0);
    for (const auto& change : changes) {
      auto* family = opened_.families.at(static_cast<size_t>(change.table));
      const auto status = change.value ? batch.Put(family, change.key, *change.value)
                                       : batch.Delete(family, change.key);
      if (!status.ok()) return give_up(status);
    }
    rocksdb::WriteOptions options;
    options.sync = !bulk_;
    options.disableWAL = bulk_;
    options.protection_bytes_per_key = kProtectionBytes;
    const auto status = opened_.db->Write(options, &batch);
    if (!status.ok()) return give_up(status);
    // A background fault meanwhile does not undo this commit: it is in the log and synced.
    ++commits_;
    rows_ += changes.size();
    bytes_ += bytes;
    return Done{};
  }

  std::string fault() const override { return opened_.guard->fault(); }

  std::vector<std::pair<std::string, uint64_t>> metrics() const override {
    auto all = rocks_metrics(*opened_.db, opened_.families);
    all.emplace_back("suyuan.commits", commits_);
    all.emplace_back("suyuan.commit.rows", rows_);
    all.emplace_back("suyuan.commit.bytes", bytes_);
    all.emplace_back("suyuan.snapshots", snapshots_);
    all.emplace_back("suyuan.read.only", opened_.guard->tripped() ? 1 : 0);
    return all;
  }

  Result<Done> verify_checksums() const override {
    const auto status = opened_.db->VerifyChecksum();
    if (!status.ok()) return fail(status, "verify the checksums of the store");
    return Done{};
  }

  // What is in memory is flushed first, so that the copy hardly needs the log: files of one name
  // are then the same in the next copy too.
  Result<Done> link_to(const std::string& folder) const override {
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(opened_.db.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> links(made);
    if (status.ok()) status = links->CreateCheckpoint(folder, 0);
    if (!status.ok()) return fail(status, "link the store's files to " + folder);
    return Done{};
  }

  std::vector<TableFile> table_files() const override {
    std::vector<rocksdb::LiveFileMetaData> live;
    opened_.db->GetLiveFilesMetaData(&live);
    std::vector<TableFile> files;
    files.reserve(live.size());
    for (const auto& one : live) {
      files.push_back({.path = one.db_path + one.name, .bytes = one.size});
    }
    return files;
  }

  Result<Done> flush() override {
    const std::vector<rocksdb::ColumnFamilyHandle*> all(opened_.families.begin(),
                                                        opened_.families.end());
    const auto status = opened_.db->Flush(rocksdb::FlushOptions{}, all);
    if (!status.ok()) return give_up(status);
    return Done{};
  }

 private:
  // Of a row in a WriteBatch: tag, table, two lengths.
  static constexpr size_t kRowOverheadBytes = 16;

  Unexpected<Error> refuse() const {
    return fail(Code::READ_ONLY, "the store takes no more writes until the node is restarted: " +
                                     opened_.guard->fault());
  }

  Unexpected<Error> give_up(const rocksdb::Status& status) {
    auto failed = fail(status, "write a commit");
    opened_.guard->trip(failed.error().message);
    return failed;
  }

  const bool bulk_;
  mutable std::atomic<uint64_t> snapshots_ = 0;
  std::atomic<uint64_t> commits_ = 0;
  std::atomic<uint64_t> rows_ = 0;
  std::atomic<uint64_t> bytes_ = 0;
  Opened opened_;
  RocksReader latest_;
};

}  // namespace

Result<std::unique_ptr<RocksStore>> open_rocks(const RocksOptions& options) {
  SUYUAN_TRY(opened, open_database(options));
  std::unique_ptr<RocksStore> store = std::make_unique<OpenStore>(std::move(opened), options.bulk);
  // A store of another format or a damaged head must not be served, nor written to.
  SUYUAN_TRY_DONE(get<LedgerHead>(store->latest(), Table::meta, kLedgerKey));
  return store;
}

Result<Done> verify_table_file(const TableFile& file) {
  // The settings of any of our tables read all of them: a file says itself how it was written.
  rocksdb::Options options;
  rocksdb::SstFileReader reader(options);
  auto status = reader.Open(file.path);
  if (status.ok()) {
    rocksdb::ReadOptions reads;
    reads.fill_cache = false;
    status = reader.VerifyChecksum(reads);
  }
  if (status.ok()) return Done{};
  if (!options.env->FileExists(file.path).ok()) {
    return fail(Code::NOT_FOUND, file.path + " was compacted away");
  }
  return fail(status, "verify the checksums of " + file.path);
}

}  // namespace suyuan
