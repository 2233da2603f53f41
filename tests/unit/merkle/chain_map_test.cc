// The chain map against the trie's definition: built, folded in any way, grown, proven.
#include <gtest/gtest.h>

#include "tests/unit/merkle/naive_map.h"

namespace suyuan {
namespace {

using testing::entry_of;
using testing::Keys;
using testing::MemoryRows;
using testing::naive_map;

constexpr uint32_t kSeed = 20260;

std::vector<MapEntry> sorted(std::map<Hash, MapEntry> changed) {
  std::vector<MapEntry> rows;
  for (auto& [key, entry] : changed) rows.push_back(entry);
  return rows;
}

// Same bytes as the definition gives, and the verifier takes them.
void expect_proves(const ChainMap& map, const MemoryRows& rows, const Hash& key) {
  const auto answer = map.prove(rows, key);
  ASSERT_TRUE(answer) << to_text(answer.error());
  const auto row = rows.rows.find(key);
  ASSERT_EQ(answer->entry.has_value(), row != rows.rows.end());
  if (answer->entry) {
    EXPECT_EQ(*answer->entry, row->second);
    EXPECT_TRUE(proves_presence(map.root(), *answer->entry, answer->proof));
    EXPECT_FALSE(proves_absence(map.root(), key, answer->proof));
  } else {
    EXPECT_TRUE(proves_absence(map.root(), key, answer->proof));
    EXPECT_FALSE(proves_presence(map.root(), entry_of(key), answer->proof));
  }
}

void expect_is_map_of(const ChainMap& map, const MemoryRows& rows) {
  ASSERT_EQ(map.size(), rows.rows.size());
  ASSERT_EQ(map.root(), naive_map(rows).root()) << rows.rows.size() << " codes, seed " << kSeed;
}

TEST(ChainMap, OfNoCodes) {
  const MemoryRows none;
  const auto map = ChainMap::build(none).value();
  EXPECT_EQ(map.root(), sha256(""));
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.fold(none, {}).value().root(), sha256(""));
  expect_proves(map, none, sha256("any"));
  EXPECT_EQ(map.prove(none, sha256("any")).value().proof, "");
}

// Around every size at which a page gets a level more, or pages below.
TEST(ChainMap, BuiltIsTheTrieOfItsRows) {
  Keys keys(kSeed);
  MemoryRows rows;
  for (const size_t size : {1U, 2U, 3U, 15U, 16U, 17U, 32U, 33U, 64U, 65U, 128U, 129U, 255U, 256U,
                            257U, 300U, 1000U, 4097U}) {
    while (rows.rows.size() < size) rows.put(entry_of(keys.any(), 1 + keys.below(9)));
    const auto map = ChainMap::build(rows).value();
    expect_is_map_of(map, rows);
    for (size_t i = 0; i < 20; ++i) expect_proves(map, rows, keys.any());
    for (const auto& [key, entry] : rows.rows) expect_proves(map, rows, key);
  }
}

TEST(ChainMap, ProofsAreThoseOfTheDefinition) {
  Keys keys(kSeed + 1);
  MemoryRows rows;
  while (rows.rows.size() < 700) rows.put(entry_of(keys.any()));
  const auto map = ChainMap::build(rows).value();
  const auto trie = naive_map(rows);
  for (size_t i = 0; i < 200; ++i) {
    const Hash key = i % 2 == 0 ? keys.any() : Hash::from(trie.leaves[i * 3].key);
    const auto [end, path] = trie.search(testing::naive_bits(key.view(), 32));
    const bool there = end->key == key.view();
    const auto answer = map.prove(rows, key).value();
    EXPECT_EQ(answer.entry.has_value(), there);
    EXPECT_EQ(answer.proof, there ? path : "\x20" + end->key + "\x28" + end->value + path);
  }
}

TEST(ChainMap, FoldedInAnyBatchesIsTheSameAsBuilt) {
  std::cout << "seed " << kSeed << "\n";
  for (uint32_t round = 0; round < 40; ++round) {
    Keys keys(kSeed + round);
    MemoryRows rows;
    ChainMap map;
    std::vector<Hash> known;
    const size_t most = 1 + keys.below(round % 4 == 0 ? 2000 : 60);
    for (size_t batch = 0; batch < 12; ++batch) {
      std::map<Hash, MapEntry> changed;
      for (uint64_t n = keys.below(most); n > 0; --n) {
        const bool again = !known.empty() && keys.below(2) == 0;
        const Hash key = again ? known[keys.below(known.size())] : keys.any();
        if (!again) known.push_back(key);
        changed[key] = entry_of(key, 1 + keys.below(1000));
        rows.put(changed[key]);
      }
      auto folded = map.fold(rows, sorted(changed));
      ASSERT_TRUE(folded) << to_text(folded.error());
      map = *std::move(folded);
      expect_is_map_of(map, rows);
      const auto built = ChainMap::build(rows).value();
      EXPECT_EQ(built.memory_bytes(), map.memory_bytes());  // the same pages
      for (size_t i = 0; i < 5 && !known.empty(); ++i) {
        expect_proves(map, rows, keys.any());
        expect_proves(map, rows, known[keys.below(known.size())]);
      }
    }
  }
}

// One by one, through every growth of the first pages.
TEST(ChainMap, GrowsOneCodeAtATime) {
  Keys keys(kSeed);
  MemoryRows rows;
  ChainMap map;
  for (size_t i = 0; i < 1200; ++i) {
    const auto entry = entry_of(keys.any());
    rows.put(entry);
    map = map.fold(rows, std::span(&entry, 1)).value();
    if (i % 7 == 0 || i < 40) expect_is_map_of(map, rows);
  }
  expect_is_map_of(map, rows);
}

TEST(ChainMap, TakesKeysThatShareLongBeginnings) {
  Keys keys(kSeed);
  MemoryRows rows;
  ChainMap map;
  const Hash crowd = keys.any();
  for (unsigned bits : {0U, 1U, 3U, 4U, 5U, 7U, 8U, 30U, 100U, 200U, 243U, 247U}) {
    std::map<Hash, MapEntry> changed;
    const size_t many = bits > 240 ? 300 : 150;
    for (size_t i = 0; i < many; ++i) {
      const Hash key = keys.near(crowd, bits);
      changed[key] = entry_of(key);
      rows.put(changed[key]);
    }
    map = map.fold(rows, sorted(changed)).value();
    expect_is_map_of(map, rows);
    EXPECT_EQ(ChainMap::build(rows).value().root(), map.root());
    for (size_t i = 0; i < 20; ++i) expect_proves(map, rows, keys.near(crowd, bits));
    for (const auto& [key, entry] : changed) expect_proves(map, rows, key);
  }
  EXPECT_LE(map.prove(rows, crowd).value().proof.size(), limits::kMapProofBytesMax);
}

// All 256 keys that differ in the last byte alone, and one that differs at every bit before.
TEST(ChainMap, ReachesTheLastBit) {
  MemoryRows rows;
  const Hash zero{};
  for (unsigned last = 0; last < 256; ++last) {
    Hash key = zero;
    key.data[31] = static_cast<uint8_t>(last);
    rows.put(entry_of(key));
  }
  for (unsigned bit = 0; bit < 248; ++bit) {
    Hash key = zero;
    key.data.at(bit / 8) = static_cast<uint8_t>(0x80 >> bit % 8);
    rows.put(entry_of(key));
  }
  const auto map = ChainMap::build(rows).value();
  expect_is_map_of(map, rows);
  for (const auto& [key, entry] : rows.rows) expect_proves(map, rows, key);
  // The longest proof there is.
  const auto longest = map.prove(rows, zero).value();
  EXPECT_EQ(longest.proof.size(), 128U * 33 + 128U * 34);
}

TEST(ChainMap, AnOlderMapStillProvesItsOwnState) {
  Keys keys(kSeed);
  MemoryRows rows;
  std::vector<std::pair<ChainMap, MemoryRows>> states(1);
  for (size_t round = 0; round < 12; ++round) {
    std::map<Hash, MapEntry> changed;
    for (size_t i = 0; i < 100; ++i) {
      const Hash key = keys.any();
      changed[key] = entry_of(key);
    }
    for (const auto& [key, entry] : rows.rows) {
      if (keys.below(8) == 0) changed[key] = entry_of(key, entry.count + 1);
    }
    for (const auto& [key, entry] : changed) rows.put(entry);
    states.emplace_back(states.back().first.fold(rows, sorted(changed)).value(), rows);
  }
  for (const auto& [map, its_rows] : states) {
    expect_is_map_of(map, its_rows);
    for (const auto& [key, entry] : rows.rows) expect_proves(map, its_rows, key);
  }
}

// Whatever is closed in between, and however little room there is: the same root, the same proofs.
TEST(ChainMap, WithItsLowerPagesClosedIsTheSameMap) {
  for (const size_t room : {0U, 2000U, 20'000U, 200'000U}) {
    Keys keys(kSeed + static_cast<uint32_t>(room));
    MemoryRows rows;
    ChainMap map;
    ChainMap open;
    std::vector<Hash> known;
    const Hash crowd = keys.any();
    for (size_t round = 0; round < 25; ++round) {
      std::map<Hash, MapEntry> changed;
      for (size_t i = 0; i < 150; ++i) {
        const bool again = !known.empty() && keys.below(3) == 0;
        Hash key = again ? known[keys.below(known.size())] : keys.any();
        if (!again && i % 10 == 0) key = keys.near(crowd, 230);
        known.push_back(key);
        changed[key] = entry_of(key, 1 + keys.below(1000));
        rows.put(changed[key]);
      }
      open = open.fold(rows, sorted(changed)).value();
      map = map.fold(rows, sorted(changed)).value();
      ASSERT_EQ(map.root(), open.root());
      ASSERT_EQ(map.size(), open.size());
      map = map.closed_to(room);
      ASSERT_EQ(map.root(), open.root());
      ASSERT_LE(map.memory_bytes(), std::max<size_t>(room, 8000));
      for (size_t i = 0; i < 5; ++i) {
        expect_proves(map, rows, keys.any());
        expect_proves(map, rows, known[keys.below(known.size())]);
      }
    }
    expect_is_map_of(map, rows);
    const auto built = ChainMap::build(rows, Pages::closed).value();
    EXPECT_EQ(built.root(), open.root());
    EXPECT_LE(built.memory_bytes(), 8000U);
  }
}

TEST(ChainMap, PartsJoinToTheWhole) {
  Keys keys(kSeed);
  for (const size_t size : {0U, 1U, 5U, 16U, 17U, 100U, 256U, 257U, 3000U}) {
    MemoryRows rows;
    while (rows.rows.size() < size) rows.put(entry_of(keys.any()));
    ChainMap::Parts parts;
    for (unsigned i = 0; i < ChainMap::kParts; ++i) {
      parts.at(i) = ChainMap::build_part(rows, i).value();
    }
    auto map = ChainMap::join(parts);
    expect_is_map_of(map, rows);
    EXPECT_EQ(map.memory_bytes(), ChainMap::build(rows).value().memory_bytes());

    std::array<std::vector<MapEntry>, ChainMap::kParts> changed;
    for (size_t i = 0; i < 50; ++i) {
      const Hash key = i % 2 == 0 && size > 0 ? rows.rows.lower_bound(Hash{})->first : keys.any();
      rows.put(entry_of(key, 2 + i));
    }
    for (const auto& [key, entry] : rows.rows) {
      if (entry.count > 1) changed.at(ChainMap::part_of(key)).push_back(entry);
    }
    for (unsigned i = 0; i < ChainMap::kParts; ++i) {
      parts.at(i) = map.fold_part(rows, i, changed.at(i)).value();
    }
    map = ChainMap::join(parts);
    expect_is_map_of(map, rows);
    for (const auto& [key, entry] : rows.rows) expect_proves(map, rows, key);
  }
}

// A fold reads the buckets that changed, not the map.
TEST(ChainMap, ReadsOnlyNearWhatChanged) {
  Keys keys(kSeed);
  MemoryRows rows;
  while (rows.rows.size() < 20'000) rows.put(entry_of(keys.any()));
  const auto map = ChainMap::build(rows).value();
  const Hash key = rows.rows.begin()->first;
  const auto change = entry_of(key, 2);
  rows.put(change);
  rows.rows_read = 0;
  const auto folded = map.fold(rows, std::span(&change, 1)).value();
  EXPECT_LE(rows.rows_read, 64U);
  rows.rows_read = 0;
  expect_proves(folded, rows, key);
  EXPECT_LE(rows.rows_read, 64U);
}

}  // namespace
}  // namespace suyuan
