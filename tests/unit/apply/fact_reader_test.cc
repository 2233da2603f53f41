// Reading facts: times, places, withdrawals, log sizes, containers, budgets.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

class Facts : public ::testing::Test {
 protected:
  void put(const FactKey& key, StoredFact fact) {
    ASSERT_TRUE(store.commit({{Table::fact, fact_key(key), encode(fact)}}));
  }
  void put(const Hash& code, Aspect aspect, int64_t time, uint64_t leaf, std::string text,
           std::optional<Hash> other = {}, uint64_t withdrawn_by = 0) {
    put({code, aspect, time, {leaf, 0}, other},
        {.withdrawn_by = withdrawn_by, .text = std::move(text)});
  }
  void enter(const Hash& child, const Hash& parent, int64_t time, uint64_t leaf) {
    put(child, Aspect::inside, time, leaf, "box", parent);
  }
  void leave(const Hash& child, const Hash& parent, int64_t time, uint64_t leaf) {
    put(child, Aspect::inside, time, leaf, "", parent);
  }
  FactReader reader(std::optional<uint64_t> known_at = {}) {
    budget = StepBudget(1000);
    return {store.latest(), known_at, budget};
  }
  std::string latest(int64_t at_ms, std::optional<uint64_t> known_at = {}) {
    const auto fact = reader(known_at).latest(thing, Aspect::custody, at_ms);
    return fact && *fact ? (*fact)->fact.text : "";
  }
  std::string effective(int64_t at_ms, std::optional<uint64_t> known_at = {}) {
    const auto fact = reader(known_at).effective(thing, Aspect::custody, at_ms);
    return fact && *fact ? (*fact)->fact.text : "";
  }

  MemoryStore store;
  StepBudget budget{0};
  const Hash thing = key_of(can(1)), box = key_of(kPallet), ship = key_of(kBox);
};

TEST_F(Facts, AreOrderedByTimeThenPlace) {
  put(thing, Aspect::custody, 10, 5, "b");
  put(thing, Aspect::custody, 10, 4, "a");
  put(thing, Aspect::custody, 20, 3, "c");
  EXPECT_EQ(latest(9), "");
  EXPECT_EQ(latest(10), "b");
  EXPECT_EQ(latest(kTimeMax), "c");
}

TEST_F(Facts, CountOnlyWhenKnown) {
  put(thing, Aspect::custody, 10, 4, "a");
  put(thing, Aspect::custody, 20, 9, "b");
  EXPECT_EQ(latest(30, 9), "a");
  EXPECT_EQ(latest(30, 10), "b");
}

TEST_F(Facts, AreSkippedFromTheLeafThatWithdrawsThem) {
  put(thing, Aspect::custody, 10, 4, "a");
  put(thing, Aspect::custody, 20, 5, "b", {}, 7);
  EXPECT_EQ(latest(30), "a");
  EXPECT_EQ(latest(30, 7), "b");
  EXPECT_EQ(latest(30, 8), "a");
}

TEST_F(Facts, ShowWithdrawnOnesWhenAsked) {
  put(thing, Aspect::custody, 10, 4, "a", {}, 7);
  int seen = 0;
  const auto count = [&](const Fact&) { return ++seen > 0; };
  ASSERT_TRUE(reader().each(thing, Aspect::custody, kTimeMin, kTimeMax, Direction::ascending, count,
                            Withdrawn::show));
  EXPECT_EQ(seen, 1);
}

TEST_F(Facts, HoldThroughContainersOnlyWhileInside) {
  put(box, Aspect::custody, 5, 1, "before");
  enter(thing, box, 10, 2);
  put(box, Aspect::custody, 20, 3, "during");
  leave(thing, box, 30, 4);
  put(box, Aspect::custody, 40, 5, "after");
  EXPECT_EQ(effective(15), "");
  EXPECT_EQ(effective(25), "during");
  EXPECT_EQ(effective(50), "during");
}

TEST_F(Facts, HoldThroughEveryDepth) {
  enter(thing, box, 10, 1);
  enter(box, ship, 20, 2);
  put(ship, Aspect::custody, 15, 3, "too early");
  put(ship, Aspect::custody, 25, 4, "carrier");
  EXPECT_EQ(effective(24), "");
  EXPECT_EQ(effective(25), "carrier");
}

