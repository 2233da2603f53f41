// A batch's weight bounds the rows that it makes, however few bytes state them.
#include "ledger/apply/weight.h"

#include <algorithm>

#include "ledger/apply/statement.h"
#include "tests/unit/apply/world.h"

namespace suyuan {
namespace {

using namespace testing;

class Weight : public World {
 protected:
  // "lot:...:<letter>0 1 H87", "...1 1 H87", and so on.
  static Words lots(char letter, int count) {
    Words all;
    for (int i = 0; i < count; ++i) {
      all.push_back("lot:" + std::string(kCan) + ":" + letter + std::to_string(i) + " 1 H87 1");
    }
    return all;
  }
  // Rows that one commit of the batch writes. It must be accepted.
  size_t rows_of(const VerifiedBatch& batch) const {
    const Applied applied = ledger.try_group({batch});
    EXPECT_TRUE(is_accepted(applied.verdicts.at(0))) << words(applied.verdicts.at(0));
    return applied.changes.size();
  }
  // Facts among them that relate one code to another as a pair does.
  size_t pair_rows_of(const VerifiedBatch& batch) const {
    const Applied applied = ledger.try_group({batch});
    EXPECT_TRUE(is_accepted(applied.verdicts.at(0))) << words(applied.verdicts.at(0));
    return static_cast<size_t>(std::ranges::count_if(applied.changes, [](const Change& change) {
      if (change.table != Table::fact) return false;
      const auto aspect = decode_fact_key(change.key).value().aspect;
      return aspect == Aspect::made_from || aspect == Aspect::made_into ||
             aspect == Aspect::document || aspect == Aspect::named_item;
    }));
  }
};

TEST_F(Weight, OfOneCodeIsWhatIsSent) {
  const auto batch = ledger.batch("maker", {commission("08:00", {can(1)})});
  EXPECT_EQ(weight_of(batch), sent_bytes(batch));
}

TEST_F(Weight, OfAllPairsThatABatchMayHaveFillsAGroup) {
  const auto batch = ledger.batch("maker", {transform("08:00", lots('I', 256), lots('O', 256))});
  EXPECT_GT(weight_of(batch), limits::kGroupBytesMax);
  EXPECT_LE(weight_of(batch), sent_bytes(batch) + limits::kGroupBytesMax);
}

// What the weight counts is what apply counts against its limit, and bounds what apply writes.
TEST_F(Weight, CountsThePairsThatApplyCountsAndWritesForEventsOfEveryKind) {
  struct Case {
    std::string party;
    TraceEvent event;
    size_t pairs;
  };
  const auto of_type = [](EventType type, TraceEvent event) {
    event.type = type;
    return event;
  };
  const auto next_to = [](std::string_view document, const Words& goods) {
    TraceEvent event = paper("09:00", "ordering", {std::string(document)});
    for (const auto& one : goods) event.objects.push_back(item(one));
    return event;
  };
  const TraceEvent made = named(commission("08:00", {can(9), can(8)}), "urn:uuid:1");
  const TraceEvent mixed = named(transform("08:00", lots('A', 2), lots('B', 2)), "urn:uuid:2");
  ledger.accept("maker", made);
  ledger.accept("maker", mixed);
  const std::vector<Case> cases = {
      {"maker", commission("08:00", {can(1)}), 0},
      {"maker", commission("08:00", {can(1), can(2), can(3)}, kLot), 0},
      {"maker", observe("09:00", "inspecting", {can(9), can(8)}), 0},
      {"maker", observe("09:00", "inspecting", {can(9), "gtin:" + std::string(kCan)}), 0},
      {"maker", pack("09:00", kPallet, {can(9), can(8)}), 0},
      {"maker", unpack("09:00", kPallet, {can(9), can(8)}), 0},
      {"maker", of_type(EventType::association, pack("09:00", kPallet, {can(9), can(8)})), 0},
      {"maker", transform("08:00", lots('I', 3), lots('O', 2)), 6},
      {"maker", declared_wrong(made), 0},
      {"maker", declared_wrong(mixed), 4},
      {"platform", paper("08:00", "ordering", {"order:N1", "order:N2"}), 4},
      // One document and two things. A class is no thing.
      {"maker", next_to("order:N1", {can(9), can(8)}), 3},
      {"maker", next_to("order:N1", {can(9), "gtin:" + std::string(kCan)}), 2},
  };
  for (const auto& [party, event, pairs] : cases) {
    SCOPED_TRACE(event.step + " with " + std::to_string(pairs) + " pairs");
    const auto batch = ledger.batch(party, {event});
    EXPECT_EQ(weight_of(batch), sent_bytes(batch) + pairs * limits::kPairWeight);
    const auto statement =
        look_up(ledger.state(), batch.events()[0], party, {.leaf = 1000, .event = 0}, 0);
    ASSERT_TRUE(statement);
    EXPECT_EQ(statement->pairs(), pairs);
    const size_t written = pair_rows_of(batch);
    EXPECT_LE(written, 2 * pairs);
    EXPECT_EQ(written > 0, pairs > 0);
  }
}

TEST_F(Weight, BoundsTheRowsOfACommit) {
  Words papers;
  for (int i = 0; i < 40; ++i) papers.push_back("order:N" + std::to_string(i));
  const std::vector<std::pair<std::string, TraceEvent>> events = {
      {"maker", commission("08:00", {can(1)})},
      {"maker", transform("08:00", lots('I', 1), lots('O', 1))},
      {"maker", transform("08:00", lots('I', 100), lots('O', 100))},
      {"platform", paper("08:00", "ordering", papers)},
  };
  for (const auto& [party, event] : events) {
    const auto batch = ledger.batch(party, {event});
    // Two rows for a pair, and a few for each code and for the batch.
    const size_t codes = batch.events()[0].codes.size();
    EXPECT_LE(rows_of(batch), 64 + 8 * codes + weight_of(batch) * 2 / limits::kPairWeight)
        << event.step;
  }
}

}  // namespace
}  // namespace suyuan
