// What a store beside the ledger takes of the machine does not grow with its rows.
#include "ledger/store/rocks/side_store.h"

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

INSTANTIATE_TEST_SUITE_P(Kinds, SideStoreTest, ::testing::Bool(), [](const auto& kind) {
  return kind.param ? "ThatCanBeRemade" : "WithALog";
});

}  // namespace
}  // namespace suyuan
