// The promises of Store, asked of each implementation in the same words.
#include "ledger/store/store.h"

#include <gtest/gtest.h>

#include "ledger/store/memory_store.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/unit/store/stores.h"

namespace suyuan {
namespace {

struct InMemory {
  std::unique_ptr<Store> open() { return std::make_unique<MemoryStore>(); }
};

struct OnDisk {
  std::unique_ptr<Store> open() {
    auto store = open_rocks({.path = folder / "store", .create = true,
                             .block_cache_bytes = 8 << 20, .write_buffer_bytes = 1 << 20});
    EXPECT_TRUE(store) << to_text(store.error());
    return store ? std::move(*store) : nullptr;
  }
  Folder folder;
};

template <class Kind>
class StoreTest : public ::testing::Test {
 protected:
  Kind kind_;
  std::unique_ptr<Store> store_ = kind_.open();
};
using Kinds = ::testing::Types<InMemory, OnDisk>;
TYPED_TEST_SUITE(StoreTest, Kinds, );

TYPED_TEST(StoreTest, HoldsWhatWasCommitted) {
  Store& store = *this->store_;
  expect_commit(store, {{Table::code, "a", "1"}, {Table::head, "a", "2"}, {Table::code, "b", ""}});
  EXPECT_EQ(value_of(store.latest(), Table::code, "a"), "1");
  EXPECT_EQ(value_of(store.latest(), Table::head, "a"), "2");
  EXPECT_EQ(value_of(store.latest(), Table::code, "b"), "");
  EXPECT_EQ(value_of(store.latest(), Table::code, "c"), std::nullopt);
}

TYPED_TEST(StoreTest, LetsALaterChangeOfARowWin) {
  Store& store = *this->store_;
  expect_commit(store, {{Table::code, "a", "1"}, {Table::code, "a", "2"},
                        {Table::code, "b", "1"}, {Table::code, "b", std::nullopt}});
  EXPECT_EQ(rows_of(store.latest(), Table::code), (std::vector<Row>{{"a", "2"}}));
}

TYPED_TEST(StoreTest, TakesAnEmptyCommit) { expect_commit(*this->store_, {}); }

TYPED_TEST(StoreTest, KeepsBytesOfEveryValue) {
  Bytes all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  expect_commit(*this->store_, {{Table::code, all, all}});
  EXPECT_EQ(rows_of(this->store_->latest(), Table::code), (std::vector<Row>{{all, all}}));
}

TYPED_TEST(StoreTest, ShowsASnapshotTheStateOfItsTime) {
  Store& store = *this->store_;
  expect_commit(store, {{Table::code, "a", "1"}, {Table::code, "b", "1"}});
  const auto before = store.snapshot();
  expect_commit(store, {{Table::code, "a", "2"}, {Table::code, "b", std::nullopt},
                        {Table::leaf, "c", "3"}});
  EXPECT_EQ(rows_of(*before, Table::code), (std::vector<Row>{{"a", "1"}, {"b", "1"}}));
  EXPECT_EQ(value_of(*before, Table::leaf, "c"), std::nullopt);
  EXPECT_EQ(rows_of(*store.snapshot(), Table::code), (std::vector<Row>{{"a", "2"}}));
  EXPECT_EQ(rows_of(store.latest(), Table::code), (std::vector<Row>{{"a", "2"}}));
}

TYPED_TEST(StoreTest, FindsTheLatestRowAtOrBeforeATime) {
  const Hash code = Hash::from(Bytes(32, 'c'));
  const Hash other = Hash::from(Bytes(32, 'd'));
  Changes changes;
  for (const int64_t time : {-20, -10, 0, 10}) {
    const FactKey key{.code = code, .aspect = Aspect::custody, .time_ms = time, .place = {1, 0}};
    changes.push_back({Table::fact, fact_key(key), std::to_string(time)});
  }
  expect_commit(*this->store_, changes);
  const auto latest = [&](const Hash& of, int64_t at) {
    return rows_of(this->store_->latest(), Table::fact, fact_bound(of, Aspect::custody, INT64_MIN),
                   fact_bound(of, Aspect::custody, at + 1), Direction::descending, 1);
  };
  EXPECT_EQ(latest(code, 5).at(0).second, "0");
  EXPECT_EQ(latest(code, -10).at(0).second, "-10");
  EXPECT_TRUE(latest(code, -21).empty());
  EXPECT_TRUE(latest(other, 100).empty());
}

TYPED_TEST(StoreTest, ScansAsTheModelDoesFromSnapshotAndLatest) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TypeParam kind;
    const auto store = kind.open();
    Random random(seed);
    Model model;
    for (int round = 0; round < 8; ++round) {
      const Changes changes = random.changes(80);
      expect_commit(*store, changes);
      model.apply(changes);
      ASSERT_NO_FATAL_FAILURE(expect_same(store->latest(), model, random, 40));
    }
    ASSERT_NO_FATAL_FAILURE(expect_same(*store->snapshot(), model, random, 40));
  }
}

TYPED_TEST(StoreTest, ScansWithOneScannerToAndFroAndStopsWhereTheVisitorSaysSo) {
  Store& store = *this->store_;
  for (const auto* key : {"a", "b", "c", "d"}) expect_commit(store, {{Table::head, key, "1"}});
  const auto before = store.snapshot();
  const auto scanner = scanner_of(*before, Table::head);
  expect_commit(store, {{Table::head, "b", std::nullopt}, {Table::head, "e", "1"}});
  EXPECT_EQ(rows_of(*scanner, "c", ""), (std::vector<Row>{{"c", "1"}, {"d", "1"}}));
  EXPECT_EQ(rows_of(*scanner, "a", "c"), (std::vector<Row>{{"a", "1"}, {"b", "1"}}));
  EXPECT_EQ(rows_of(*scanner, "", "", 1), (std::vector<Row>{{"a", "1"}}));
  EXPECT_TRUE(rows_of(*scanner, "c", "c").empty());
  EXPECT_TRUE(rows_of(*scanner, "e", "").empty());
}

TEST(MemoryStoreTest, TakesNoCommitAfterOneFailedUntilItIsReopened) {
  MemoryStore store;
  store.fail_next_commit(MemoryStore::Outcome::lost);
  expect_code(store.commit({{Table::code, "a", "1"}}), Code::IO);
  expect_code(store.commit({{Table::code, "b", "1"}}), Code::READ_ONLY);
  store.reopen();
  expect_commit(store, {{Table::code, "c", "1"}});
  EXPECT_EQ(rows_of(store.latest(), Table::code), (std::vector<Row>{{"c", "1"}}));
}

TEST(MemoryStoreTest, MayHoldWhatAFailedCommitWrote) {
  MemoryStore store;
  store.fail_next_commit(MemoryStore::Outcome::stored);
  expect_code(store.commit({{Table::code, "a", "1"}}), Code::IO);
  EXPECT_EQ(value_of(store.latest(), Table::code, "a"), "1");
}

}  // namespace
}  // namespace suyuan
