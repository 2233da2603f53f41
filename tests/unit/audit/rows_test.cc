// Rows that lie half in memory and half on a shelf are found as if all lay in one place.
#include "ledger/proof/audit_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "client/audit/row_shelf.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::place;
using testing::plan_for;
using testing::receiving;

struct CountedRow {
  Hash key;
  uint64_t count = 0;
  friend bool operator==(const CountedRow&, const CountedRow&) = default;
};
using Model = std::map<Hash, CountedRow>;

Hash numbered_key(uint64_t number) { return sha256("row " + std::to_string(number)); }

std::vector<CountedRow> in_range(const ShelvedRows<CountedRow>& rows, const Hash& first,
                                 const Hash& last, size_t most) {
  std::vector<CountedRow> found;
  rows.visit(first, last, [&](const CountedRow& row) {
    found.push_back(row);
    return found.size() < most;
  });
  return found;
}

std::vector<CountedRow> in_range(const Model& model, const Hash& first, const Hash& last,
                                 size_t most) {
  std::vector<CountedRow> found;
  for (auto at = model.lower_bound(first); at != model.end() && at->first <= last; ++at) {
    found.push_back(at->second);
    if (found.size() == most) break;
  }
  return found;
}

TEST(ShelvedRows, AreWhatAMapHolds) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  FileShelf shelf;
  ShelvedRows<CountedRow> rows;
  Model model;
  for (int step = 0; step < 20'000; ++step) {
    const Hash key = numbered_key(random() % 6000);
    if (random() % 3 != 0) {
      const CountedRow& row = rows.at(key);
      CountedRow& same = model[key];
      same.key = key;
      ASSERT_EQ(row, same);
      rows.at(key).count = ++same.count;
    }
    const auto found = model.find(key);
    ASSERT_EQ(rows.find(key), found == model.end() ? std::nullopt : std::optional(found->second));
    ASSERT_EQ(rows.size(), model.size());
    if (random() % 1000 == 0) {
      ASSERT_TRUE(rows.shelve(shelf, "rows"));
      ASSERT_EQ(rows.in_memory(), 0U);
    }
    if (random() % 200 == 0) {
      Hash first = numbered_key(random() % 6000), last = numbered_key(random() % 6000);
      if (last < first) std::swap(first, last);
      const size_t most = random() % 2 == 0 ? 7 : 100'000;
      ASSERT_EQ(in_range(rows, first, last, most), in_range(model, first, last, most));
    }
  }
  Hash end;
  end.data.fill(0xff);
  EXPECT_EQ(in_range(rows, Hash{}, end, 100'000), in_range(model, Hash{}, end, 100'000));
}

// Whoever makes keys that lie close together only makes his own lookups slower.
TEST(ShelvedRows, AreFoundWhereKeysCrowd) {
  FileShelf shelf;
  ShelvedRows<CountedRow> rows;
  std::vector<Hash> keys;
  for (unsigned i = 0; i < 500; ++i) {
    Hash key{};
    key.data[0] = i < 250 ? 0 : 0xff;
    key.data[30] = static_cast<uint8_t>(i >> 8);
    key.data[31] = static_cast<uint8_t>(i);
    rows.at(key).count = i + 1;
    keys.push_back(key);
  }
  ASSERT_TRUE(rows.shelve(shelf, "rows"));
  for (unsigned i = 0; i < keys.size(); ++i) {
    ASSERT_TRUE(rows.find(keys[i]));
    EXPECT_EQ(rows.find(keys[i])->count, i + 1);
    Hash near = keys[i];
    near.data[15] = 1;
    EXPECT_FALSE(rows.find(near));
  }
}

TEST(ShelvedRows, StayWhereTheyAreWhenTheShelfFails) {
  class Full final : public RowShelf {
   public:
    Result<BytesView> keep(const std::string&, const Write&) override {
      return fail(Code::IO, "full");
    }
  } full;
  ShelvedRows<CountedRow> rows;
  rows.at(numbered_key(1)).count = 1;
  EXPECT_FALSE(rows.shelve(full, "rows"));
  EXPECT_EQ(rows.in_memory(), 1U);
  EXPECT_EQ(rows.find(numbered_key(1))->count, 1U);
}

class AuditMemoryTest : public AuditLog {
 protected:
  AuditMemoryTest() {
    for (unsigned i = 0; i < 400; ++i) {
      log.post(i % 2 == 0 ? "store" : "farm", {receiving({box(i % 150), box(1000 + i)})});
      if (i % 7 == 0) log.seal();
    }
    log.seal();
  }
};

TEST_F(AuditMemoryTest, WithoutRoomForRowsFindsTheSame) {
  const auto files = log.files();
  const auto roomy = audited(files);
  ASSERT_EQ(place(roomy), "clean");
  AuditPlan plan = plan_for(files);
  plan.rows_bytes_max = 0;
  const auto cramped = audited(plan);
  EXPECT_EQ(place(cramped), "clean");
  EXPECT_EQ(cramped.counts, roomy.counts);
  EXPECT_GT(roomy.rows_in_memory, 400U);
  // Those of the last range of leaves are still there.
  EXPECT_LT(cramped.rows_in_memory, 100U);
}

TEST_F(AuditMemoryTest, WithoutRoomForRowsFindsAFalseMapAndARepeat) {
  const auto cramped_place = [this] {
    const auto files = log.files();
    AuditPlan plan = plan_for(files);
    plan.rows_bytes_max = 0;
    return place(audited(plan));
  };
  const auto leaves = log.leaves;
  log.leaves.push_back(leaves[4]);
  log.seal();
  EXPECT_EQ(cramped_place(), place(log));
  EXPECT_TRUE(cramped_place().starts_with("BATCH_REPEATED"));
}

}  // namespace
}  // namespace suyuan
