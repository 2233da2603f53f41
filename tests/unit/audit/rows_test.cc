// Rows that lie half in memory and half on a shelf are found as if all lay in one place.
#include "ledger/proof/audit_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "client/audit/row_shelf.h"
#include "ledger/proof/shelved_store.h"
#include "ledger/store/memory_store.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::LogMaker;
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
  plan.memory_bytes_max = 0;
  const auto cramped = audited(plan);
  EXPECT_EQ(place(cramped), "clean");
  EXPECT_EQ(cramped.counts, roomy.counts);
  EXPECT_GT(roomy.rows_in_memory, 400U);
  // Those of the last range of leaves are still there.
  EXPECT_LT(cramped.rows_in_memory, 100U);
}

// 120,000 codes, whose rows and map take some 12 MB: at every moment what the audit holds stays
// within 1 MiB and what one range of leaves adds, and the map is the same.
TEST(AuditHeadsMemory, StaysWithinItsBound) {
  constexpr size_t kBound = 1 << 20;
  constexpr size_t kRange = 2000;
  FileShelf shelf;
  AuditHeads roomy;
  AuditHeads cramped;
  cramped.bound_map(kBound / 4);
  const Hash record = sha256("record");
  for (uint64_t i = 0; i < 120'000; ++i) {
    const Place place{.leaf = i, .event = 0};
    const Hash code = numbered_key(i % 3 == 2 ? i / 2 : i);
    roomy.link(code, place, record);
    cramped.link(code, place, record);
    if (i % kRange != 0) continue;
    if (i % (10 * kRange) == 0) {
      ASSERT_EQ(cramped.root().value(), roomy.root().value());
    } else if (cramped.changed() > 4 * kRange) {
      ASSERT_TRUE(cramped.root());
    }
    ASSERT_LE(cramped.map_bytes(), kBound / 4) << i;
    if (cramped.in_memory() * sizeof(MapEntry) > kBound / 2) {
      ASSERT_TRUE(cramped.shelve(shelf));
    }
  }
  EXPECT_EQ(cramped.root().value(), roomy.root().value());
  EXPECT_GT(roomy.map_bytes(), 2 * kBound / 4);
  EXPECT_LE(cramped.map_bytes(), kBound / 4);
}

TEST(ShelvedStore, AnswersAsAStoreInMemory) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  FileShelf shelf;
  ShelvedStore store(Table::registry);
  MemoryStore model;
  const auto name = [&] { return "row/" + std::to_string(random() % 400); };
  const auto rows_between = [](const Reader& reader, const Bytes& from, const Bytes& to) {
    std::vector<std::pair<Bytes, Bytes>> rows;
    EXPECT_TRUE(reader.scan(Table::registry, from, to, Direction::ascending,
                            [&](BytesView key, BytesView value) {
                              rows.emplace_back(key, value);
                              return rows.size() < 50;
                            }));
    return rows;
  };
  for (int step = 0; step < 5000; ++step) {
    Changes changes{{.table = Table::registry, .key = name(), .value = {}}};
    if (random() % 4 != 0) changes[0].value = Bytes(random() % 40, 'v');
    ASSERT_TRUE(store.commit(changes));
    ASSERT_TRUE(model.commit(changes));
    const Bytes key = name();
    ASSERT_EQ(store.latest().get(Table::registry, key).value(),
              model.latest().get(Table::registry, key).value());
    if (random() % 20 == 0) {
      const Bytes from = random() % 2 == 0 ? Bytes() : name();
      const Bytes to = random() % 2 == 0 ? Bytes() : name();
      ASSERT_EQ(rows_between(store.latest(), from, to), rows_between(model.latest(), from, to));
    }
    if (random() % 400 == 0) {
      ASSERT_TRUE(store.shelve(shelf, "rows"));
      ASSERT_EQ(store.memory_bytes(), 0U);
    }
  }
}

TEST(AuditRegistryMemory, GoesToTheShelfAndSaysTheSame) {
  LogMaker log;
  for (int i = 0; i < 300; ++i) log.register_party("party-" + std::to_string(i));
  log.seal();
  for (size_t i = 0; i < 300; ++i) {
    log.post("party-" + std::to_string(i), {receiving({box(i)})});
  }
  log.act(RevokeKey{.party = "party-7", .key = log.keys("party-7").key});
  log.seal();
  const auto files = log.files();
  const auto roomy = audited(files);
  ASSERT_EQ(place(roomy), "clean");
  EXPECT_FALSE(roomy.registry_on_shelf);
  for (const size_t bytes : {size_t{0}, size_t{300'000}}) {
    AuditPlan plan = plan_for(files);
    plan.memory_bytes_max = bytes;
    const auto cramped = audited(plan);
    EXPECT_EQ(place(cramped), "clean");
    EXPECT_TRUE(cramped.registry_on_shelf);
    EXPECT_EQ(cramped.counts, roomy.counts);
    EXPECT_EQ(cramped.parties, roomy.parties);
  }
  log.post("party-7", {receiving({box(1)})});
  log.seal();
  const auto wrong = log.files();
  AuditPlan plan = plan_for(wrong);
  plan.memory_bytes_max = 0;
  EXPECT_TRUE(place(audited(plan)).starts_with("SIGNER_INVALID")) << place(audited(plan));
}

TEST_F(AuditMemoryTest, WithoutRoomForRowsFindsAFalseMapAndARepeat) {
  const auto cramped_place = [this] {
    const auto files = log.files();
    AuditPlan plan = plan_for(files);
    plan.memory_bytes_max = 0;
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
