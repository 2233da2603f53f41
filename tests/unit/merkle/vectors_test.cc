// Published vectors: transparency-dev/merkle, golang.org/x/mod/sumdb/tlog, and our own.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "ledger/base/text.h"
#include "tests/support/vectors.h"
#include "tests/unit/merkle/naive_tree.h"

namespace suyuan {
namespace {

using boost::json::value;
using testing::Hashes;
using testing::HashSpan;
using testing::hex_of;
using testing::leaves_of;
using testing::own_vectors;
using testing::StoredRows;
using testing::text_of;

uint64_t number(const value& of) { return of.to_number<uint64_t>(); }

Hashes hex_hashes(const value& of) {
  Hashes all;
  for (const auto& one : of.as_array()) all.push_back(hex_of<Hash>(one));
  return all;
}

// Some probes spoil a root, or a hash of a path, so that it is no hash any more: nullopt.
std::optional<Hash> maybe_hash(const value& of) { return fixed_from_base64<Hash>(text_of(of)); }
std::optional<Hashes> maybe_path(const value& of) {
  Hashes all;
  if (of.is_null()) return all;
  for (const auto& one : of.as_array()) {
    const auto hash = maybe_hash(one);
    if (!hash) return std::nullopt;
    all.push_back(*hash);
  }
  return all;
}

bool inclusion_probe_holds(const value& one, uint64_t size, uint64_t index) {
  const auto root = maybe_hash(one.at("root"));
  const auto leaf = maybe_hash(one.at("leafHash"));
  const auto path = maybe_path(one.at("proof"));
  return root && leaf && path && includes({.size = size, .root = *root}, index, *leaf, *path);
}

bool consistency_probe_holds(const value& one, uint64_t older_size, uint64_t newer_size) {
  const auto older = maybe_hash(one.at("root1"));
  const auto newer = maybe_hash(one.at("root2"));
  const auto path = maybe_path(one.at("proof"));
  if (!older || !newer || !path) return false;
  const TreeHead from{.size = older_size, .root = *older};
  const TreeHead to{.size = newer_size, .root = *newer};
  return consistent(from, to, *path);
}

TEST(OwnVectors, AreReproduced) {
  const auto file = own_vectors("tree.json");
  const auto leaves = leaves_of(300);
  for (const auto& [size, root] : file.at("roots").as_object()) {
    EXPECT_EQ(tree_hash(HashSpan(leaves).first(std::stoul(size))), hex_of<Hash>(root)) << size;
  }
  for (const auto& one : file.at("inclusion").as_array()) {
    const auto some = HashSpan(leaves).first(number(one.at("size")));
    const auto index = number(one.at("index"));
    const auto path = hex_hashes(one.at("path"));
    EXPECT_EQ(inclusion_path(some, index), path);
    const TreeHead head{.size = some.size(), .root = tree_hash(some)};
    EXPECT_TRUE(includes(head, index, leaves[index], path));
  }
  const testing::NaiveNodes nodes(leaves);
  for (const auto& one : file.at("consistency").as_array()) {
    EXPECT_EQ(consistency_proof(nodes, number(one.at("older")), number(one.at("newer"))).value(),
              hex_hashes(one.at("path")));
  }
}

TEST(MerkleVectors, InclusionProbes) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/inclusion-probes.json");
  for (const auto& one : file.as_array()) {
    EXPECT_EQ(inclusion_probe_holds(one, number(one.at("treeSize")), number(one.at("leafIdx"))),
              !one.at("wantErr").as_bool())
        << one.at("source");
  }
}

TEST(MerkleVectors, ConsistencyProbes) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/consistency-probes.json");
  for (const auto& one : file.as_array()) {
    EXPECT_EQ(consistency_probe_holds(one, number(one.at("size1")), number(one.at("size2"))),
              !one.at("wantErr").as_bool())
        << one.at("source");
  }
}

// draft-ietf-plants-merkle-tree-certs: start is a multiple of the smallest power of two >= end -
// start. Such a subtree is a tree of its own, so our proofs cover it.
bool is_subtree(uint64_t start, uint64_t end) {
  return start <= end && (start == end || start % std::bit_ceil(end - start) == 0);
}

