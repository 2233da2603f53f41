// What was erased leaves a store's files, whatever it was doing, and the list of it ends empty.
#include "node/upkeep/file_purge.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

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
  const auto busy = store_->purge(Table::section, {key(0)});
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, Code::BUSY);
  older.reset();
  expect_gone(0);
}

}  // namespace
}  // namespace suyuan
