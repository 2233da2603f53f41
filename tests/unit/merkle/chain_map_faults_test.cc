// The chain map over rows that are not its own: it proves and folds nothing.
#include <gtest/gtest.h>

#include "tests/unit/merkle/naive_map.h"

namespace suyuan {
namespace {

using testing::entry_of;
using testing::Keys;
using testing::MemoryRows;

constexpr uint32_t kFaultSeed = 20260;

// A proof made from the rows of another state would convince nobody: it is not given out.
TEST(ChainMapFaults, DoesNotProveFromOtherRows) {
  Keys keys(kFaultSeed);
  MemoryRows rows;
  while (rows.rows.size() < 500) rows.put(entry_of(keys.any()));
  const auto map = ChainMap::build(rows).value();
  const Hash key = rows.rows.begin()->first;
  MemoryRows changed = rows;
  changed.put(entry_of(key, 2));
  EXPECT_EQ(map.prove(changed, key).error().code, Code::CORRUPT);
  MemoryRows lacking = rows;
  lacking.rows.erase(key);
  EXPECT_EQ(map.prove(lacking, key).error().code, Code::CORRUPT);
  MemoryRows more = rows;
  more.put(entry_of(keys.near(key, 200)));
  EXPECT_EQ(map.prove(more, key).error().code, Code::CORRUPT);
  EXPECT_EQ(map.prove(MemoryRows{}, key).error().code, Code::CORRUPT);
}

TEST(ChainMapFaults, DoesNotFoldRowsOfAnotherState) {
  Keys keys(kFaultSeed);
  MemoryRows rows;
  while (rows.rows.size() < 500) rows.put(entry_of(keys.any()));
  const auto map = ChainMap::build(rows).value();
  const auto refused = [&](const ChainMap& from, const MemoryRows& state, const MapEntry& change) {
    const auto folded = from.fold(state, std::span(&change, 1));
    return !folded && folded.error().code == Code::CORRUPT;
  };
  const Hash known = rows.rows.begin()->first;
  EXPECT_TRUE(refused(map, rows, entry_of(known, 2)));        // the rows of before
  EXPECT_TRUE(refused(map, rows, entry_of(keys.any())));      // a new code without a row
  EXPECT_TRUE(refused(ChainMap(), rows, entry_of(keys.any())));
  EXPECT_TRUE(refused(ChainMap(), MemoryRows{}, entry_of(known)));
  MemoryRows lost = rows;
  const Hash near = std::next(rows.rows.begin())->first;
  lost.rows.erase(near);
  lost.put(entry_of(known, 2));
  EXPECT_TRUE(refused(map, lost, entry_of(known, 2)));        // a row that was there is gone
  MemoryRows zero = rows;
  zero.put({.key = known, .count = 0, .link = {}});
  EXPECT_FALSE(ChainMap::build(zero));
}

TEST(ChainMapFaults, AClosedPageIsNotMadeFromOtherRows) {
  Keys keys(kFaultSeed);
  MemoryRows rows;
  while (rows.rows.size() < 1000) rows.put(entry_of(keys.any()));
  const auto map = ChainMap::build(rows, Pages::closed).value();
  const Hash key = rows.rows.begin()->first;
  MemoryRows lacking = rows;
  lacking.rows.erase(key);
  EXPECT_EQ(map.prove(lacking, key).error().code, Code::CORRUPT);
  MemoryRows other = rows;
  other.put(entry_of(key, 2));
  EXPECT_EQ(map.prove(other, key).error().code, Code::CORRUPT);
  const auto near = entry_of(std::next(rows.rows.begin())->first, 5);
  lacking.put(near);
  EXPECT_EQ(map.fold(lacking, std::span(&near, 1)).error().code, Code::CORRUPT);
}

// Rows that are not sorted, or not in the asked range, are a broken store, not an endless loop.
TEST(ChainMapFaults, RefusesRowsOutOfOrder) {
  class Fixed final : public MapRows {
   public:
    std::vector<MapEntry> all;
    Result<Done> scan(const Hash&, const Hash&, const Visitor& visit) const override {
      for (const auto& row : all) {
        if (!visit(row)) break;
      }
      return Done{};
    }
  };
  Fixed rows;
  Keys keys(kFaultSeed);
  const auto one = entry_of(keys.any());
  rows.all = {one, one};
  EXPECT_EQ(ChainMap::build(rows).error().code, Code::CORRUPT);
  Hash lower{};
  rows.all = {one, entry_of(lower)};
  EXPECT_EQ(ChainMap::build(rows).error().code, Code::CORRUPT);
}

TEST(ChainMapFaults, PassesOnTheErrorsOfTheStore) {
  class Broken final : public MapRows {
   public:
    Result<Done> scan(const Hash&, const Hash&, const Visitor&) const override {
      return fail(Code::IO, "as the test asked");
    }
  };
  const Broken broken;
  const auto entry = entry_of(sha256("any"));
  MemoryRows rows;
  rows.put(entry);
  const auto map = ChainMap::build(rows).value();
  EXPECT_EQ(ChainMap::build(broken).error().code, Code::IO);
  EXPECT_EQ(map.fold(broken, std::span(&entry, 1)).error().code, Code::IO);
  EXPECT_EQ(map.prove(broken, entry.key).error().code, Code::IO);
}

}  // namespace
}  // namespace suyuan
