// State, contents, custody and accounts at a time.
#include <gtest/gtest.h>

#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;

ThingState state(FactBuilder& ledger, const std::string& code, const AsOf& as_of = {}) {
  auto found = state_of(ledger.reader(), code, as_of);
  EXPECT_TRUE(found) << to_text(found.error());
  return found ? *std::move(found) : ThingState{};
}
Codes contents(FactBuilder& ledger, const std::string& code, const AsOf& as_of = {}) {
  const auto found = contents_of(ledger.reader(), code, as_of, 1000);
  EXPECT_TRUE(found);
  Codes codes;
  for (const auto& item : found->items) codes.push_back(item.code);
  return codes;
}
std::vector<std::string> custody(FactBuilder& ledger, const std::string& code,
                                 const AsOf& as_of = {}) {
  const auto chain = custody_chain(ledger.reader(), code, as_of);
  EXPECT_TRUE(chain);
  std::vector<std::string> parties;
  for (const auto& holding : *chain) parties.push_back(holding.custodian);
  return parties;
}

TEST(State, RefusesACodeThatNoEventNames) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")});
  EXPECT_EQ(state_of(ledger.reader(), can("2"), {}).error().code, Code::NOT_FOUND);
  EXPECT_EQ(custody_chain(ledger.reader(), can("2"), {}).error().code, Code::NOT_FOUND);
  EXPECT_EQ(contents_of(ledger.reader(), can("2"), {}, 9).error().code, Code::NOT_FOUND);
  EXPECT_EQ(balance_of(ledger.reader(), can("2"), {}, 9).error().code, Code::NOT_FOUND);
}

TEST(State, TellsEveryFieldAtATime) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")}, lot("L")).sets("active", {can("1")}).hands_to("mfr", {can("1")});
  ledger.at(20).packs(box("case"), {can("1")}).puts_at("9521104000013", {can("1")});
  ledger.at(30).packs(box("ship"), {box("case")});
  const auto now = state(ledger, can("1"));
  EXPECT_TRUE(now.exists);
  EXPECT_EQ(now.disposition, "active");
  EXPECT_EQ(now.custodian, "mfr");
  EXPECT_EQ(now.inside, box("case"));
  EXPECT_EQ(now.inside_all, (Codes{box("case"), box("ship")}));
  EXPECT_EQ(now.location, "https://id.gs1.org/414/9521104000013");
  EXPECT_EQ(now.lot, lot("L"));
  const auto before = state(ledger, can("1"), {.at_ms = 15});
  EXPECT_EQ(before.inside, "");
  EXPECT_EQ(before.location, "");
}

TEST(State, TakesWhatWasSaidOfTheContainerMeanwhileAndKeepsItOnLeaving) {
  FactBuilder ledger;
  ledger.at(5).hands_to("nobody", {box("ship")});
  ledger.at(10).hands_to("mfr", {can("1")});
  ledger.at(20).packs(box("ship"), {can("1")});
  EXPECT_EQ(state(ledger, can("1")).custodian, "mfr");
  ledger.at(30).hands_to("carrier", {box("ship")}).sets("in_transit", {box("ship")});
  ledger.at(40).unpacks(box("ship"), {can("1")});
  ledger.at(50).hands_to("other", {box("ship")});
  EXPECT_EQ(state(ledger, can("1")).custodian, "carrier");
  EXPECT_EQ(state(ledger, can("1")).disposition, "in_transit");
  EXPECT_EQ(custody(ledger, can("1")), (Codes{"mfr", "carrier"}));
}

TEST(State, EndsWithTheThing) {
  FactBuilder ledger;
  ledger.at(10).packs(box("b"), {can("1")});
  ledger.at(20).ends(can("1"));
  EXPECT_FALSE(state(ledger, can("1")).exists);
  EXPECT_EQ(state(ledger, can("1")).inside, "");
  EXPECT_TRUE(state(ledger, can("1"), {.at_ms = 19}).exists);
}

TEST(State, AStatementWithoutEffectBringsNothingIntoBeing) {
  FactBuilder ledger;
  ledger.at(10).without_effect().names({can("1")});
  ledger.at(10).whole_lot().names({lot("L")});
  EXPECT_FALSE(state(ledger, can("1")).exists);
  EXPECT_FALSE(state(ledger, lot("L")).exists);
}

TEST(State, ALotTellsWhatIsLeft) {
  FactBuilder ledger;
  ledger.at(10).makes({lot("L")}).counts(lot("L"), "100.5");
  ledger.at(20).counts(lot("L"), "-40");
  EXPECT_EQ(state(ledger, lot("L")).balance, Decimal::parse("60.5"));
  EXPECT_EQ(state(ledger, lot("L")).uom, "KGM");
  EXPECT_EQ(state(ledger, lot("L"), {.at_ms = 10}).balance, Decimal::parse("100.5"));
  EXPECT_EQ(state(ledger, lot("L"), {.known_at = 2}).balance, Decimal::parse("100.5"));
}

TEST(State, AWithdrawnStatementNoLongerHolds) {
  FactBuilder ledger;
  ledger.at(10).hands_to("mfr", {can("1")});
  ledger.at(20).hands_to("wrong", {can("1")});
  ledger.withdraws(2);
  EXPECT_EQ(state(ledger, can("1")).custodian, "mfr");
  EXPECT_EQ(state(ledger, can("1"), {.known_at = 3}).custodian, "wrong");
}

