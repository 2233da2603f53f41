// What a damaged store does: which damage is refused at opening, which a scrub finds, and which
// only a watermark outside the store can tell (a log that ends early on a boundary, or is gone).
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/store/rocks/rocks_store.h"
#include "tests/faults/wal.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

namespace fs = std::filesystem;
constexpr uint64_t kCommits = 200;
constexpr size_t kValueBytes = 300;

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() {
    const auto store = open_rocks({.path = path_, .create = true, .block_cache_bytes = 8 << 20,
                                   .write_buffer_bytes = 1 << 20});
    EXPECT_TRUE(store) << to_text(store.error());
    const fs::path log = newest(".log");
    for (uint64_t i = 0; i < kCommits; ++i) {
      EXPECT_TRUE((*store)->commit({{Table::payload, u64_key(i), value(i)}}));
      ends_.push_back(fs::file_size(log));
    }
  }

  static Bytes value(uint64_t i) { return Bytes(kValueBytes, static_cast<char>('a' + i % 26)); }

  fs::path newest(std::string_view ending) const {
    fs::path found;
    for (const auto& entry : fs::directory_iterator(path_)) {
      const auto name = entry.path().filename().string();
      if (name.ends_with(ending) && name > found.filename().string()) found = entry.path();
    }
    return found;
  }
  fs::path with_prefix(std::string_view prefix) const {
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.path().filename().string().starts_with(prefix)) return entry.path();
    }
    return {};
  }

  static void overwrite(const fs::path& file, uint64_t at, const Bytes& bytes) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(stream.good());
  }
  static void flip_bit(const fs::path& file, uint64_t at, int bit = 4) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const int found = stream.get();
    ASSERT_TRUE(stream.good());
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(found ^ 1 << bit));
    ASSERT_TRUE(stream.good());
  }

  auto open() const {
    return open_rocks({.path = path_, .block_cache_bytes = 8 << 20, .write_buffer_bytes = 1 << 20});
  }
  void expect_refused() const {
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_EQ(info(store.error().code).name, "CORRUPT") << store.error().message;
    EXPECT_NE(store.error().message.find("backup"), std::string::npos);
  }
  // The first `count` commits, each whole, and none behind.
  void expect_opens_with(uint64_t count) const {
    const auto store = open();
    ASSERT_TRUE(store) << to_text(store.error());
    const auto rows = rows_of((*store)->latest(), Table::payload);
    ASSERT_EQ(rows.size(), count);
    for (uint64_t i = 0; i < count; ++i) EXPECT_EQ(rows[i], Row(u64_key(i), value(i)));
  }

  Folder folder_;
  std::string path_ = folder_ / "store";
  std::vector<uint64_t> ends_;  // of the log after each commit
};

TEST_F(DamageTest, NoneOpensWithEverything) { expect_opens_with(kCommits); }

TEST_F(DamageTest, OfOneBitInTheMiddleOfTheLogIsRefused) {
  flip_bit(newest(".log"), ends_[kCommits / 2] + 40);
  expect_refused();
}

TEST_F(DamageTest, OfOneBitInTheLastRecordOfTheLogIsRefused) {
  flip_bit(newest(".log"), ends_[kCommits - 2] + 40);
  expect_refused();
}

// RocksDB takes the record for one that a power cut tore, and opens without it.
TEST_F(DamageTest, OfTheLastRecordsLengthInTheLogIsRefused) {
  for (const int bit : {6, 7}) {
    flip_bit(newest(".log"), ends_[kCommits - 2] + 5, bit);
    expect_refused();
    flip_bit(newest(".log"), ends_[kCommits - 2] + 5, bit);
  }
  expect_opens_with(kCommits);
}

TEST_F(DamageTest, OfAZeroedPageInTheLogIsRefused) {
  overwrite(newest(".log"), ends_[kCommits / 2], Bytes(4096, '\0'));
  expect_refused();
}

