// RocksStore: one atomic synced WriteBatch for each commit; the first fault ends all commits.
#include "ledger/store/rocks/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/debug.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

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
  OpenStore(OpenedDatabase opened, bool bulk)
      : bulk_(bulk),
        opened_(std::move(opened)),
        latest_(*opened_.db, opened_.families, nullptr, snapshots_) {}

  ~OpenStore() override {
    // RocksDB reads freed memory if a snapshot outlives it.
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
      // The prefix filters give wrong answers if a key is shorter than a prefix.
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
    // A background fault at this time does not undo the commit: it is in the log and synced.
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

  // Memory is flushed first, so that the copy hardly needs the log, and files of one name are the
  // same in the next copy.
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

  Result<Purged> purge(Table table, std::vector<Bytes> keys,
                       std::atomic<bool>& canceled) override {
    auto* family = opened_.families.at(static_cast<size_t>(table));
    Purged done;
    SUYUAN_TRY(unseen, seen_by_nobody(family, keys));
    done.seen = unseen.size() < keys.size();
    if (unseen.empty()) return done;
    SUYUAN_TRY(before, row_files());
    SUYUAN_TRY_DONE(flush());  // a log is removed once all of it is in table files
    SUYUAN_TRY(flushed, row_files());
    before.insert(before.end(), flushed.begin(), flushed.end());
    // The current log is new; or there was nothing to flush, and it is empty.
    std::unique_ptr<rocksdb::LogFile> current;
    if (const auto status = opened_.db->GetCurrentWalFile(&current); !status.ok())
      return fail(status, "ask for the store's log");
    std::erase_if(before, [&](const std::string& file) {
      return file.ends_with(current->PathName());
    });
    done.files = std::move(before);
    size_t written = 0;
    for (const auto& neighbours : by_file(family, std::move(unseen))) {
      // Done by an earlier call, or together with others.
      SUYUAN_TRY(left, has_versions(family, neighbours));
      if (left && ++written > kPurgedFilesMax) break;
      if (left) SUYUAN_TRY_DONE(compact(family, neighbours.front(), neighbours.back(), canceled));
      for (const Bytes& key : neighbours) {
        SUYUAN_TRY(versions, versions_of(family, key, 1));
        if (versions.empty()) done.keys.push_back(key);
      }
    }
    return done;
  }

  bool any_left(const std::vector<std::string>& files) const override {
    std::vector<std::string> live;
    for (const auto& file : table_files()) live.push_back(file.path);
    return std::ranges::any_of(files, [&](const std::string& file) {
      return std::ranges::find(live, file) == live.end() &&
             opened_.db->GetEnv()->FileExists(file).ok();
    });
  }

 private:
  static constexpr size_t kPurgedFilesMax = 16;  // some 64 MiB each, of the lowest level
  static constexpr size_t kVersionsMax = 16;     // of a row that is written once and removed once

  using Versions = std::vector<rocksdb::KeyVersion>;
  Result<Versions> versions_of(rocksdb::ColumnFamilyHandle* family, const Bytes& key,
                               size_t most) const {
    Versions versions;
    const auto status =
        rocksdb::GetAllKeyVersions(opened_.db.get(), family, key, key, most, &versions);
    if (!status.ok()) return fail(status, "look for what was erased");
    return versions;
  }

  Result<bool> has_versions(rocksdb::ColumnFamilyHandle* family,
                            const std::vector<Bytes>& keys) const {
    for (const Bytes& key : keys) {
      SUYUAN_TRY(versions, versions_of(family, key, 1));
      if (!versions.empty()) return true;
    }
    return false;
  }

  // While a snapshot is older than a row's removal, rewriting does not remove the row's bytes.
  Result<std::vector<Bytes>> seen_by_nobody(rocksdb::ColumnFamilyHandle* family,
                                            const std::vector<Bytes>& keys) const {
    uint64_t oldest = 0;  // 0: none
    if (!opened_.db->GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest) ||
        oldest == 0)
      return keys;
    std::vector<Bytes> unseen;
    for (const Bytes& key : keys) {
      SUYUAN_TRY(versions, versions_of(family, key, kVersionsMax));
      const bool seen = std::ranges::any_of(
          versions, [oldest](const auto& one) { return one.sequence > oldest; });
      if (!seen) unseen.push_back(key);
    }
    return unseen;
  }

  // Neighbours in one file of the lowest level, which is rewritten once for all of them.
  std::vector<std::vector<Bytes>> by_file(rocksdb::ColumnFamilyHandle* family,
                                          std::vector<Bytes> keys) const {
    rocksdb::ColumnFamilyMetaData files;
    opened_.db->GetColumnFamilyMetaData(family, &files);
    const auto file_of = [&](const Bytes& key) {
      for (auto level = files.levels.rbegin(); level != files.levels.rend(); ++level) {
        for (const auto& file : level->files) {
          if (file.smallestkey <= key && key <= file.largestkey) return file.name;
        }
      }
      return std::string();
    };
    std::ranges::sort(keys);
    std::vector<std::vector<Bytes>> groups;
    std::string last;
    for (Bytes& key : keys) {
      const std::string file = file_of(key);
      if (groups.empty() || file.empty() || file != last) groups.emplace_back();
      groups.back().push_back(std::move(key));
      last = file;
    }
    return groups;
  }

  // Table files and logs, live or not, by path.
  Result<std::vector<std::string>> row_files() const {
    std::vector<std::string> names;
    const auto status = opened_.db->GetEnv()->GetChildren(opened_.db->GetName(), &names);
    if (!status.ok()) return fail(status, "list the store's files");
    std::vector<std::string> files;
    for (const auto& name : names) {
      if (!name.ends_with(".sst") && !name.ends_with(".log")) continue;
      files.push_back(opened_.db->GetName() + "/" + name);
    }
    return files;
  }

  Result<Done> compact(rocksdb::ColumnFamilyHandle* family, const Bytes& first, const Bytes& last,
                       std::atomic<bool>& canceled) {
    rocksdb::CompactRangeOptions options;
    options.canceled = &canceled;
    options.exclusive_manual_compaction = false;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    const rocksdb::Slice from(first);
    const rocksdb::Slice to(last);
    const auto status = opened_.db->CompactRange(options, family, &from, &to);
    if (status.ok()) return Done{};
    if (canceled) return fail(Code::BUSY, "the node stops; what was erased goes at its next start");
    return fail(status, "rewrite the store's files");
  }

  // Of a row in a WriteBatch: tag, table, two lengths.
  static constexpr size_t kRowOverheadBytes = 16;

  Unexpected<Error> refuse() const {
    return fail(Code::READ_ONLY, "the store accepts no more writes until the node is restarted: " +
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
  OpenedDatabase opened_;
  RocksReader latest_;
};

}  // namespace

Result<std::unique_ptr<RocksStore>> open_rocks(const RocksOptions& options) {
  SUYUAN_TRY(opened, open_database(options));
  std::unique_ptr<RocksStore> store = std::make_unique<OpenStore>(std::move(opened), options.bulk);
  // A store of another format, or with a damaged head, must be neither served nor written.
  SUYUAN_TRY_DONE(get<LedgerHead>(store->latest(), Table::meta, kLedgerKey));
  return store;
}

Result<Done> verify_table_file(const TableFile& file) {
  // The settings of any of our tables read all of them: a file itself says how it was written.
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
