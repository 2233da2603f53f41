#include "ledger/merkle/proof.h"

#include <gtest/gtest.h>

#include "tests/unit/merkle/naive_tree.h"

namespace suyuan {
namespace {

using testing::Hashes;
using testing::HashSpan;
using testing::head_of;
using testing::KeptRoots;
using testing::leaves_of;
using testing::NaiveNodes;
using testing::StoredRows;

// Every way to spoil a path: a bit of each hash, one hash less, one more, two swapped.
template <class Check>
void expect_no_mutation_passes(const Hashes& path, const Check& passes) {
  for (size_t i = 0; i < path.size(); ++i) {
    Hashes changed = path;
    changed[i].data[i % Hash::kSize] ^= 0x10;
    EXPECT_FALSE(passes(changed)) << "changed " << i;
    changed = path;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(passes(changed)) << "removed " << i;
    if (i > 0) {
      changed = path;
      std::swap(changed[i - 1], changed[i]);
      EXPECT_FALSE(passes(changed)) << "swapped " << i;
    }
  }
  for (size_t i = 0; i <= path.size(); ++i) {
    Hashes changed = path;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), i > 0 ? path[i - 1] : Hash{});
    EXPECT_FALSE(passes(changed)) << "inserted " << i;
  }
}

// Some 525,000 proofs.
TEST(Inclusion, HoldsForEveryLeafOfEverySizeTo1024) {
  const auto leaves = leaves_of(1024);
  KeptRoots root;
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const auto some = HashSpan(leaves).first(size);
    const TreeHead head{.size = size, .root = root(some)};
    for (size_t i = 0; i < size; ++i) {
      const auto path = testing::naive_inclusion(some, i, root);
      EXPECT_TRUE(includes(head, i, leaves[i], path)) << i << " of " << size;
    }
  }
}

TEST(Inclusion, RefusesEveryMutation) {
  const auto leaves = leaves_of(40);
  for (const size_t size : {1U, 2U, 3U, 7U, 8U, 11U, 32U, 33U, 40U}) {
    const auto head = head_of(leaves, size);
    for (size_t i = 0; i < size; ++i) {
      const auto path = testing::naive_inclusion(HashSpan(leaves).first(size), i);
      expect_no_mutation_passes(
          path, [&](const Hashes& changed) { return includes(head, i, leaves[i], changed); });
      EXPECT_FALSE(includes({.size = size, .root = sha256("other")}, i, leaves[i], path));
      EXPECT_FALSE(includes(head, i, sha256("other"), path));
    }
  }
}

TEST(Inclusion, RefusesEveryOtherPlace) {
  const auto leaves = leaves_of(33);
  for (const size_t size : {2U, 7U, 8U, 33U}) {
    const auto head = head_of(leaves, size);
    for (size_t i = 0; i < size; ++i) {
      const auto path = testing::naive_inclusion(HashSpan(leaves).first(size), i);
      for (size_t other = 0; other < size + 2; ++other) {
        EXPECT_EQ(includes(head, other, leaves[i], path), other == i) << i << " as " << other;
      }
    }
  }
}

TEST(Inclusion, RefusesAPathLongerThanTheTree) {
  const auto leaf = leaf_hash("x");
  const Hashes path(100, leaf);
  EXPECT_FALSE(includes({.size = 1, .root = leaf}, 0, leaf, path));
  EXPECT_FALSE(includes({.size = UINT64_MAX, .root = leaf}, UINT64_MAX - 1, leaf, path));
  EXPECT_FALSE(includes({.size = UINT64_MAX, .root = leaf}, 0, leaf, path));
}

TEST(Inclusion, RefusesAPlaceOutsideTheTree) {
  const auto leaf = leaf_hash("x");
  EXPECT_FALSE(includes({.size = 0, .root = empty_root()}, 0, leaf, {}));
  EXPECT_FALSE(includes({.size = 1, .root = leaf}, 1, leaf, {}));
  EXPECT_FALSE(includes({.size = 1, .root = leaf}, UINT64_MAX, leaf, {}));
}