TEST_F(DamageTest, OfATornLastRecordOpensWithoutItAlone) {
  fs::resize_file(newest(".log"), ends_[kCommits - 2] + 100);
  expect_opens_with(kCommits - 1);
}

TEST_F(DamageTest, OfALogCutInsideARecordOpensWithAllBeforeIt) {
  fs::resize_file(newest(".log"), ends_[99] + 100);
  expect_opens_with(100);
}

TEST_F(DamageTest, OfALogCutBetweenRecordsOpensWithAllBefore) {
  fs::resize_file(newest(".log"), ends_[99]);
  expect_opens_with(100);
}

TEST_F(DamageTest, OfALogFollowedByZerosOpensWithEverything) {
  fs::resize_file(newest(".log"), ends_.back() + 4096);
  expect_opens_with(kCommits);
}

TEST_F(DamageTest, OfALostLogOpensEmptySoAWatermarkIsNeeded) {
  fs::remove(newest(".log"));
  expect_opens_with(0);
}

TEST_F(DamageTest, OfTheListOfFilesIsRefused) {
  flip_bit(with_prefix("MANIFEST"), 60);
  expect_refused();
}

// RocksDB takes the record for one of a recycled log, and opens without it and all behind it.
TEST_F(DamageTest, OfARecordsTypeInTheLogIsRefused) {
  for (const size_t i : {size_t{1}, kCommits / 2, kCommits - 2}) {
    flip_bit(newest(".log"), ends_[i] + 6, 2);
    expect_refused();
    flip_bit(newest(".log"), ends_[i] + 6, 2);
  }
  expect_opens_with(kCommits);
}

// Behind such a record are table files that nothing else names.
TEST_F(DamageTest, OfAnyTypeOrLengthInTheListOfFilesIsRefused) {
  ASSERT_TRUE(open());  // moves the log's rows to a table file
  const fs::path list = with_prefix("MANIFEST");
  std::ifstream stream(list, std::ios::binary);
  const Bytes text(std::istreambuf_iterator<char>(stream), {});
  std::vector<size_t> ends = test::record_ends(text);
  ASSERT_EQ(ends.back(), text.size());
  ends.pop_back();
  ends.insert(ends.begin(), 0);
  ASSERT_GT(ends.size(), 20U);
  for (const size_t begin : ends) {
    flip_bit(list, begin + 5, 7);
    expect_refused();
    flip_bit(list, begin + 5, 7);
    flip_bit(list, begin + 6, 2);
    expect_refused();
    flip_bit(list, begin + 6, 2);
  }
  expect_opens_with(kCommits);
}

TEST_F(DamageTest, OfATornListOfFilesOpensWithEverything) {
  const fs::path list = with_prefix("MANIFEST");
  std::ofstream(list, std::ios::app | std::ios::binary) << std::string("\1\2\3\4\0\1\1torn", 11);
  expect_opens_with(kCommits);
}

TEST_F(DamageTest, OfTheNameOfTheListOfFilesIsRefused) {
  overwrite(with_prefix("CURRENT"), 0, "MANIFEST-999999\n");
  EXPECT_FALSE(open());
}

TEST_F(DamageTest, OfOneBitInATableFileIsFoundByReadingAndByTheScrub) {
  ASSERT_TRUE(open());  // moves the log's rows to a table file
  const fs::path table = newest(".sst");
  ASSERT_FALSE(table.empty());
  flip_bit(table, 200);
  const auto store = open();
  ASSERT_TRUE(store) << to_text(store.error());
  expect_code((*store)->verify_checksums(), Code::CORRUPT);
  expect_code((*store)->latest().scan(Table::payload, {}, {}, Direction::ascending,
                                      [](BytesView, BytesView) { return true; }),
              Code::CORRUPT);
}

TEST_F(DamageTest, OfALostTableFileIsRefused) {
  ASSERT_TRUE(open());
  fs::remove(newest(".sst"));
  EXPECT_FALSE(open());
}

}  // namespace
}  // namespace suyuan