TEST_F(Facts, OfTheThingWinOverOlderOnesOfItsContainer) {
  enter(thing, box, 10, 1);
  put(box, Aspect::custody, 20, 2, "box");
  put(thing, Aspect::custody, 30, 3, "own");
  EXPECT_EQ(effective(25), "box");
  EXPECT_EQ(effective(30), "own");
  put(box, Aspect::custody, 40, 4, "box again");
  EXPECT_EQ(effective(40), "box again");
}

TEST_F(Facts, GiveStaysThatCloseByLeavingEmptyingMovingAndEnding) {
  enter(thing, box, 10, 1);
  leave(thing, box, 20, 2);
  enter(thing, box, 30, 3);
  put(box, Aspect::emptied, 40, 4, "");
  enter(thing, box, 50, 5);
  enter(thing, ship, 60, 6);
  put(thing, Aspect::ended, 70, 7, "consumed");
  const auto stays = reader().intervals(thing, kTimeMax);
  ASSERT_TRUE(stays);
  std::vector<std::pair<int64_t, int64_t>> times;
  for (const auto& stay : *stays) times.emplace_back(stay.from.time_ms, stay.to->time_ms);
  const decltype(times) expected = {{10, 20}, {30, 40}, {50, 60}, {60, 70}};
  EXPECT_EQ(times, expected);
  EXPECT_EQ(stays->back().parent_key, ship);
}

TEST_F(Facts, GiveAStayOpenBeforeItsEndIsReached) {
  enter(thing, box, 10, 1);
  leave(thing, box, 20, 2);
  const auto stays = reader().intervals(thing, 19);
  ASSERT_TRUE(stays && stays->size() == 1);
  EXPECT_FALSE(stays->front().to);
}

TEST_F(Facts, IgnoreLeavingAContainerItWasNotIn) {
  enter(thing, box, 10, 1);
  leave(thing, ship, 20, 2);
  const auto parent = reader().inside_at(thing, 30);
  ASSERT_TRUE(parent && *parent);
  EXPECT_EQ((*parent)->parent_key, box);
}

TEST_F(Facts, FromATimeOnGiveTheStayThatHoldsThen) {
  enter(thing, box, 10, 1);
  leave(thing, box, 20, 2);
  enter(thing, ship, 30, 3);
  const auto stays = reader().intervals(thing, kTimeMax, 35);
  ASSERT_TRUE(stays && stays->size() == 1);
  EXPECT_EQ(stays->front().parent_key, ship);
}

TEST_F(Facts, StopWhenTheBudgetIsUsedUp) {
  for (uint64_t leaf = 1; leaf <= 10; ++leaf) enter(thing, box, static_cast<int64_t>(leaf), leaf);
  budget = StepBudget(5);
  const auto stays = FactReader(store.latest(), std::nullopt, budget).intervals(thing, kTimeMax);
  ASSERT_FALSE(stays);
  EXPECT_EQ(stays.error().code, Code::TOO_COMPLEX);
}

TEST_F(Facts, ReportDamageInsteadOfSkippingIt) {
  ASSERT_TRUE(store.commit({{Table::fact, fact_key({thing, Aspect::custody, 1, {1, 0}}), "junk"}}));
  const auto fact = reader().latest(thing, Aspect::custody, 5);
  ASSERT_FALSE(fact);
  EXPECT_EQ(fact.error().code, Code::CORRUPT);
}

TEST_F(Facts, AddUpAnAccountInTheUnitInWhichItCame) {
  put({thing, Aspect::balance, 5, {1, 0}}, {.amount = decimal("-3"), .uom = "H87"});
  EXPECT_FALSE(*reader().account(thing, kTimeMax));
  put({thing, Aspect::balance, 10, {2, 0}}, {.amount = decimal("10"), .uom = "KGM"});
  put({thing, Aspect::balance, 20, {3, 0}}, {.amount = decimal("-4"), .uom = "KGM"});
  EXPECT_EQ(**reader().account(thing, 10), (Account{decimal("10"), "KGM"}));
  EXPECT_EQ(**reader().account(thing, 20), (Account{decimal("6"), "KGM"}));
}

}  // namespace
}  // namespace suyuan::testing
