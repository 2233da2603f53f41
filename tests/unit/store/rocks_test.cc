// RocksStore: what is on disk stays, what is not ours is refused, a disk fault ends all commits.
#include "ledger/store/rocks/rocks_store.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "ledger/crypto/hash.h"
#include "ledger/store/rocks/file_names.h"
#include "ledger/store/rocks/info_log.h"
#include "ledger/store/schema.h"
#include "tests/support/full_disk.h"
#include "tests/unit/store/fault_fs.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class RocksTest : public ::testing::Test {
 protected:
  RocksOptions options(bool create = false) {
    return {.path = folder_ / "store", .create = create, .block_cache_bytes = 8 << 20,
            .write_buffer_bytes = 1 << 20, .env = env_.get()};
  }
  std::unique_ptr<RocksStore> open(bool create = false) {
    auto store = open_rocks(options(create));
    EXPECT_TRUE(store) << to_text(store.error());
    return store ? std::move(*store) : nullptr;
  }
  std::string refusal(Code code, bool create = false) {
    const auto store = open_rocks(options(create));
    EXPECT_FALSE(store);
    if (store) return {};
    EXPECT_EQ(info(store.error().code).name, info(code).name) << store.error().message;
    return store.error().message;
  }
  // Opens the files below our own layer.
  std::unique_ptr<rocksdb::DB> open_raw(std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
    std::vector<std::string> names;
    const std::string path = folder_ / "store";
    EXPECT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    rocksdb::DB* db = nullptr;
    const auto status = rocksdb::DB::Open({}, path, families, &handles, &db);
    EXPECT_TRUE(status.ok()) << status.ToString();
    return std::unique_ptr<rocksdb::DB>(db);
  }

  Folder folder_;
  FileFaults faults_;
  std::unique_ptr<rocksdb::Env> env_ =
      rocksdb::NewCompositeEnv(std::make_shared<FaultFs>(faults_));
};

TEST_F(RocksTest, HoldsItsRowsOverReopening) {
  Random random(7);
  Model model;
  open(true).reset();
  for (int round = 0; round < 4; ++round) {
    const auto store = open();
    ASSERT_NO_FATAL_FAILURE(expect_same(store->latest(), model, random, 60));
    const Changes changes = random.changes(200);
    expect_commit(*store, changes);
    model.apply(changes);
  }
  ASSERT_NO_FATAL_FAILURE(expect_same(open()->latest(), model, random, 60));
}

TEST_F(RocksTest, ACopyWithoutTheFilesOfAProcessHasEveryRow) {
  expect_commit(*open(true), {{Table::leaf, "a", "in a table or a log"}});
  expect_commit(*open(), {{Table::leaf, "b", "in the other"}});
  std::set<std::string> left_out;
  std::filesystem::create_directory(folder_ / "copy");
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "store")) {
    const std::string name = file.path().filename();
    if (is_file_of_a_process(name)) {
      left_out.insert(name);
    } else {
      std::filesystem::copy_file(file.path(), folder_ / "copy" / name);
    }
  }
  EXPECT_EQ(left_out, (std::set<std::string>{"IDENTITY", "LOCK", "LOG", "LOG.old"}));
  auto copy = options();
  copy.path = folder_ / "copy";
  const auto store = open_rocks(copy);
  ASSERT_TRUE(store) << to_text(store.error());
  EXPECT_EQ(value_of((*store)->latest(), Table::leaf, "a"), "in a table or a log");
  EXPECT_EQ(value_of((*store)->latest(), Table::leaf, "b"), "in the other");
}

TEST_F(RocksTest, ALinkedStoreHasNoFileOfAProcess) {
  const auto store = open(true);
  expect_commit(*store, {{Table::leaf, "a", "x"}});
  ASSERT_TRUE(store->link_to(folder_ / "links"));
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "links")) {
    EXPECT_FALSE(is_file_of_a_process(file.path().filename().string())) << file.path();
  }
  for (const char* name : {"CURRENT", "MANIFEST-000004", "000007.sst", "000008.log", "LOGISTICS"}) {
    EXPECT_FALSE(is_file_of_a_process(name)) << name;
  }
  EXPECT_TRUE(is_file_of_a_process("CURRENT.dbtmp"));
}

