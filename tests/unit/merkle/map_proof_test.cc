// Proofs of the chain map: every way of spoiling one is refused; all small maps; our own vectors.
#include "ledger/merkle/map_proof.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/support/vectors.h"
#include "tests/unit/merkle/naive_map.h"

namespace suyuan {
namespace {

using boost::json::value;
using testing::entry_of;
using testing::hex_of;
using testing::MemoryRows;
using testing::text_of;

Bytes bytes_of(const value& of) { return from_hex(text_of(of)).value(); }

// A claim: a row, or that there is none for the key.
struct Claim {
  Hash root;
  Hash key;
  std::optional<MapEntry> entry;
  bool proven_by(BytesView proof) const {
    return entry ? proves_presence(root, *entry, proof) : proves_absence(root, key, proof);
  }
};

std::optional<MapEntry> entry_in(const value& of) {
  if (!of.as_object().contains("count")) return std::nullopt;
  return MapEntry{.key = hex_of<Hash>(of.at("key")),
                  .count = of.at("count").to_number<uint64_t>(),
                  .link = hex_of<Hash>(of.at("link"))};
}

TEST(OwnVectors, Maps) {
  const auto file = testing::own_vectors("map.json");
  for (const auto& one : file.at("maps").as_array()) {
    MemoryRows rows;
    for (const auto& row : one.at("rows").as_array()) rows.put(entry_in(row).value());
    const auto map = ChainMap::build(rows).value();
    const auto root = hex_of<Hash>(one.at("root"));
    EXPECT_EQ(map.root(), root) << one.at("name");
    for (const auto& asked : one.at("proofs").as_array()) {
      const Claim claim{root, hex_of<Hash>(asked.at("key")), entry_in(asked)};
      const auto answer = map.prove(rows, claim.key).value();
      EXPECT_EQ(answer.entry, claim.entry) << one.at("name");
      EXPECT_EQ(answer.proof, bytes_of(asked.at("proof"))) << one.at("name");
      EXPECT_TRUE(claim.proven_by(answer.proof)) << one.at("name");
    }
  }
}

TEST(OwnVectors, RefusedMapProofs) {
  const auto file = testing::own_vectors("map.json");
  for (const auto& one : file.at("refused").as_array()) {
    const Claim claim{hex_of<Hash>(one.at("root")), hex_of<Hash>(one.at("key")), entry_in(one)};
    EXPECT_FALSE(claim.proven_by(bytes_of(one.at("proof")))) << one.at("name");
  }
}

class SpoiltProofs : public ::testing::Test {
 protected:
  SpoiltProofs() {
    for (uint64_t i = 0; i < 300; ++i) rows_.put(entry_of(sha256("code " + std::to_string(i))));
    map_ = ChainMap::build(rows_).value();
    for (const auto* name : {"code 0", "code 77", "no code", "no code either"}) {
      const Hash key = sha256(name);
      const auto answer = map_.prove(rows_, key).value();
      claims_.push_back({.root = map_.root(), .key = key, .entry = answer.entry});
      proofs_.push_back(answer.proof);
      EXPECT_TRUE(claims_.back().proven_by(answer.proof));
    }
  }
  MemoryRows rows_;
  ChainMap map_;
  std::vector<Claim> claims_;
  std::vector<Bytes> proofs_;
};

TEST_F(SpoiltProofs, EveryBitCounts) {
  for (size_t i = 0; i < claims_.size(); ++i) {
    for (size_t bit = 0; bit < proofs_[i].size() * 8; ++bit) {
      Bytes spoilt = proofs_[i];
      spoilt[bit / 8] = static_cast<char>(spoilt[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(claims_[i].proven_by(spoilt)) << "claim " << i << ", bit " << bit;
    }
  }
}

TEST_F(SpoiltProofs, EveryByteOfTheClaimCounts) {
  const Claim& claim = claims_[0];
  const Bytes& proof = proofs_[0];
  for (size_t bit = 0; bit < 256; ++bit) {
    const auto flip = [bit](Hash& hash) {
      hash.data.at(bit / 8) = static_cast<uint8_t>(hash.data.at(bit / 8) ^ (1U << bit % 8));
    };
    Claim other = claim;
    flip(other.entry->key);
    EXPECT_FALSE(other.proven_by(proof));
    other = claim;
    flip(other.entry->link);
    EXPECT_FALSE(other.proven_by(proof));
    other = claim;
    flip(other.root);
    EXPECT_FALSE(other.proven_by(proof));
    other = claim;
    other.entry->count ^= uint64_t{1} << bit % 64;
    EXPECT_FALSE(other.proven_by(proof));
  }
}

TEST_F(SpoiltProofs, CutOrLengthened) {
  for (size_t i = 0; i < claims_.size(); ++i) {
    const Bytes& proof = proofs_[i];
    for (size_t size = 0; size < proof.size(); ++size) {
      EXPECT_FALSE(claims_[i].proven_by(proof.substr(0, size))) << size;
      EXPECT_FALSE(claims_[i].proven_by(proof.substr(proof.size() - size))) << size;
      EXPECT_FALSE(claims_[i].proven_by(proof.substr(0, size) + proof.substr(size + 1))) << size;
    }
    for (const auto& more : {Bytes(1, '\0'), Bytes(1, '\x7f'), Bytes(33, '\0'), proof}) {
      EXPECT_FALSE(claims_[i].proven_by(proof + more));
      EXPECT_FALSE(claims_[i].proven_by(more + proof));
    }
    for (size_t at = 0; at <= proof.size(); ++at) {
      Bytes longer = proof;
      longer.insert(at, 1, '\x01');
      EXPECT_FALSE(claims_[i].proven_by(longer)) << at;
    }
  }
}

TEST_F(SpoiltProofs, EachProvesItsOwnClaimAlone) {
  for (size_t i = 0; i < claims_.size(); ++i) {
    for (size_t j = 0; j < proofs_.size(); ++j) {
      EXPECT_EQ(claims_[i].proven_by(proofs_[j]), i == j) << i << " by " << j;
    }
  }
}

// An absence proof holds for every key whose search ends at the same leaf, and for no other.
TEST_F(SpoiltProofs, AbsenceHoldsForAbsentKeysAlone) {
  for (const auto& [key, entry] : rows_.rows) {
    EXPECT_FALSE(proves_absence(map_.root(), key, proofs_[2]));
    EXPECT_FALSE(proves_absence(map_.root(), key, proofs_[3]));
  }
}

// All maps over eight keys, with every key's proof tried on every map.
TEST(MapProof, OfAllSmallMaps) {
  std::vector<MapEntry> all;
  for (unsigned i = 0; i < 8; ++i) {
    Hash key{};
    // Forks at bits 0, 7 and 255, so that paths skip levels and b takes one byte or two.
    key.data[0] = static_cast<uint8_t>((i & 4) << 5 | (i & 2) >> 1);
    key.data[31] = static_cast<uint8_t>(i & 1);
    all.push_back(entry_of(key));
  }
  std::vector<Hash> roots;
  std::vector<std::vector<MapAnswer>> answers;
  for (unsigned set = 0; set < 256; ++set) {
    MemoryRows rows;
    for (unsigned i = 0; i < 8; ++i) {
      if ((set >> i & 1) != 0) rows.put(all[i]);
    }
    const auto map = ChainMap::build(rows).value();
    EXPECT_EQ(map.root(), testing::naive_map(rows).root()) << set;
    roots.push_back(map.root());
    answers.emplace_back();
    for (const auto& entry : all) answers.back().push_back(map.prove(rows, entry.key).value());
  }
  size_t wrong = 0;
  for (unsigned of = 0; of < 256; ++of) {
    for (unsigned i = 0; i < 8; ++i) {
      const Bytes& proof = answers[of][i].proof;
      for (unsigned set = 0; set < 256; ++set) {
        const bool there = (set >> i & 1) != 0;
        const bool presence = proves_presence(roots[set], all[i], proof);
        const bool absence = proves_absence(roots[set], all[i].key, proof);
        // Its own map's claim is proven; of another map never a false one.
        if (of == set && (there ? !presence : !absence)) ++wrong;
        if (there ? absence : presence) ++wrong;
      }
    }
  }
  EXPECT_EQ(wrong, 0U);
}

TEST(MapProof, WhatDecodesEncodesToTheSameBytes) {
  std::mt19937_64 random(20261);
  std::cout << "seed 20261\n";
  size_t taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(random() % 3 == 0 ? 0 : 74, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    if (!bytes.empty() && random() % 8 != 0) {
      bytes[0] = 32;
      bytes[33] = 40;
    }
    uint32_t bit = 300;
    for (uint64_t steps = random() % 6; steps > 0; --steps) {
      bit -= static_cast<uint32_t>(random() % 60);
      put_uv(bytes, bit);
      bytes.append(32, static_cast<char>(random()));
    }
    if (const auto proof = decode_presence(bytes)) {
      ++taken;
      EXPECT_EQ(encode(*proof), bytes);
    }
    if (const auto proof = decode_absence(bytes)) {
      ++taken;
      EXPECT_EQ(encode(*proof), bytes);
      EXPECT_LE(bytes.size(), limits::kMapProofBytesMax);
    }
  }
  EXPECT_GT(taken, 1000U);
}

TEST(Uv, HasOneFormForEachNumber) {
  for (const uint32_t number : {0U, 1U, 127U, 128U, 255U, 256U, 16383U, 16384U, UINT32_MAX}) {
    Bytes bytes;
    put_uv(bytes, number);
    BytesView rest = bytes;
    EXPECT_EQ(take_uv(rest), number);
    EXPECT_TRUE(rest.empty());
    for (size_t size = 0; size < bytes.size(); ++size) {
      rest = BytesView(bytes).substr(0, size);
      EXPECT_FALSE(take_uv(rest));
    }
    bytes.back() = static_cast<char>(bytes.back() | 0x80);
    bytes.push_back('\0');
    rest = bytes;
    EXPECT_FALSE(take_uv(rest)) << number << " in a longer form";
  }
  for (const auto& above : {Bytes("\xff\xff\xff\xff\x10"), Bytes("\xff\xff\xff\xff\xff\x01")}) {
    BytesView rest = above;
    EXPECT_FALSE(take_uv(rest)) << "above 32 bits";
  }
}

}  // namespace
}  // namespace suyuan
