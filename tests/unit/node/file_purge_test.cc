// What was erased leaves a store's files, whatever it was doing, and the list of it ends empty.
#include "node/upkeep/file_purge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {
namespace {

class FilePurgeTest : public ::testing::Test {
 protected:
  FilePurgeTest() {
    store_ = open_rocks({.path = folder_, .create = true}).value();
    for (uint32_t i = 0; i < 3; ++i) {
      Bytes bytes;
      while (bytes.size() < 2048) bytes += random_fixed<Hash>().view();
      secrets_.push_back(bytes);
      EXPECT_TRUE(store_->commit({{Table::section, key(i), bytes}}));
    }
  }
  ~FilePurgeTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  static Bytes key(uint32_t i) { return section_key({.leaf = 7, .event = i}, 0); }
  void erase(uint32_t i) {
    EXPECT_TRUE(store_->commit({{Table::section, key(i), std::nullopt},
                                {Table::meta, Bytes(kPurgeRows) + key(i), Bytes()}}));
  }
  void reopen() {
    store_.reset();
    store_ = open_rocks({.path = folder_}).value();
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& file : store_->table_files()) all.push_back(file.path);
    std::ranges::sort(all);
    return all;
  }
  bool in_files(uint32_t i) const {
    for (const auto& at : std::filesystem::directory_iterator(folder_)) {
      std::ifstream file(at.path(), std::ios::binary);
      const std::string text(std::istreambuf_iterator<char>(file), {});
      if (text.find(secrets_[i].substr(512, 64)) != std::string::npos) return true;
    }
    return false;
  }
  void expect_gone(uint32_t i) {
    {
      FilePurge purge(*store_);
      const auto settled = purge.settle();
      EXPECT_TRUE(settled) << to_text(settled.error());
    }
    EXPECT_FALSE(in_files(i));
    EXPECT_TRUE(rows_to_purge(*store_->snapshot()).value().empty());
  }

  const std::string folder_ =
      ::testing::TempDir() + "purge-" + to_hex(random_fixed<Nonce>().view());
  std::unique_ptr<RocksStore> store_;
  std::vector<Bytes> secrets_;
};

TEST_F(FilePurgeTest, TakesTheBytesOutOfLogAndTables) {
  EXPECT_TRUE(in_files(0));
  ASSERT_TRUE(store_->flush());
  EXPECT_TRUE(in_files(0));
  erase(0);
  EXPECT_TRUE(in_files(0)) << "the control: a row that is removed is in files still";
  expect_gone(0);
  EXPECT_TRUE(in_files(1));
  EXPECT_EQ(store_->latest().get(Table::section, key(1)).value(), secrets_[1]);
}

// Nothing is to be flushed then, and the log that is written is no old one.
TEST_F(FilePurgeTest, EndsWhereNothingWasWrittenSince) {
  erase(0);
  ASSERT_TRUE(store_->flush());
  expect_gone(0);
  erase(1);
  reopen();
  expect_gone(1);
  reopen();
  erase(2);
  expect_gone(2);
}

TEST_F(FilePurgeTest, WaitsForWhoReadsAnOlderState) {
  auto older = store_->snapshot();
  erase(0);
  std::atomic<bool> canceled = false;
  const auto seen = store_->purge(Table::section, {key(0)}, canceled);
  ASSERT_TRUE(seen) << to_text(seen.error());
  EXPECT_TRUE(seen->seen);
  EXPECT_TRUE(seen->keys.empty());
  older.reset();
  expect_gone(0);
}

// Notices come on and on, and some view is always older than the last of them.
TEST_F(FilePurgeTest, DoesNotWaitForTheLastWhereOnlyThatIsSeen) {
  erase(0);
  auto older = store_->snapshot();
  erase(1);
  std::atomic<int> told = 0;
  {
    FilePurge purge(*store_, [&] { ++told; });
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (rows_to_purge(*store_->snapshot()).value().size() > 1 &&
           std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE(in_files(0));
  EXPECT_TRUE(in_files(1));
  EXPECT_GE(told, 1) << "whoever holds the view can let go of it";
  EXPECT_EQ(rows_to_purge(*store_->snapshot()).value(), std::vector<Bytes>{key(1)});
  older.reset();
  expect_gone(1);
}

// More than are looked at together, and all of them before the one that nobody sees.
TEST_F(FilePurgeTest, DoesNotWaitForTheManyThatAreSeen) {
  constexpr uint32_t kMany = 1500;
  const auto many = [](uint32_t i) { return section_key({.leaf = 3, .event = i}, 0); };
  Changes rows;
  for (uint32_t i = 0; i < kMany; ++i) rows.push_back({Table::section, many(i), Bytes("x")});
  ASSERT_TRUE(store_->commit(rows));
  erase(0);
  auto older = store_->snapshot();
  Changes gone;
  for (uint32_t i = 0; i < kMany; ++i) {
    gone.push_back({Table::section, many(i), std::nullopt});
    gone.push_back({Table::meta, Bytes(kPurgeRows) + many(i), Bytes()});
  }
  ASSERT_TRUE(store_->commit(gone));
  FilePurge purge(*store_);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(40);
  while (rows_to_purge(*store_->snapshot()).value().size() > kMany &&
         std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(in_files(0));
  EXPECT_EQ(rows_to_purge(*store_->snapshot()).value().size(), kMany);
  older.reset();
  const auto settled = purge.settle();
  EXPECT_TRUE(settled) << to_text(settled.error());
}

TEST_F(FilePurgeTest, WritesTheFileOfManyRowsAnewOnce) {
  Changes rows;
  std::vector<Bytes> keys;
  for (uint32_t i = 0; i < 200; ++i) {
    keys.push_back(section_key({.leaf = 9, .event = i}, 0));
    rows.push_back({Table::section, keys.back(), secrets_[0]});
  }
  ASSERT_TRUE(store_->commit(rows));
  ASSERT_TRUE(store_->flush());
  for (auto& row : rows) row.value.reset();
  ASSERT_TRUE(store_->commit(rows));
  std::atomic<bool> canceled = false;
  const auto purged = store_->purge(Table::section, keys, canceled);
  ASSERT_TRUE(purged) << to_text(purged.error());
  EXPECT_EQ(purged->keys, keys);
  const auto files = paths();
  const auto again = store_->purge(Table::section, keys, canceled);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->keys, keys);
  EXPECT_EQ(paths(), files) << "what is gone is not written anew";
}

TEST_F(FilePurgeTest, IsGivenUpOnceItIsToStop) {
  erase(0);
  std::atomic<bool> canceled = true;
  const auto stopped = store_->purge(Table::section, {key(0)}, canceled);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::BUSY);
  expect_gone(0);
}

// Who waits for it is told at once: a node that stops does not wait for a backup of it.
TEST_F(FilePurgeTest, ThatStopsLetsNobodyWait) {
  auto older = store_->snapshot();
  erase(0);
  FilePurge purge(*store_);
  const auto begun = std::chrono::steady_clock::now();
  std::thread stopper([&] { purge.stop(); });
  const auto settled = purge.settle();
  stopper.join();
  ASSERT_FALSE(settled);
  EXPECT_EQ(settled.error().code, Code::BUSY);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(15));
}

}  // namespace
}  // namespace suyuan
