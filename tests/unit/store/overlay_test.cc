// Overlay: a state with changes over it reads as if they had been committed, until they are undone.
#include <gtest/gtest.h>

#include "ledger/store/memory_store.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

constexpr Table kTable = Table::code;

class OverlayTest : public ::testing::Test {
 protected:
  OverlayTest() {
    expect_commit(store_, {{kTable, "b", "base"}, {kTable, "d", "base"}, {kTable, "f", "base"}});
  }
  std::string keys(Direction direction = Direction::ascending, BytesView from = {},
                   BytesView to = {}) const {
    std::string all;
    for (const auto& [key, value] : rows_of(overlay_, kTable, from, to, direction)) all += key;
    return all;
  }

  MemoryStore store_;
  Overlay overlay_{store_.latest()};
};

TEST_F(OverlayTest, SeesItsOwnWritesAndTheBaseBehindThem) {
  overlay_.put(kTable, "b", "mine");
  EXPECT_EQ(value_of(overlay_, kTable, "b"), "mine");
  EXPECT_EQ(value_of(overlay_, kTable, "d"), "base");
  EXPECT_EQ(value_of(store_.latest(), kTable, "b"), "base");
}

TEST_F(OverlayTest, HidesWhatItRemoved) {
  overlay_.erase(kTable, "d");
  EXPECT_EQ(value_of(overlay_, kTable, "d"), std::nullopt);
  EXPECT_EQ(keys(), "bf");
}

TEST_F(OverlayTest, ScansBothInOneOrder) {
  for (const auto* key : {"a", "c", "f", "g"}) overlay_.put(kTable, key, "mine");
  EXPECT_EQ(keys(), "abcdfg");
  EXPECT_EQ(keys(Direction::descending), "gfdcba");
  EXPECT_EQ(keys(Direction::ascending, "b", "g"), "bcdf");
  EXPECT_EQ(keys(Direction::descending, "c", "f"), "dc");
  EXPECT_EQ(keys(Direction::ascending, "f", "b"), "");
}

TEST_F(OverlayTest, StopsTheScanWhereTheVisitorSaysSo) {
  for (const auto* key : {"a", "c", "g"}) overlay_.put(kTable, key, "mine");
  for (size_t most = 1; most <= 6; ++most) {
    EXPECT_EQ(rows_of(overlay_, kTable, {}, {}, Direction::ascending, most).size(), most);
    EXPECT_EQ(rows_of(overlay_, kTable, {}, {}, Direction::descending, most).size(), most);
  }
}

TEST_F(OverlayTest, UndoesToAMarkAndNoFurther) {
  overlay_.put(kTable, "a", "1");
  const size_t mark = overlay_.mark();
  overlay_.put(kTable, "a", "2");
  overlay_.erase(kTable, "b");
  overlay_.put(kTable, "z", "3");
  overlay_.undo_to(mark);
  EXPECT_EQ(keys(), "abdf");
  EXPECT_EQ(value_of(overlay_, kTable, "a"), "1");
  EXPECT_EQ(std::move(overlay_).take_changes(), (Changes{{kTable, "a", "1"}}));
}

TEST_F(OverlayTest, GivesEachRowOnceWithItsLastValueByTableAndKey) {
  overlay_.put(kTable, "x", "1");
  overlay_.put(Table::meta, "m", "1");
  overlay_.erase(kTable, "b");
  overlay_.put(kTable, "x", "2");
  EXPECT_EQ(
      std::move(overlay_).take_changes(),
      (Changes{{Table::meta, "m", "1"}, {kTable, "b", std::nullopt}, {kTable, "x", "2"}}));
}

TEST_F(OverlayTest, LiesOverAnotherOverlay) {
  overlay_.put(kTable, "a", "1");
  const Reader& lower = overlay_;
  Overlay upper(lower);
  upper.erase(kTable, "a");
  upper.put(kTable, "e", "2");
  EXPECT_EQ(rows_of(upper, kTable).size(), 4U);
  EXPECT_EQ(keys(), "abdf");
}

TEST(OverlayProperty, ReadsAsTheModelDoesThroughWritesAndUndo) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    MemoryStore store;
    Changes written = random.changes(60);
    expect_commit(store, written);
    Model committed;
    committed.apply(written);

    Overlay overlay(store.latest());
    Changes kept;
    for (int round = 0; round < 12; ++round) {
      const size_t mark = overlay.mark();
      const Changes changes = random.changes(1 + random.below(12));
      for (const auto& [table, key, value] : changes) {
        if (value) {
          overlay.put(table, key, *value);
        } else {
          overlay.erase(table, key);
        }
      }
      if (random.below(3) == 0) {
        overlay.undo_to(mark);
      } else {
        kept.insert(kept.end(), changes.begin(), changes.end());
      }
      Model expected = committed;
      expected.apply(kept);
      ASSERT_NO_FATAL_FAILURE(expect_same(overlay, expected, random, 6));
    }
    expect_commit(store, std::move(overlay).take_changes());
    committed.apply(kept);
    ASSERT_NO_FATAL_FAILURE(expect_same(store.latest(), committed, random, 20));
  }
}

}  // namespace
}  // namespace suyuan
