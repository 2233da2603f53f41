// The map of all chains keeps to its room, and is the same map.
#include "node/pipeline/map_keeper.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "ledger/store/memory_store.h"

namespace suyuan {
namespace {

class MapKeeperTest : public ::testing::Test {
 protected:
  // A commit that changes the chains of the codes numbered `first` to `end`, excluded.
  Changes grow(size_t first, size_t end) {
    Changes changes;
    for (size_t i = first; i < end; ++i) {
      const Hash key = sha256("code " + std::to_string(i));
      changes.push_back({.table = Table::head,
                         .key = key.bytes(),
                         .value = encode(ChainHead{.count = ++count_,
                                                   .link = sha256(key.view())})});
    }
    EXPECT_TRUE(store_.commit(changes));
    return changes;
  }

  MemoryStore store_;

 private:
  uint64_t count_ = 0;
};

TEST_F(MapKeeperTest, KeepsToItsRoomHoweverManyCodesThereAre) {
  constexpr size_t kRoom = size_t{512} << 10;
  constexpr size_t kStep = 10'000;
  MapKeeper bounded(ChainMap(), kRoom);
  MapKeeper open(ChainMap{});
  for (size_t codes = 0; codes < 12 * kStep; codes += kStep) {
    // New codes, and some that the map has had for long.
    for (const Changes& changes : {grow(codes, codes + kStep), grow(0, 100)}) {
      bounded.mark(changes);
      open.mark(changes);
    }
    if (codes / kStep % 2 == 0) bounded.fold_ahead(store_);
    ASSERT_TRUE(bounded.fold(store_.latest()));
    ASSERT_TRUE(open.fold(store_.latest()));
    ASSERT_LE(bounded.map().memory_bytes(), kRoom);
    ASSERT_EQ(bounded.map().root(), open.map().root());
  }
  EXPECT_GT(open.map().memory_bytes(), 2 * kRoom);
}

TEST_F(MapKeeperTest, IsMadeWithinItsRoom) {
  constexpr size_t kRoom = size_t{2} << 20;
  grow(0, 300'000);
  const auto open = build_map(store_.latest(), 2).value();
  const auto bounded = build_map(store_.latest(), 2, kRoom).value();
  EXPECT_GT(open.memory_bytes(), kRoom + kRoom / 4);
  EXPECT_LE(bounded.memory_bytes(), kRoom);
  ASSERT_EQ(bounded.root(), open.root());
  MapKeeper keeper(bounded, kRoom);
  keeper.mark(grow(290'000, 310'000));
  ASSERT_TRUE(keeper.fold(store_.latest()));
  EXPECT_LE(keeper.map().memory_bytes(), kRoom);
  EXPECT_EQ(keeper.map().root(), build_map(store_.latest(), 1).value().root());
}

}  // namespace
}  // namespace suyuan