// Filters and indexes are read in parts of a few thousand rows: no row may hide at the edge of one.
TEST_F(RocksTest, FindsEveryRowUnderACodeWhereverItsFilterIsCut) {
  std::mt19937_64 random(11);
  std::map<Bytes, Bytes> model;
  std::vector<Bytes> prefixes;
  open(true).reset();
  for (int round = 0; round < 4; ++round) {
    const auto store = open();
    Changes changes;
    for (int i = 0; i < 6'000; ++i) {
      Bytes prefix;
      // Neighbours share all but the last byte, so that edges fall between look-alikes.
      if (i % 3 != 0) {
        prefix = prefixes.back();
        prefix.back() = static_cast<char>(prefix.back() + 2);
      } else {
        while (prefix.size() < 32) prefix.push_back(static_cast<char>(random()));
        prefix.back() = static_cast<char>(prefix.back() & ~1);
      }
      prefixes.push_back(prefix);
      for (uint64_t row = random() % 3 + 1; row > 0; --row) {
        const Bytes key = prefix + std::string(1, static_cast<char>(row)) + "place";
        model[key] = std::to_string(i);
        changes.push_back({.table = Table::fact, .key = key, .value = model[key]});
      }
    }
    expect_commit(*store, changes);
  }
  const auto store = open();
  const Reader& reader = store->latest();
  for (size_t i = 0; i < prefixes.size(); i += 3) {
    // The code itself, and one beside it that was never written.
    for (const char step : {char{0}, char{1}}) {
      Bytes prefix = prefixes[i];
      prefix.back() = static_cast<char>(prefix.back() + step);
      const Bytes end = prefix + std::string(1, '\x7f');
      std::vector<Row> expected(model.lower_bound(prefix), model.lower_bound(end));
      ASSERT_EQ(rows_of(reader, Table::fact, prefix, end), expected) << i;
      std::reverse(expected.begin(), expected.end());
      ASSERT_EQ(rows_of(reader, Table::fact, prefix, end, Direction::descending), expected) << i;
      for (const auto& [key, value] : expected) {
        ASSERT_EQ(value_of(reader, Table::fact, key), value) << i;
      }
    }
  }
}

TEST_F(RocksTest, HoldsSmallAndLargeAttachments) {
  const Bytes large(1 << 20, 'x');
  expect_commit(*open(true), {{Table::attachment, "a", large}, {Table::attachment, "b", "y"}});
  const auto store = open();
  EXPECT_EQ(value_of(store->latest(), Table::attachment, "a"), large);
  EXPECT_EQ(value_of(store->latest(), Table::attachment, "b"), "y");
}

TEST_F(RocksTest, IsNotMadeByOpeningWithoutCreate) {
  EXPECT_NE(refusal(Code::NOT_FOUND).find("suyuan-node init"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "store"));
}

TEST_F(RocksTest, IsRefusedToASecondOpener) {
  const auto store = open(true);
  EXPECT_NE(refusal(Code::IO).find("in use by another process"), std::string::npos);
}

TEST_F(RocksTest, OfALaterFormatIsRefused) {
  LedgerHead head;
  head.format = kStoreFormat + 1;
  expect_commit(*open(true), {{Table::meta, Bytes(kLedgerKey), encode(head)}});
  EXPECT_NE(refusal(Code::STORE_TOO_NEW).find("newer version"), std::string::npos);
}

TEST_F(RocksTest, WithADamagedHeadIsRefused) {
  expect_commit(*open(true), {{Table::meta, Bytes(kLedgerKey), "?"}});
  refusal(Code::CORRUPT);
}

TEST_F(RocksTest, WithATableOfALaterVersionIsRefused) {
  open(true).reset();
  {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    const auto db = open_raw(handles);
    ASSERT_TRUE(db->CreateColumnFamily({}, "seal", &handles.emplace_back()).ok());
    for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  }
  EXPECT_NE(refusal(Code::STORE_TOO_NEW).find("seal"), std::string::npos);
}