TEST(Custody, FollowsContainersAndMergesEqualHolders) {
  FactBuilder ledger;
  ledger.at(10).hands_to("mfr", {can("1")});
  ledger.at(20).packs(box("pallet"), {can("1")}).hands_to("mfr", {box("pallet")});
  ledger.at(30).packs(box("ship"), {box("pallet")}).hands_to("forwarder", {box("pallet")});
  ledger.at(40).hands_to("carrier", {box("ship")});
  ledger.at(50).unpacks(box("ship"), {box("pallet")});
  ledger.at(60).hands_to("thief", {box("ship")});
  ledger.at(70).hands_to("consumer", {box("pallet")});
  EXPECT_EQ(custody(ledger, can("1")), (Codes{"mfr", "forwarder", "carrier", "consumer"}));
  EXPECT_EQ(custody(ledger, can("1"), {.at_ms = 40}), (Codes{"mfr", "forwarder", "carrier"}));
  EXPECT_EQ(custody_chain(ledger.reader(), can("1"), {})->at(2).from_ms, 40);
}

TEST(Contents, ListsEachContainerAscendingWithItsOwnContents) {
  FactBuilder ledger;
  ledger.at(10).packs(box("b"), {can("3"), can("1")});
  ledger.at(10).packs(box("a"), {can("2")});
  ledger.at(20).packs(box("ship"), {box("b"), box("a"), can("9")});
  ASSERT_LT(box("a"), can("1"));
  EXPECT_EQ(contents(ledger, box("ship")),
            (Codes{box("a"), can("2"), box("b"), can("1"), can("3"), can("9")}));
  const auto found = contents_of(ledger.reader(), box("b"), {}, 1);
  EXPECT_EQ(found->items.size(), 1u);
  EXPECT_TRUE(found->truncated);
  EXPECT_EQ(found->items[0].parent, box("b"));
}

TEST(Contents, IsThatOfTheTime) {
  FactBuilder ledger;
  ledger.at(10).packs(box("b"), {can("1"), can("2"), can("3"), can("4")});
  ledger.at(20).unpacks(box("b"), {can("1")});
  ledger.at(20).packs(box("c"), {can("2")});
  ledger.at(20).ends(can("3"));
  EXPECT_EQ(contents(ledger, box("b")), Codes{can("4")});
  EXPECT_EQ(contents(ledger, box("b"), {.at_ms = 10}).size(), 4u);
  ledger.at(30).empties(box("b"));
  EXPECT_TRUE(contents(ledger, box("b")).empty());
  ledger.at(40).packs(box("b"), {can("1")});
  EXPECT_EQ(contents(ledger, box("b")), Codes{can("1")});
}

TEST(Contents, PagesWithoutAGapOrARepeat) {
  FactBuilder ledger;
  ledger.at(10);
  for (const char* name : {"a", "b", "c"}) {
    Codes cans;
    for (int i = 0; i < 5; ++i) cans.push_back(can(name + std::to_string(i)));
    ledger.packs(box(name), cans).packs(box("ship"), {box(name)});
  }
  for (size_t limit = 1; limit < 20; ++limit) {
    Codes paged;
    for (bool more = true; more;) {
      const std::string after = paged.empty() ? "" : paged.back();
      const auto page = contents_of(ledger.reader(), box("ship"), {}, limit, after);
      for (const auto& item : page->items) paged.push_back(item.code);
      more = page->truncated;
    }
    EXPECT_EQ(paged, contents(ledger, box("ship"))) << limit;
  }
}

TEST(Contents, RefusesAPageAfterWhatIsNotInside) {
  FactBuilder ledger;
  ledger.at(10).packs(box("b"), {can("1")}).packs(box("c"), {can("2")});
  EXPECT_EQ(contents_of(ledger.reader(), box("b"), {}, 9, can("2")).error().code,
            Code::PAGE_TOKEN_INVALID);
}

TEST(Contents, EndsOnACycle) {
  FactBuilder ledger;
  ledger.at(10).packs(box("a"), {box("b")});
  ledger.at(10).packs(box("b"), {box("c")});
  ledger.at(10).packs(box("c"), {box("a")});
  EXPECT_EQ(contents(ledger, box("a")), (Codes{box("b"), box("c")}));
}

TEST(Balance, RunsFromLineToLineInOneUnit) {
  FactBuilder ledger;
  ledger.at(30).counts(lot("L"), "-20");
  ledger.at(10).counts(lot("L"), "100");
  ledger.at(20).counts(lot("L"), "-7", "H87");
  const auto lines = balance_of(ledger.reader(), lot("L"), {}, 10);
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ(lines->at(0).left, Decimal::parse("100"));
  EXPECT_EQ(lines->at(1).left, Decimal::parse("80"));
  EXPECT_EQ(lines->at(1).place, (Place{1, 0}));
  EXPECT_EQ(balance_of(ledger.reader(), lot("L"), {}, 1)->size(), 1u);
}

}  // namespace
}  // namespace suyuan