TEST(MerkleVectors, SubtreeInclusionProbes) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/subtreeinclusion-probes.json");
  for (const auto& one : file.as_array()) {
    const auto start = number(one.at("start"));
    const auto end = number(one.at("end"));
    const auto index = number(one.at("leafIdx"));
    const bool holds = is_subtree(start, end) && index >= start &&
                       inclusion_probe_holds(one, end - start, index - start);
    EXPECT_EQ(holds, !one.at("wantErr").as_bool()) << one.at("source");
  }
}

// Only those that start at leaf 0 are consistency proofs of RFC 9162.
TEST(MerkleVectors, SubtreeConsistencyProbesFromTheFirstLeaf) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/subtreeconsistency-probes.json");
  for (const auto& one : file.as_array()) {
    if (number(one.at("start")) != 0) continue;
    EXPECT_EQ(consistency_probe_holds(one, number(one.at("end")), number(one.at("size"))),
              !one.at("wantErr").as_bool())
        << one.at("source");
  }
}

// One rolling hash over every subtree of 130 leaves, and over every path in each.
TEST(MerkleVectors, EverySubtreeOf130Leaves) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/subtree-accumulated.json");
  const auto most = number(file.at("max"));
  Hashes leaves;
  for (uint64_t i = 0; i < most; ++i) leaves.push_back(leaf_hash(Bytes(1, static_cast<char>(i))));
  Sha256 roots;
  Sha256 paths;
  for (uint64_t end = 0; end <= most; ++end) {
    for (uint64_t start = 0; start <= end; ++start) {
      if (!is_subtree(start, end)) continue;
      const auto some = HashSpan(leaves).subspan(start, end - start);
      const std::string name = "[" + std::to_string(start) + ", " + std::to_string(end) + ")";
      roots.update(name + " " + to_hex(tree_hash(some).view()) + "\n");
      for (uint64_t index = start; index < end; ++index) {
        paths.update(std::to_string(index) + " " + name);
        for (const auto& hash : inclusion_path(some, index - start)) {
          paths.update(" " + to_hex(hash.view()));
        }
        paths.update("\n");
      }
    }
  }
  EXPECT_EQ(roots.finish(), hex_of<Hash>(file.at("subtree_hash").at("sha256")));
  EXPECT_EQ(paths.finish(), hex_of<Hash>(file.at("inclusion").at("sha256")));
}

// Two numbers of a Go fuzzing corpus, a range of leaves: "uint64(3)".
std::vector<uint64_t> fuzzed_numbers(std::string_view text) {
  constexpr std::string_view kBefore = "uint64(";
  std::vector<uint64_t> numbers;
  for (size_t at = text.find(kBefore); at != text.npos; at = text.find(kBefore, at + 1)) {
    const size_t from = at + kBefore.size();
    numbers.push_back(from_decimal(text.substr(from, text.find(')', from) - from)).value());
  }
  return numbers;
}

// Ranges that once broke a compact range elsewhere: the edge of our tree at both ends of each, and
// the growth from one to the other.
TEST(MerkleVectors, RangesThatFuzzingFoundElsewhere) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/compact-range-fuzz-corpus.json");
  for (const auto& one : file.as_array()) {
    SCOPED_TRACE(text_of(one.at("source")));
    const auto range = fuzzed_numbers(text_of(one.at("text")));
    ASSERT_EQ(range.size(), 2U);
    const auto begin = std::min(range[0], range[1]), end = std::max(range[0], range[1]);
    ASSERT_LE(end, 100'000U);
    StoredRows stored;
    Frontier frontier;
    Frontier at_begin;
    for (uint64_t i = 0; i < end; ++i) {
      if (i == begin) at_begin = frontier;
      frontier.append(leaf_hash("leaf " + std::to_string(i)), stored.sink());
    }
    if (begin == end) at_begin = frontier;
    const TiledNodes nodes(stored);
    EXPECT_EQ(Frontier::read(nodes, end).value(), frontier);
    EXPECT_EQ(Frontier::read(nodes, begin).value(), at_begin);
    const TreeHead older{.size = begin, .root = at_begin.root()};
    const TreeHead newer{.size = end, .root = frontier.root()};
    EXPECT_EQ(root_of(nodes, begin).value(), older.root);
    const auto path = consistency_proof(nodes, begin, end).value();
    EXPECT_TRUE(consistent(older, newer, path));
    if (begin == 0 || begin == end) continue;
    EXPECT_FALSE(consistent({.size = begin, .root = newer.root}, newer, path));
  }
}