TEST(Inclusion, RefusesAnInnerNodeInsteadOfALeaf) {
  const auto leaves = leaves_of(4);
  const Hashes path = {node_hash(leaves[2], leaves[3])};
  EXPECT_FALSE(includes(head_of(leaves, 4), 0, node_hash(leaves[0], leaves[1]), path));
}

// Some 131,000 proofs.
TEST(Consistency, HoldsForEveryPairOfSizesTo512) {
  const auto leaves = leaves_of(512);
  KeptRoots root;
  for (size_t newer = 1; newer <= leaves.size(); ++newer) {
    const auto some = HashSpan(leaves).first(newer);
    const TreeHead to{.size = newer, .root = root(some)};
    for (size_t older = 1; older <= newer; ++older) {
      const TreeHead from{.size = older, .root = root(some.first(older))};
      const auto path = testing::naive_consistency(some, older, root);
      EXPECT_TRUE(consistent(from, to, path))
          << older << " to " << newer;
    }
  }
}

TEST(Consistency, RefusesEveryMutation) {
  const auto leaves = leaves_of(33);
  for (const size_t newer : {2U, 3U, 7U, 8U, 16U, 31U, 33U}) {
    for (size_t older = 1; older <= newer; ++older) {
      const auto from = head_of(leaves, older);
      const auto to = head_of(leaves, newer);
      const auto path = testing::naive_consistency(HashSpan(leaves).first(newer), older);
      expect_no_mutation_passes(
          path, [&](const Hashes& changed) { return consistent(from, to, changed); });
      EXPECT_FALSE(consistent({.size = older, .root = sha256("other")}, to, path));
      EXPECT_FALSE(consistent(from, {.size = newer, .root = sha256("other")}, path));
    }
  }
}

TEST(Consistency, RefusesAForkedLog) {
  const auto leaves = leaves_of(20);
  auto forked = leaves;
  forked[5] = leaf_hash("rewritten");
  for (size_t newer = 7; newer <= 20; ++newer) {
    const auto path = testing::naive_consistency(HashSpan(forked).first(newer), 6);
    EXPECT_FALSE(consistent(head_of(leaves, 6), head_of(forked, newer), path)) << newer;
  }
}

TEST(Consistency, TheEmptyTreeIsTheBeginningOfEveryTree) {
  const auto leaves = leaves_of(3);
  const TreeHead empty{.size = 0, .root = empty_root()};
  EXPECT_TRUE(consistent(empty, empty, {}));
  EXPECT_TRUE(consistent(empty, head_of(leaves, 3), {}));
  EXPECT_FALSE(consistent(empty, head_of(leaves, 3), Hashes{leaves[0]}));
  EXPECT_FALSE(consistent({.size = 0, .root = leaves[0]}, head_of(leaves, 3), {}));
  EXPECT_FALSE(consistent({.size = 0, .root = leaves[0]}, {.size = 0, .root = leaves[0]}, {}));
  EXPECT_FALSE(consistent(empty, {.size = 0, .root = leaves[0]}, {}));
}

TEST(Consistency, RefusesATreeThatShrank) {
  const auto leaves = leaves_of(8);
  const auto path = testing::naive_consistency(leaves, 3);
  EXPECT_FALSE(consistent(head_of(leaves, 8), head_of(leaves, 3), path));
  EXPECT_FALSE(consistent(head_of(leaves, 8), head_of(leaves, 3), {}));
}

TEST(Consistency, IsTotalOnTheLargestSizes) {
  const auto leaf = leaf_hash("x");
  const TreeHead huge{.size = UINT64_MAX, .root = leaf};
  for (const uint64_t older : {uint64_t{1}, uint64_t{1} << 63, UINT64_MAX - 1}) {
    for (const size_t length : {0U, 1U, 64U, 200U}) {
      EXPECT_FALSE(consistent({.size = older, .root = leaf}, huge, Hashes(length, leaf)));
    }
  }
}

