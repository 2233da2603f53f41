// The chain map over a ledger's own rows: folded group by group, each code's head proven.
#include "ledger/apply/head_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

using testing::LedgerBuilder;

std::vector<MapEntry> all_rows(const Reader& state) {
  std::vector<MapEntry> rows;
  Hash last;
  last.data.fill(0xff);
  EXPECT_TRUE(HeadRows(state).scan(Hash{}, last, [&](const MapEntry& row) {
    rows.push_back(row);
    return true;
  }));
  return rows;
}

TEST(HeadRows, AreEveryChainWithItsHead) {
  LedgerBuilder ledger;
  for (const auto* id : {"farm", "mill", "port"}) ledger.party(id, {Role::producer});
  const auto rows = all_rows(ledger.state());
  EXPECT_EQ(rows.size(), ledger.head().chains);
  for (const auto& row : rows) {
    const auto head = get<ChainHead>(ledger.state(), Table::head, row.key.view()).value().value();
    EXPECT_EQ(head, (ChainHead{.count = row.count, .link = row.link}));
  }
  // The last key of a range is in it, the next is not.
  ASSERT_GE(rows.size(), 2U);
  size_t seen = 0;
  ASSERT_TRUE(HeadRows(ledger.state()).scan(rows[0].key, rows[1].key, [&](const MapEntry&) {
    ++seen;
    return true;
  }));
  EXPECT_EQ(seen, 2U);
}

TEST(HeadRows, AFoldOfWhatAGroupChangedIsTheMapOfAllRows) {
  LedgerBuilder ledger;
  ChainMap map = ChainMap::build(HeadRows(ledger.state())).value();
  for (int i = 0; i < 20; ++i) {
    const auto before = all_rows(ledger.state());
    ledger.party("farm-" + std::to_string(i), {Role::producer});
    std::vector<MapEntry> changed;
    for (const auto& row : all_rows(ledger.state())) {
      if (std::find(before.begin(), before.end(), row) == before.end()) changed.push_back(row);
    }
    ASSERT_FALSE(changed.empty());
    const HeadRows rows(ledger.state());
    map = map.fold(rows, changed).value();
    EXPECT_EQ(map.root(), ChainMap::build(rows).value().root());
    for (const auto& row : changed) {
      const auto answer = map.prove(rows, row.key).value();
      EXPECT_EQ(answer.entry, row);
      EXPECT_TRUE(proves_presence(map.root(), row, answer.proof));
    }
  }
}

TEST(HeadRows, ADamagedRowIsAnErrorAndNoRow) {
  MemoryStore store;
  ASSERT_TRUE(store.commit({{Table::head, Bytes(32, 'k'), Bytes("short")}}));
  EXPECT_EQ(ChainMap::build(HeadRows(store.latest())).error().code, Code::CORRUPT);
  ASSERT_TRUE(store.commit({{Table::head, Bytes(32, 'k'), std::nullopt},
                            {Table::head, Bytes(33, 'k'), encode(ChainHead{.count = 1})}}));
  EXPECT_EQ(ChainMap::build(HeadRows(store.latest())).error().code, Code::CORRUPT);
}

}  // namespace
}  // namespace suyuan