TEST(MerkleVectors, TheClassicTreeOfEightLeaves) {
  SUYUAN_SHARED_VECTORS(file, "vectors/rfc6962/tree-constants.json");
  Hashes leaves;
  for (const auto& one : file.at("leaf_inputs").as_array()) {
    leaves.push_back(leaf_hash(from_hex(text_of(one)).value()));
  }
  const testing::NaiveNodes nodes(leaves);
  for (unsigned level = 0; level < 4; ++level) {
    const auto expected = hex_hashes(file.at("node_hashes").at("level" + std::to_string(level)));
    for (uint64_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(nodes.node(level, i).value(), expected[i]) << level << "/" << i;
    }
  }
  const auto roots = hex_hashes(file.at("root_hashes_by_size"));
  for (size_t size = 0; size < roots.size(); ++size) {
    EXPECT_EQ(tree_hash(HashSpan(leaves).first(size)), roots[size]) << size;
  }
}

// golang.org/x/mod/sumdb/tlog: a tree of 70,001 leaves, with its tiles.
class SumdbVectors : public ::testing::Test {
 protected:
  void grow(uint64_t size) {
    for (uint64_t i = frontier_.size(); i < size; ++i) {
      frontier_.append(leaf_hash("open-leaf-" + std::to_string(i)), stored_.sink());
    }
  }
  static constexpr auto kFile = "vectors/rfc6962/sumdb-tlog-generated.json";
  StoredRows stored_;
  Frontier frontier_;
  TiledNodes nodes_{stored_};
};

TEST_F(SumdbVectors, Roots) {
  SUYUAN_SHARED_VECTORS(file, kFile);
  for (const auto& [size, root] : file.at("roots").as_object()) {
    grow(std::stoul(size));
    EXPECT_EQ(root_of(nodes_, std::stoul(size)).value(), hex_of<Hash>(root)) << size;
  }
}

TEST_F(SumdbVectors, Inclusion) {
  SUYUAN_SHARED_VECTORS(file, kFile);
  for (const auto& one : file.at("inclusion").as_array()) {
    const auto size = number(one.at("tree_size"));
    const auto index = number(one.at("leaf_index"));
    const auto path = hex_hashes(one.at("proof"));
    grow(size);
    EXPECT_EQ(inclusion_proof(nodes_, index, size).value(), path) << index << " of " << size;
    EXPECT_TRUE(includes({.size = size, .root = hex_of<Hash>(one.at("root"))}, index,
                         hex_of<Hash>(one.at("leaf_hash")), path));
  }
}

TEST_F(SumdbVectors, Consistency) {
  SUYUAN_SHARED_VECTORS(file, kFile);
  for (const auto& one : file.at("consistency").as_array()) {
    const TreeHead older{.size = number(one.at("size1")), .root = hex_of<Hash>(one.at("root1"))};
    const TreeHead newer{.size = number(one.at("size2")), .root = hex_of<Hash>(one.at("root2"))};
    const auto path = hex_hashes(one.at("proof"));
    grow(newer.size);
    EXPECT_EQ(consistency_proof(nodes_, older.size, newer.size).value(), path);
    EXPECT_TRUE(consistent(older, newer, path)) << older.size << " to " << newer.size;
  }
}

TEST_F(SumdbVectors, StoredLevelsAreTheTilesOfTlogTiles) {
  SUYUAN_SHARED_VECTORS(file, kFile);
  for (const auto& one : file.at("tiles").as_array()) {
    grow(number(one.at("tree_size")));
    const auto level = static_cast<unsigned>(number(one.at("level"))) * kStoredLevelStep;
    const auto tile = stored_.range(level, number(one.at("index")) * 256, number(one.at("width")));
    ASSERT_TRUE(tile) << one.at("path");
    Sha256 bytes;
    for (const auto& hash : *tile) bytes.update(hash.view());
    EXPECT_EQ(bytes.finish(), hex_of<Hash>(one.at("sha256_of_tile_bytes"))) << one.at("path");
  }
}

}  // namespace
}  // namespace suyuan
