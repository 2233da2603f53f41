// Pending: a state reads the same before, during and after the commit that is on its way to it.
#include "ledger/store/pending.h"

#include <gtest/gtest.h>

#include "ledger/store/memory_store.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

TEST(PendingTest, AnswersWhatTheCommitChangesAndLeavesTheRestToTheBase) {
  MemoryStore store;
  expect_commit(store, {{Table::code, "b", "base"}, {Table::code, "d", "base"}});
  const Changes changes = {{Table::head, "d", "mine"},
                           {Table::code, "a", "mine"},
                           {Table::code, "b", std::nullopt},
                           {Table::code, "c", "mine"}};
  const Pending pending(changes, store.latest());
  EXPECT_EQ(value_of(pending, Table::code, "b"), std::nullopt);
  EXPECT_EQ(value_of(pending, Table::code, "c"), "mine");
  EXPECT_EQ(value_of(pending, Table::code, "d"), "base");
  EXPECT_EQ(value_of(pending, Table::head, "d"), "mine");
  const std::vector<Row> all = {{"a", "mine"}, {"c", "mine"}, {"d", "base"}};
  EXPECT_EQ(rows_of(pending, Table::code), all);
  EXPECT_EQ(rows_of(pending, Table::code, "b", "d"), (std::vector<Row>{{"c", "mine"}}));
  expect_commit(store, changes);
  EXPECT_EQ(rows_of(pending, Table::code), all);
}

TEST(PendingProperty, ReadsAsTheModelDoesBeforeAndAfterTheCommit) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    MemoryStore store;
    const Changes written = random.changes(60);
    expect_commit(store, written);
    Model expected;
    expected.apply(written);

    Overlay overlay(store.latest());
    for (const auto& [table, key, value] : random.changes(40)) {
      if (value) {
        overlay.put(table, key, *value);
      } else {
        overlay.erase(table, key);
      }
    }
    const Changes changes = std::move(overlay).take_changes();
    expected.apply(changes);
    const Pending pending(changes, store.latest());
    ASSERT_NO_FATAL_FAILURE(expect_same(pending, expected, random, 30));
    expect_commit(store, changes);
    ASSERT_NO_FATAL_FAILURE(expect_same(pending, expected, random, 30));
  }
}

}  // namespace
}  // namespace suyuan
