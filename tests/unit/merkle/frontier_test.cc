#include "ledger/merkle/frontier.h"

#include <gtest/gtest.h>

#include <bit>

#include "ledger/base/coding.h"
#include "tests/unit/merkle/naive_tree.h"

namespace suyuan {
namespace {

using testing::HashSpan;
using testing::leaves_of;
using testing::StoredRows;

TEST(Frontier, OfTheEmptyTreeHasTheEmptyRoot) {
  EXPECT_EQ(Frontier().size(), 0U);
  EXPECT_EQ(Frontier().root(), empty_root());
}

TEST(Frontier, KnowsTheRootAfterEveryLeaf) {
  const auto leaves = leaves_of(600);
  Frontier frontier;
  for (size_t size = 1; size <= leaves.size(); ++size) {
    frontier.append(leaves[size - 1]);
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(frontier.root(), tree_hash(HashSpan(leaves).first(size))) << size;
  }
}

TEST(Frontier, HandsOutEachCompletedNodeOfTheStoredLevelsOnce) {
  const auto leaves = leaves_of(2 * 65'536 + 300);
  Frontier frontier;
  std::map<unsigned, uint64_t> next;
  for (const auto& leaf : leaves) {
    frontier.append(leaf, [&](unsigned level, uint64_t index, const Hash& hash) {
      EXPECT_TRUE(is_stored_level(level));
      EXPECT_EQ(index, next[level]++) << "level " << level;
      const size_t width = size_t{1} << level;
      EXPECT_EQ(hash, tree_hash(HashSpan(leaves).subspan(index * width, width)));
    });
  }
  EXPECT_EQ(next, (std::map<unsigned, uint64_t>{{0, leaves.size()}, {8, 513}, {16, 2}}));
}

TEST(Frontier, GoesOnFromItsEncoding) {
  const auto leaves = leaves_of(300);
  Frontier frontier;
  for (const auto& leaf : leaves) {
    const auto bytes = frontier.encode();
    EXPECT_EQ(bytes.size(), 8 + 32 * static_cast<size_t>(std::popcount(frontier.size())));
    auto read = Frontier::decode(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, frontier);
    read->append(leaf);
    frontier.append(leaf);
    EXPECT_EQ(*read, frontier);
  }
}

TEST(Frontier, EncodesSizeThenTheLargestSubtreeFirst) {
  const auto leaves = leaves_of(3);
  Frontier frontier;
  for (const auto& leaf : leaves) frontier.append(leaf);
  Bytes expected;
  put_u64(expected, 3);
  expected += node_hash(leaves[0], leaves[1]).bytes() + leaves[2].bytes();
  EXPECT_EQ(frontier.encode(), expected);
}

TEST(Frontier, RefusesBytesOfAnotherLength) {
  Frontier frontier;
  for (const auto& leaf : leaves_of(7)) frontier.append(leaf);
  const auto bytes = frontier.encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto read = Frontier::decode(BytesView(bytes).substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, Code::CORRUPT);
  }
  EXPECT_FALSE(Frontier::decode(bytes + '\0'));
  EXPECT_FALSE(Frontier::decode(Bytes(8, '\xFF')));
}

TEST(Frontier, IsReadBackFromTheStoredLevels) {
  StoredRows stored;
  const TiledNodes nodes(stored);
  Frontier frontier;
  for (const auto& leaf : leaves_of(1000)) {
    frontier.append(leaf, stored.sink());
    const auto read = Frontier::read(nodes, frontier.size());
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, frontier) << frontier.size();
  }
  EXPECT_EQ(Frontier::read(nodes, 0).value(), Frontier());
  EXPECT_FALSE(Frontier::read(nodes, 1001));
  EXPECT_FALSE(Frontier::read(nodes, UINT64_MAX));
}

TEST(Frontier, ShowsAStoredHashThatChanged) {
  StoredRows stored;
  Frontier frontier;
  for (const auto& leaf : leaves_of(300)) frontier.append(leaf, stored.sink());
  for (const auto& [place, hash] : stored.rows()) {
    // Leaves under a stored level-8 node are not read any more: what is above them says what they
    // were.
    if (place.first == 0 && place.second < 256) continue;
    StoredRows changed = stored;
    changed.put(place.first, place.second, sha256("changed"));
    EXPECT_NE(Frontier::read(TiledNodes(changed), 300).value(), frontier) << place.second;
  }
}

}  // namespace
}  // namespace suyuan