TEST_F(RocksTest, WithATableMissingIsRefusedEvenToCreate) {
  open(true).reset();
  {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    const auto db = open_raw(handles);
    for (auto* handle : handles) {
      if (handle->GetName() == "chain") {
        ASSERT_TRUE(db->DropColumnFamily(handle).ok());
      }
      ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    }
  }
  EXPECT_NE(refusal(Code::CORRUPT).find("chain"), std::string::npos);
  refusal(Code::CORRUPT, true);
}

// Format 1 had no checkpoints.
TEST_F(RocksTest, OfFormat1GetsTheTableOfCheckpoints) {
  expect_commit(*open(true), {{Table::code, "a", "1"}});
  {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    const auto db = open_raw(handles);
    for (auto* handle : handles) {
      if (handle->GetName() == "checkpoint") {
        ASSERT_TRUE(db->DropColumnFamily(handle).ok());
      }
      ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    }
  }
  const auto store = open();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(value_of(store->latest(), Table::code, "a"), "1");
  expect_commit(*store, {{Table::checkpoint, "b", "2"}});
  EXPECT_EQ(value_of(store->latest(), Table::checkpoint, "b"), "2");
}

TEST_F(RocksTest, TakesNoCommitAfterAFailedSyncEvenWhenTheDiskRecovers) {
  auto store = open(true);
  expect_commit(*store, {{Table::code, "a", "1"}});
  faults_.log_syncs = true;
  expect_code(store->commit({{Table::code, "b", "1"}}), Code::IO);
  faults_.log_syncs = false;
  expect_code(store->commit({{Table::code, "c", "1"}}), Code::READ_ONLY);
  EXPECT_NE(store->fault().find("injected sync fault"), std::string::npos);
  EXPECT_EQ(value_of(store->latest(), Table::code, "a"), "1");

  store.reset();
  store = open();
  EXPECT_EQ(store->fault(), "");
  EXPECT_EQ(value_of(store->latest(), Table::code, "a"), "1");
  EXPECT_EQ(value_of(store->latest(), Table::code, "c"), std::nullopt);
  expect_commit(*store, {{Table::code, "d", "1"}});
}

TEST_F(RocksTest, TakesNoCommitAfterAFailedWrite) {
  const auto store = open(true);
  faults_.log_writes = true;
  expect_code(store->commit({{Table::code, "a", "1"}}), Code::IO);
  faults_.log_writes = false;
  expect_code(store->commit({{Table::code, "a", "1"}}), Code::READ_ONLY);
  EXPECT_EQ(value_of(store->latest(), Table::code, "a"), std::nullopt);
}

TEST_F(RocksTest, OnAFullDiskIsReadAndClosedAndLosesNothingThatItTook) {
  auto store = open(true);
  expect_commit(*store, {{Table::code, "a", "1"}});
  {
    // RocksDB's own log cannot be written either: that must not end the program.
    const test::FullDisk full;
    expect_code(store->commit({{Table::code, "b", "1"}}), Code::IO);
    EXPECT_EQ(value_of(store->latest(), Table::code, "a"), "1");
    store.reset();
  }
  store = open();
  EXPECT_EQ(value_of(store->latest(), Table::code, "a"), "1");
  EXPECT_EQ(value_of(store->latest(), Table::code, "b"), std::nullopt);
  expect_commit(*store, {{Table::code, "c", "1"}});
}

TEST_F(RocksTest, TakesNoCommitAfterABackgroundFaultAndLosesNoneThatItTook) {
  auto store = open(true);
  faults_.table_writes = true;
  constexpr uint64_t kTooMany = 1000;
  uint64_t taken = 0;
  // Until the first memtable is full and its flush fails.
  while (taken < kTooMany &&
         store->commit({{Table::payload, u64_key(taken), Bytes(64 << 10, 'p')}})) {
    ++taken;
  }
  ASSERT_LT(taken, kTooMany);
  faults_.table_writes = false;
  expect_code(store->commit({{Table::code, "a", "1"}}), Code::READ_ONLY);
  EXPECT_NE(store->fault(), "");
  store.reset();
  EXPECT_GE(rows_of(open()->latest(), Table::payload).size(), taken);
}

