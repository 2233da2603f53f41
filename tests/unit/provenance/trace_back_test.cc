// Trace back: which events belong to a thing's provenance, and which do not.
#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;
using Leaves = std::vector<uint64_t>;

Trace trace(FactBuilder& ledger, const std::string& code, const AsOf& as_of = {}) {
  auto found = trace_back(ledger.reader(), code, as_of);
  EXPECT_TRUE(found) << to_text(found.error());
  return found ? *std::move(found) : Trace{};
}
const TraceStep& step_at(const Trace& trace, uint64_t leaf) {
  for (const auto& step : trace.steps) {
    if (step.place.leaf == leaf) return step;
  }
  ADD_FAILURE() << "leaf " << leaf << " is not in the trace";
  return trace.steps.front();
}

TEST(TraceBack, RefusesACodeThatNoEventNames) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")});
  EXPECT_EQ(trace_back(ledger.reader(), can("2"), {}).error().code, Code::NOT_FOUND);
  EXPECT_EQ(trace_back(ledger.reader(), can("1"), {.at_ms = 9}).error().code, Code::NOT_FOUND);
  EXPECT_EQ(trace_back(ledger.reader(), can("1"), {.known_at = 1}).error().code, Code::NOT_FOUND);
}

TEST(TraceBack, OrdersByEventTimeNotByArrival) {
  FactBuilder ledger;
  ledger.at(30).names({can("1")});
  ledger.at(10, Kind::supply, "commissioning").makes({can("1")});
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{2, 1}));
  EXPECT_EQ(found.steps[0].kind, Kind::supply);
  EXPECT_EQ(found.steps[0].step, "commissioning");
  EXPECT_EQ(found.steps[0].event_time_ms, 10);
  EXPECT_EQ(found.steps[0].via, can("1"));
}

TEST(TraceBack, FollowsNestedContainersWhileTheThingIsInside) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")});                       // 1
  ledger.at(15).names({box("ship")});                    // 2: before
  ledger.at(20).packs(box("case"), {can("1")});          // 3
  ledger.at(30).packs(box("ship"), {box("case")});       // 4
  ledger.at(40).names({box("ship")});                    // 5
  ledger.at(50).unpacks(box("ship"), {box("case")});     // 6
  ledger.at(60).names({box("ship")});                    // 7: after
  ledger.at(70).names({box("case")});                    // 8
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 3, 4, 5, 6, 8}));
  EXPECT_EQ(step_at(found, 3).relation, Relation::own);
  EXPECT_EQ(step_at(found, 5).relation, Relation::container);
  EXPECT_EQ(step_at(found, 5).via, box("ship"));
  EXPECT_EQ(found.containers, (Codes{box("case"), box("ship")}));
}

TEST(TraceBack, TakesTheEventsThatOpenAndCloseAStayAndNoOthersOfTheSameTime) {
  FactBuilder ledger;
  ledger.at(20).names({box("b")}).also().packs(box("b"), {can("1")}).also().names({box("b")});
  ledger.at(30).names({box("b")}).also().unpacks(box("b"), {can("1")}).also().names({box("b")});
  const auto found = trace(ledger, can("1"));
  ASSERT_EQ(found.steps.size(), 4u);
  EXPECT_EQ(found.steps[0].place, (Place{1, 1}));
  EXPECT_EQ(found.steps[1].place, (Place{1, 2}));
  EXPECT_EQ(found.steps[2].place, (Place{2, 0}));
  EXPECT_EQ(found.steps[3].place, (Place{2, 1}));
}

TEST(TraceBack, LeavesOutSistersTakenFromTheSameBox) {
  FactBuilder ledger;
  ledger.at(10).packs(box("b"), {can("1"), can("2")});
  ledger.at(20).unpacks(box("b"), {can("2")});  // names the box in which can 1 still is
  ledger.at(30).names({can("2")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 2}));
}

TEST(TraceBack, FollowsRepackingIntoASecondBox) {
  FactBuilder ledger;
  ledger.at(10).packs(box("a"), {can("1")});
  ledger.at(20).unpacks(box("a"), {can("1")});
  ledger.at(30).packs(box("b"), {can("1")});
  ledger.at(40).names({box("a")});
  ledger.at(40).names({box("b")});
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 2, 3, 5}));
  EXPECT_EQ(found.containers, (Codes{box("a"), box("b")}));
}

TEST(TraceBack, AnEmptiedContainerHoldsNothingAnyMore) {
  FactBuilder ledger;
  ledger.at(10).packs(box("a"), {can("1")});
  ledger.at(20).empties(box("a"));
  ledger.at(30).names({box("a")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 2}));
}

TEST(TraceBack, PackingElsewhereAndTheEndCloseAStayToo) {
  FactBuilder ledger;
  ledger.at(10).packs(box("a"), {can("1"), can("2")});
  ledger.at(20).packs(box("b"), {can("1")});
  ledger.at(20).ends(can("2"));
  ledger.at(30).names({box("a")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 2}));
  EXPECT_EQ(leaves(trace(ledger, can("2"))), (Leaves{1, 3}));
}

