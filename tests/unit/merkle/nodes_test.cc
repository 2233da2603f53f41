#include "ledger/merkle/growing_nodes.h"

#include <gtest/gtest.h>

#include "tests/unit/merkle/naive_tree.h"

namespace suyuan {
namespace {

using testing::Hashes;
using testing::HashSpan;
using testing::leaves_of;
using testing::NaiveNodes;
using testing::StoredRows;

TEST(TiledNodes, GivesEveryNodeFromAtMost128StoredHashes) {
  const auto leaves = leaves_of(1100);
  StoredRows stored;
  Frontier frontier;
  for (const auto& leaf : leaves) frontier.append(leaf, stored.sink());
  const TiledNodes tiled(stored);
  const NaiveNodes naive(leaves);
  for (unsigned level = 0; level < 11; ++level) {
    for (uint64_t index = 0; (index + 1) << level <= leaves.size(); ++index) {
      EXPECT_EQ(tiled.node(level, index).value(), naive.node(level, index).value())
          << level << "/" << index;
    }
    EXPECT_FALSE(tiled.node(level, leaves.size() >> level)) << "not complete yet: " << level;
  }
  EXPECT_EQ(stored.most_read(), 128U);
}

// Every node at the edge, as the tree grows by steps of all sizes; each row is read once.
TEST(GrowingNodes, GivesTheSameNodesAndReadsOnlyWhatWasAdded) {
  const auto leaves = leaves_of(2600);
  StoredRows stored;
  Frontier frontier;
  GrowingNodes nodes(stored);
  size_t before = 0;
  for (const size_t step : {1U, 1U, 2U, 60U, 190U, 1U, 1U, 255U, 256U, 257U, 3U, 513U, 900U, 1U}) {
    for (size_t i = 0; i < step; ++i) frontier.append(leaves[before + i], stored.sink());
    const size_t size = before + step;
    nodes.grow(size);
    const NaiveNodes naive(HashSpan(leaves).first(size));
    for (unsigned level = 0; level < 12; ++level) {
      for (uint64_t index = before >> level; (index + 1) << level <= size; ++index) {
        EXPECT_EQ(nodes.node(level, index).value(), naive.node(level, index).value())
            << size << ": " << level << "/" << index;
      }
      EXPECT_FALSE(nodes.node(level, size >> level)) << size << ", not complete: " << level;
    }
    for (const uint64_t leaf : {before, before + step / 2, size - 1}) {
      EXPECT_EQ(inclusion_proof(nodes, leaf, size).value(),
                testing::naive_inclusion(HashSpan(leaves).first(size), leaf));
    }
    before = size;
  }
  EXPECT_LE(stored.total_read(), before + before / 256) << "each stored hash at most once";
}

TEST(GrowingNodes, StartsAtAnySizeAndForgetsWhatLiesBehind) {
  const auto leaves = leaves_of(1500);
  StoredRows stored;
  Frontier frontier;
  for (const auto& leaf : leaves) frontier.append(leaf, stored.sink());
  GrowingNodes nodes(stored);
  for (const size_t size : {700U, 1400U, 1500U}) {
    nodes.grow(size);
    for (uint64_t leaf = 0; leaf < size; leaf += 97) {
      EXPECT_EQ(inclusion_proof(nodes, leaf, size).value(),
                testing::naive_inclusion(HashSpan(leaves).first(size), leaf));
    }
  }
}

TEST(TiledNodes, ReachesTheHighestLevels) {
  StoredRows stored;
  for (uint64_t i = 0; i < 128; ++i) stored.put(56, i, leaf_hash(std::to_string(i)));
  EXPECT_EQ(TiledNodes(stored).node(63, 0).value(), testing::naive_root(leaves_of(128, "")));
}

class TooFew final : public StoredHashes {
 public:
  Result<Hashes> range(unsigned, uint64_t, size_t count) const override {
    return Hashes(count - 1);
  }
};

TEST(TiledNodes, DoesNotHashAShortRange) {
  const auto node = TiledNodes(TooFew()).node(3, 5);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, Code::CORRUPT);
}

}  // namespace
}  // namespace suyuan