// Proofs from the stored levels equal those of the RFC, for the tree as it is and as it was.
TEST(Proofs, FromStoredLevelsAreThoseOfTheRfc) {
  const auto leaves = leaves_of(90);
  StoredRows stored;
  Frontier frontier;
  for (const auto& leaf : leaves) frontier.append(leaf, stored.sink());
  const TiledNodes nodes(stored);
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const auto some = HashSpan(leaves).first(size);
    EXPECT_EQ(root_of(nodes, size).value(), testing::naive_root(some));
    for (size_t i = 0; i < size; ++i) {
      EXPECT_EQ(inclusion_proof(nodes, i, size).value(), testing::naive_inclusion(some, i));
      EXPECT_EQ(consistency_proof(nodes, i + 1, size).value(),
                testing::naive_consistency(some, i + 1));
    }
    EXPECT_EQ(consistency_proof(nodes, 0, size).value(), Hashes());
  }
}

// The makers alone, for every place of every size to 512: some 262,000 proofs.
TEST(Proofs, FromAnySourceAreThoseOfTheRfc) {
  const auto leaves = leaves_of(512);
  const NaiveNodes nodes(leaves);
  KeptRoots root;
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const auto some = HashSpan(leaves).first(size);
    for (size_t i = 0; i < size; ++i) {
      EXPECT_EQ(inclusion_proof(nodes, i, size).value(), testing::naive_inclusion(some, i, root));
      EXPECT_EQ(consistency_proof(nodes, i + 1, size).value(),
                testing::naive_consistency(some, i + 1, root));
    }
  }
}

TEST(Proofs, HoldForRandomPlacesOfALargeTree) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  StoredRows stored;
  Frontier frontier;
  const auto leaves = leaves_of(70'000);
  for (const auto& leaf : leaves) frontier.append(leaf, stored.sink());
  const TiledNodes nodes(stored);
  for (int i = 0; i < 300; ++i) {
    const uint64_t newer = 1 + random() % leaves.size();
    const uint64_t older = 1 + random() % newer;
    const uint64_t index = random() % older;
    const TreeHead from{.size = older, .root = root_of(nodes, older).value()};
    const TreeHead to{.size = newer, .root = root_of(nodes, newer).value()};
    EXPECT_TRUE(consistent(from, to, consistency_proof(nodes, older, newer).value()));
    EXPECT_TRUE(includes(to, index, leaves[index], inclusion_proof(nodes, index, newer).value()));
    EXPECT_EQ(consistent(from, to, {}), older == newer);
  }
}

class CountingNodes final : public NodeSource {
 public:
  Result<Hash> node(unsigned, uint64_t) const override {
    ++reads;
    return Hash{};
  }
  mutable int reads = 0;
};

TEST(Proofs, ReadAboutOneNodeForEachLevel) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000; ++i) {
    const uint64_t size = 1 + (random() >> (1 + random() % 63));
    const uint64_t place = random() % size;
    CountingNodes nodes;
    ASSERT_TRUE(inclusion_proof(nodes, place, size));
    EXPECT_LE(nodes.reads, 128);
    nodes.reads = 0;
    ASSERT_TRUE(consistency_proof(nodes, place, size));
    EXPECT_LE(nodes.reads, 128);
  }
}

TEST(Proofs, AreNotMadeForPlacesOutsideTheTree) {
  const auto leaves = leaves_of(5);
  const NaiveNodes nodes(leaves);
  EXPECT_EQ(inclusion_proof(nodes, 5, 5).error().code, Code::INVALID_FIELD);
  EXPECT_EQ(inclusion_proof(nodes, 0, 0).error().code, Code::INVALID_FIELD);
  EXPECT_EQ(consistency_proof(nodes, 5, 4).error().code, Code::INVALID_FIELD);
  EXPECT_EQ(root_of(nodes, 6).error().code, Code::NOT_FOUND);
  EXPECT_EQ(inclusion_proof(nodes, 0, UINT64_MAX).error().code, Code::NOT_FOUND);
}

}  // namespace
}  // namespace suyuan