TEST(TraceBack, GoesThroughTransformationsToTheOrigins) {
  FactBuilder ledger;
  ledger.at(10, Kind::origin).makes({lot("milk")});                  // 1
  ledger.at(11, Kind::supply).makes({lot("premix")});                // 2
  ledger.at(12).packs(box("tanker"), {lot("milk")});                 // 3
  ledger.at(13).names({box("tanker")});                              // 4
  ledger.at(20, Kind::supply).transforms({lot("milk")}, {lot("powder")});  // 5
  ledger.at(30, Kind::supply).transforms({lot("powder"), lot("premix")}, {lot("L")});  // 6
  ledger.at(40, Kind::supply).makes({can("1")}, lot("L"));           // 7
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(step_at(found, 4).relation, Relation::ancestor);
  EXPECT_EQ(step_at(found, 4).via, box("tanker"));
  EXPECT_EQ(found.ancestors, (Codes{lot("L"), lot("milk"), lot("powder"), lot("premix")}));
  EXPECT_EQ(found.origins, Codes{lot("milk")});
  EXPECT_TRUE(found.containers.empty());
}

TEST(TraceBack, AThingOfAnOriginEventIsItsOwnOrigin) {
  FactBuilder ledger;
  ledger.at(10, Kind::origin).makes({can("fish")});
  EXPECT_EQ(trace(ledger, can("fish")).origins, Codes{can("fish")});
}

TEST(TraceBack, LeavesOutWhatAnAncestorDidAfterItsUse) {
  FactBuilder ledger;
  ledger.at(10, Kind::origin).makes({lot("milk")});
  ledger.at(20).transforms({lot("milk")}, {lot("A")});  // a sister of B
  ledger.at(30).transforms({lot("milk")}, {lot("B")});
  ledger.at(40).names({lot("milk")});
  ledger.at(50).transforms({lot("milk")}, {lot("C")});
  EXPECT_EQ(leaves(trace(ledger, lot("B"))), (Leaves{1, 3}));
}

TEST(TraceBack, AnAncestorUsedTwiceCountsUpToItsLastUse) {
  FactBuilder ledger;
  ledger.at(10, Kind::origin).makes({lot("milk")});
  ledger.at(20).transforms({lot("milk")}, {lot("whey")});
  ledger.at(30).names({lot("milk")});
  ledger.at(40).transforms({lot("milk"), lot("whey")}, {lot("L")});
  ledger.at(50).names({lot("milk")});
  EXPECT_EQ(leaves(trace(ledger, lot("L"))), (Leaves{1, 2, 3, 4}));
}

TEST(TraceBack, LeavesOutCommissioningsOfSisterUnits) {
  FactBuilder ledger;
  ledger.at(10).makes({lot("L")});
  ledger.at(20).makes({can("1")}, lot("L"));
  ledger.at(20).makes({can("2")}, lot("L"));
  ledger.at(30).names({can("2")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 2}));
}

TEST(TraceBack, TakesWholeLotStatementsOfItsLotsAtAnyTime) {
  FactBuilder ledger;
  ledger.at(10).makes({lot("milk")});
  ledger.at(20).transforms({lot("milk")}, {lot("L")});
  ledger.at(30).makes({can("1")}, lot("L"));
  ledger.at(80, Kind::inspection).whole_lot().names({lot("milk")});
  ledger.at(90, Kind::inspection).whole_lot().names({lot("L")});
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 2, 3, 4, 5}));
  EXPECT_EQ(step_at(found, 4).relation, Relation::lot);
  EXPECT_EQ(step_at(trace(ledger, lot("L")), 5).relation, Relation::lot);
  EXPECT_EQ(leaves(trace(ledger, can("1"), {.at_ms = 85})), (Leaves{1, 2, 3, 4}));
}

TEST(TraceBack, TakesThePapersOfItsOwnOrderOnly) {
  FactBuilder ledger;
  ledger.at(10).papers({order("1")});                           // 1
  ledger.at(11).papers({order("1"), payment("p")});             // 2
  ledger.at(12).papers({order("2"), payment("p")});             // 3: a payment for two orders
  ledger.at(13).papers({order("2")});                           // 4
  ledger.at(20).packs(box("parcel"), {can("1"), can("2")});     // 5
  ledger.at(21).papers({order("1")}, {box("parcel")});          // 6
  ledger.at(30).unpacks(box("parcel"), {can("1"), can("2")});   // 7
  ledger.at(40).papers({order("1")}, {can("2")});               // 8: the sister's return
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 2, 5, 6, 7}));
  EXPECT_EQ(step_at(found, 1).relation, Relation::document);
  EXPECT_EQ(step_at(found, 1).via, order("1"));
  EXPECT_EQ(found.documents, (Codes{order("1"), payment("p")}));
  EXPECT_EQ(leaves(trace(ledger, can("2"))), (Leaves{1, 2, 5, 6, 7, 8}));
}

