// Published vectors of torchwood's mpt, and the profile of it that the chain map is.
#include <gtest/gtest.h>

#include "tests/support/vectors.h"
#include "tests/unit/merkle/naive_map.h"

namespace suyuan {
namespace {

using boost::json::value;
using testing::hex_of;
using testing::text_of;

Bytes vector_bytes(const value& of) { return from_hex(text_of(of)).value(); }

// The verifier's general form, over keys and values of any length.
constexpr uint32_t kBits = 1 << 16;

bool generic_presence(const Hash& root, BytesView key, BytesView val, BytesView proof) {
  const auto path = decode_trie_path(proof, kBits);
  return path && climb(key, trie_leaf(key, val), *path) == root;
}

std::optional<BytesView> take_string(BytesView& bytes) {
  const auto size = take_uv(bytes);
  if (!size || bytes.size() < *size) return std::nullopt;
  const BytesView taken = bytes.substr(0, *size);
  bytes.remove_prefix(*size);
  return taken;
}

bool generic_absence(const Hash& root, BytesView key, BytesView proof) {
  if (proof.empty()) return root == empty_map_root();
  const auto other = take_string(proof);
  const auto val = other ? take_string(proof) : std::nullopt;
  const auto path = val ? decode_trie_path(proof, kBits) : std::nullopt;
  return path && *other != key && same_way(key, *other, *path) &&
         climb(*other, trie_leaf(*other, *val), *path) == root;
}

TEST(MapVectors, TreeHashes) {
  SUYUAN_SHARED_VECTORS(file, "vectors/mpt/treehash.json");
  for (const auto& one : file.as_array()) {
    testing::Pairs pairs;
    for (const auto& kv : one.at("kv").as_array()) {
      pairs.emplace_back(vector_bytes(kv.at(0)), vector_bytes(kv.at(1)));
    }
    const testing::NaiveTrie trie(pairs);
    const auto root = hex_of<Hash>(one.at("root"));
    EXPECT_EQ(trie.root(), root) << one.at("name");
    for (const auto& leaf : trie.leaves) {
      const auto [found, path] = trie.search(leaf.bits);
      EXPECT_EQ(found->key, leaf.key);
      EXPECT_TRUE(generic_presence(root, leaf.key, leaf.value, path)) << one.at("name");
    }
  }
}

TEST(MapVectors, Verdicts) {
  SUYUAN_SHARED_VECTORS(file, "vectors/mpt/verify.json");
  ASSERT_GT(file.as_array().size(), 400U);
  for (const auto& one : file.as_array()) {
    const auto root = hex_of<Hash>(one.at("snap"));
    const auto key = vector_bytes(one.at("key"));
    const auto proof = vector_bytes(one.at("proof"));
    const bool holds = one.at("present").as_bool()
                           ? generic_presence(root, key, vector_bytes(one.at("val")), proof)
                           : generic_absence(root, key, proof);
    EXPECT_EQ(holds, one.at("want_valid").as_bool()) << one.at("name");
  }
}

TEST(MapVectors, ProfileOfCountAndHead) {
  SUYUAN_SHARED_VECTORS(file, "vectors/mpt/profile-count-head.json");
  for (const auto& one : file.as_array()) {
    testing::MemoryRows rows;
    const auto keys = one.at("keys").to_number<uint64_t>();
    for (uint64_t i = 0; i < keys; ++i) {
      const std::string number = std::to_string(i);
      const std::string code = "open-" + std::string(14 - number.size(), '0') + number;
      const uint64_t count = 1 + i % 7;
      const Hash link = sha256("head:" + code + ":" + std::to_string(count));
      rows.put({.key = sha256(code), .count = count, .link = link});
    }
    const auto map = ChainMap::build(rows).value();
    const auto root = hex_of<Hash>(one.at("root"));
    EXPECT_EQ(map.root(), root) << keys;
    EXPECT_EQ(map.size(), keys);
    for (const auto& proof : one.at("proofs").as_array()) {
      const auto key = hex_of<Hash>(proof.at("key"));
      const auto answer = map.prove(rows, key).value();
      ASSERT_EQ(answer.entry.has_value(), proof.at("present").as_bool());
      EXPECT_EQ(answer.proof, vector_bytes(proof.at("proof")))
          << keys << " " << proof.at("product_code");
      if (answer.entry) {
        EXPECT_EQ(testing::naive_value(*answer.entry), vector_bytes(proof.at("val")));
        EXPECT_TRUE(proves_presence(root, *answer.entry, answer.proof));
      } else {
        EXPECT_TRUE(proves_absence(root, key, answer.proof));
      }
    }
  }
}

}  // namespace
}  // namespace suyuan
