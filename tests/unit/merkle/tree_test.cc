#include "ledger/merkle/tree.h"

#include <gtest/gtest.h>

#include "tests/unit/merkle/naive_tree.h"

namespace suyuan {
namespace {

using testing::HashSpan;
using testing::leaves_of;

TEST(LeafHash, IsOfAZeroByteAndTheData) {
  EXPECT_EQ(leaf_hash(""), sha256(BytesView("\0", 1)));
  EXPECT_EQ(leaf_hash("data"), sha256(BytesView("\0data", 5)));
}

TEST(NodeHash, IsOfAOneByteAndBothSides) {
  const Hash left = sha256("left");
  const Hash right = sha256("right");
  EXPECT_EQ(node_hash(left, right), sha256({"\x01", left.view(), right.view()}));
  EXPECT_NE(node_hash(left, right), node_hash(right, left));
}

TEST(TreeHash, OfNoLeavesIsTheHashOfNothing) {
  EXPECT_EQ(tree_hash({}), sha256(""));
  EXPECT_EQ(empty_root(), sha256(""));
}

TEST(TreeHash, OfOneLeafIsTheLeaf) {
  const auto leaves = leaves_of(1);
  EXPECT_EQ(tree_hash(leaves), leaves[0]);
}

TEST(TreeHash, FollowsTheRfcForEverySizeTo300) {
  const auto leaves = leaves_of(300);
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const auto some = HashSpan(leaves).first(size);
    EXPECT_EQ(tree_hash(some), testing::naive_root(some)) << size;
  }
}

TEST(TreeHash, FollowsTheRfcForTheLargestBatch) {
  for (const size_t size : {4095U, 4096U, 4097U}) {
    const auto leaves = leaves_of(size);
    EXPECT_EQ(tree_hash(leaves), testing::naive_root(leaves)) << size;
  }
}

TEST(InclusionPath, FollowsTheRfcForEveryLeafOfEverySizeTo70) {
  const auto leaves = leaves_of(70);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const auto some = HashSpan(leaves).first(size);
    for (size_t i = 0; i < size; ++i) {
      EXPECT_EQ(inclusion_path(some, i), testing::naive_inclusion(some, i)) << i << " of " << size;
    }
  }
}

TEST(InclusionPathDeathTest, IsOfALeafOfTheTree) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto leaves = leaves_of(3);
  EXPECT_DEATH(inclusion_path(leaves, 3), "broken invariant");
}

}  // namespace
}  // namespace suyuan