TEST_F(RocksTest, ServesSnapshotsToOtherThreadsWhileItCommits) {
  const auto store = open(true);
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> torn = 0;
  std::thread reader([&] {
    while (!stop) {
      const auto snapshot = store->snapshot();
      if (value_of(*snapshot, Table::code, "a") != value_of(*snapshot, Table::head, "a")) ++torn;
    }
  });
  for (int i = 0; i < 300; ++i) {
    const Bytes value = std::to_string(i);
    EXPECT_TRUE(store->commit({{Table::code, "a", value}, {Table::head, "a", value}}));
  }
  stop = true;
  reader.join();
  EXPECT_EQ(torn, 0U);
}

TEST_F(RocksTest, KeepsItsLogAndTheOneBeforeAndNoMoreThanItsBytes) {
  const std::string path = folder_ / "log";
  const auto write = [&path](std::string_view text, int lines) {
    const auto log = open_info_log(path);
    for (int i = 0; i < lines; ++i) rocksdb::Warn(log.get(), "%s", std::string(text).c_str());
  };
  write("first", 1);
  write(std::string(4096, 'x'), 6000);
  EXPECT_LE(std::filesystem::file_size(path + "/LOG"), kInfoLogBytesMax);
  EXPECT_NE(text_of(path + "/LOG.old").find("[WARN] first"), std::string::npos);
  write("third", 1);
  EXPECT_NE(text_of(path + "/LOG").find("[WARN] third"), std::string::npos);
  EXPECT_GT(std::filesystem::file_size(path + "/LOG.old"), kInfoLogBytesMax / 2);
}

TEST_F(RocksTest, CountsItsCommitsAndSyncs) {
  const auto store = open(true);
  const auto before = store->metrics();
  for (int i = 0; i < 3; ++i) expect_commit(*store, {{Table::code, u64_key(1), "v"}});
  std::map<std::string, uint64_t> grown;
  for (const auto& [name, value] : store->metrics()) grown[name] = value;
  for (const auto& [name, value] : before) grown[name] -= value;
  EXPECT_EQ(grown.at("suyuan.commits"), 3U);
  EXPECT_EQ(grown.at("suyuan.commit.rows"), 3U);
  EXPECT_EQ(grown.at("rocksdb.wal.synced"), 3U);
}

TEST_F(RocksTest, CachesNoRowsThatAreNotReadAgain) {
  constexpr size_t kRows = 1000, kBytes = 1000;
  const auto store = open(true);
  Changes rows;
  for (uint64_t i = 0; i < kRows; ++i) {
    rows.push_back({Table::fact, sha256(u64_key(i)).bytes() + "row", Bytes(kBytes, 'v')});
  }
  std::ranges::sort(rows, {}, &Change::key);
  expect_commit(*store, rows);
  ASSERT_TRUE(store->flush());
  const auto cached = [&] {
    for (const auto& [name, value] : store->metrics()) {
      if (name == "rocksdb.block-cache-usage") return value;
    }
    return uint64_t{0};
  };
  const auto grows_by = [&](Rereads rereads) {
    const uint64_t before = cached();
    const auto scanner = scanner_of(store->latest(), Table::fact, rereads);
    for (const auto& row : rows) {
      const auto prefix = row.key.substr(0, Hash::kSize);
      EXPECT_EQ(rows_of(*scanner, prefix, after_prefix(prefix)).size(), 1U);
    }
    return cached() - before;
  };
  EXPECT_LT(grows_by(Rereads::unlikely), kRows * kBytes / 10);
  EXPECT_GT(grows_by(Rereads::likely), kRows * kBytes / 2);
}

using RocksDeathTest = RocksTest;
TEST_F(RocksDeathTest, StopsTheProgramWhenASnapshotOutlivesIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto store = open(true);
        const auto snapshot = store->snapshot();
        store.reset();
      },
      "snapshots_ == 0");
}

}  // namespace
}  // namespace suyuan
