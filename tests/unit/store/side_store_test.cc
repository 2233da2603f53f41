// What a store beside the ledger takes of the machine does not grow with its rows.
#include "ledger/store/rocks/side_store.h"

#include <map>

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

class SideStoreTest : public ::testing::TestWithParam<bool> {
 protected:
  // Small, so that few rows make many files.
  SideSizes sizes() const {
    return {.cache_bytes = size_t{1} << 20,
            .buffer_bytes = size_t{256} << 10,
            .file_bytes = size_t{256} << 10,
            .open_files_max = 32,
            .can_be_remade = GetParam()};
  }
  void SetUp() override { store_ = open_side_store(path(), sizes()).value(); }
  std::string path() const { return folder_ / "side"; }

  static Bytes key_of(uint64_t number) {
    Bytes key;
    put_u64(key, number);
    return sha256(key).bytes();
  }
  void write(uint64_t first, uint64_t end) {
    constexpr uint64_t kAtOnce = 1000;
    for (uint64_t at = first; at < end; at += kAtOnce) {
      SideRows rows;
      for (uint64_t i = at; i < std::min(end, at + kAtOnce); ++i) rows.put(key_of(i), "value");
      ASSERT_TRUE(store_->write(rows));
    }
  }
  size_t open_files() const {
    size_t count = 0;
    for (const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const auto file = std::filesystem::read_symlink(one.path(), gone).string();
      if (file.starts_with(path()) && file.ends_with(".sst")) ++count;
    }
    return count;
  }
  size_t table_files() const {
    size_t count = 0;
    for (const auto& one : std::filesystem::directory_iterator(path()))
      if (one.path().extension() == ".sst") ++count;
    return count;
  }

  const Folder folder_;
  std::unique_ptr<SideStore> store_;
};

TEST_P(SideStoreTest, TakesNoMoreMemoryForMoreRows) {
  constexpr uint64_t kRows = 600'000;
  write(0, kRows);
  for (uint64_t i = 0; i < kRows; i += 97) ASSERT_TRUE(store_->get(key_of(i)).value());
  EXPECT_GT(table_files(), 2 * static_cast<size_t>(sizes().open_files_max));
  constexpr size_t kOfACompaction = 16;  // which may be at work
  EXPECT_LE(open_files(), static_cast<size_t>(sizes().open_files_max) + kOfACompaction);
  const SideMemory memory = store_->memory();
  EXPECT_EQ(memory.blocks_max, sizes().cache_bytes);
  EXPECT_LE(memory.blocks, memory.blocks_max + memory.blocks_max / 2);
  EXPECT_LE(memory.buffers, 3 * sizes().buffer_bytes);
  // Not their indexes and filters, of some 12 bits a row.
  EXPECT_LE(memory.files, static_cast<size_t>(sizes().open_files_max) * 4096);
}

// In buffers, in tables, after merges of tables, and by every way of reading.
TEST_P(SideStoreTest, KeepsTheLeastValue) {
  constexpr uint64_t kRows = 100;
  const auto value_of = [](uint64_t row, uint64_t round) { return key_of(row * 1000 + round); };
  std::map<Bytes, Bytes> want;
  const auto compare = [&] {
    std::map<Bytes, Bytes> forward;
    std::map<Bytes, Bytes> backward;
    for (const auto direction : {Direction::ascending, Direction::descending}) {
      auto& got = direction == Direction::ascending ? forward : backward;
      ASSERT_TRUE(store_->scan("least", "leasu", direction, [&](BytesView key, BytesView value) {
        return got.emplace(key, value).second;
      }));
    }
    EXPECT_EQ(forward, want);
    EXPECT_EQ(backward, want);
    for (const auto& [key, value] : want) EXPECT_EQ(store_->get(key).value(), value);
  };
  for (uint64_t round = 0; round < 30; ++round) {
    SideRows rows;
    for (uint64_t row = 0; row < kRows; ++row) {
      if ((row + round) % 3 == 0) continue;
      const Bytes key = "least" + key_of(row);
      for (const uint64_t twice : {2 * round, 2 * round + 1}) {
        const Bytes value = value_of(row, twice);
        rows.put_least(key, value);
        const auto [known, first] = want.emplace(key, value);
        if (!first) known->second = std::min(known->second, value);
      }
    }
    ASSERT_TRUE(store_->write(rows));
    if (round % 5 == 0) compare();
    if (round % 2 == 0) write(round * 5000, (round + 1) * 5000);  // fills buffers
    if (round % 7 != 0) continue;
    store_.reset();
    store_ = open_side_store(path(), sizes()).value();
  }
  EXPECT_GT(table_files(), 1U);
  compare();
}

INSTANTIATE_TEST_SUITE_P(Kinds, SideStoreTest, ::testing::Bool(), [](const auto& kind) {
  return kind.param ? "ThatCanBeRemade" : "WithALog";
});

}  // namespace
}  // namespace suyuan