TEST(TraceBack, TakesAPaperThatNamedTheParcelBeforeItWasPacked) {
  FactBuilder ledger;
  ledger.at(10).papers({order("1")}, {box("parcel")});
  ledger.at(20).packs(box("parcel"), {can("1")}).papers({order("1")});
  ledger.at(20).also().papers({order("1")}, {box("parcel")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 2, 3}));
}

TEST(TraceBack, LeavesOutPapersOfAContainerAfterTheThingLeft) {
  FactBuilder ledger;
  ledger.at(10).packs(box("b"), {can("1")});
  ledger.at(20).unpacks(box("b"), {can("1")});
  ledger.at(30).papers({order("9")}, {box("b")});
  ledger.at(31).papers({order("9")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 2}));
}

TEST(TraceBack, AnEventWithoutEffectBringsNoPapersOfOthers) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")}).papers({order("1")}, {can("1")});
  ledger.at(20).without_effect().papers({order("1")}, {can("2")});
  EXPECT_EQ(leaves(trace(ledger, can("1"))), Leaves{1});
}

TEST(TraceBack, ALateEventTakesItsPlaceInTime) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")});
  ledger.at(40).names({box("b")});                // 2
  ledger.at(50).unpacks(box("b"), {can("1")});    // 3
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 3}));
  ledger.at(20).packs(box("b"), {can("1")});      // 4: now leaf 2 is part of the story
  EXPECT_EQ(leaves(trace(ledger, can("1"))), (Leaves{1, 4, 2, 3}));
  EXPECT_EQ(leaves(trace(ledger, can("1"), {.known_at = 4})), (Leaves{1, 3}));
}

TEST(TraceBack, ShowsAWithdrawnEventButIsNotSteeredByIt) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")});
  ledger.at(20).packs(box("wrong"), {can("1")});  // 2
  ledger.at(30).names({box("wrong")});            // 3
  ledger.withdraws(2);                            // 4
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 2}));
  EXPECT_EQ(step_at(found, 2).withdrawn_by, 4u);
  const auto before = trace(ledger, can("1"), {.known_at = 4});
  EXPECT_EQ(leaves(before), (Leaves{1, 2, 3}));
  EXPECT_EQ(step_at(before, 2).withdrawn_by, std::nullopt);
}

TEST(TraceBack, MarksWhatHadNoEffect) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")});
  ledger.at(20).without_effect().packs(box("thief"), {can("1")});
  ledger.at(30).names({box("thief")});
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(leaves(found), (Leaves{1, 2}));
  EXPECT_TRUE(step_at(found, 2).no_effect);
}

TEST(TraceBack, EndsOnCyclesOfContainersAndOfMakings) {
  FactBuilder ledger;
  ledger.at(10).packs(box("a"), {can("1")});
  ledger.at(20).packs(box("b"), {box("a")});
  ledger.at(30).packs(box("a"), {box("b")});
  ledger.at(40).packs(box("a"), {box("a")});
  ledger.at(50).transforms({lot("x")}, {lot("y")});
  ledger.at(50).transforms({lot("y")}, {lot("x")});
  ledger.at(60).transforms({lot("x")}, {can("1")});
  const auto found = trace(ledger, can("1"));
  EXPECT_EQ(found.containers, (Codes{box("a"), box("b")}));
  EXPECT_EQ(found.ancestors, (Codes{lot("x"), lot("y")}));
}

TEST(TraceBack, RefusesMoreRowsThanOneAnswerMayLookAt) {
  FactBuilder ledger;
  ledger.at(10).names({box("b")}).at(20);
  for (size_t i = 0; i <= limits::kTraceStepsMax; ++i) ledger.also().names({box("b")});
  EXPECT_EQ(trace_back(ledger.reader(), box("b"), {}).error().code, Code::TOO_COMPLEX);
  EXPECT_TRUE(trace_back(ledger.reader(), box("b"), {.at_ms = 10}));
}

TEST(TraceBack, RefusesAnAnswerThatWouldBeIncomplete) {
  FactBuilder ledger;
  ledger.at(10);
  for (int i = 0; i <= 32; ++i) {
    ledger.packs(box(std::to_string(i + 1)), {box(std::to_string(i))}).also();
  }
  EXPECT_EQ(trace_back(ledger.reader(), box("0"), {}).error().code, Code::TOO_COMPLEX);
  EXPECT_EQ(trace(ledger, box("1")).containers.size(), 32u);
}

TEST(TraceBack, FollowsAHundredTransformations) {
  FactBuilder ledger;
  ledger.at(10, Kind::origin).makes({lot("0")});
  for (int i = 0; i < 100; ++i) {
    ledger.at(20 + i).transforms({lot(std::to_string(i))}, {lot(std::to_string(i + 1))});
  }
  const auto found = trace(ledger, lot("100"));
  EXPECT_EQ(found.steps.size(), 101u);
  EXPECT_EQ(found.origins, Codes{lot("0")});
}

}  // namespace
}  // namespace suyuan
