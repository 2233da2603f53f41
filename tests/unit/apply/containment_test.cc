// Packing and unpacking: intervals in event time, whatever the order of arrival.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

class Containment : public World {
 protected:
  Containment() { ledger.accept("maker", commission("07:00", {can(1), can(2), can(3)})); }
};

TEST_F(Containment, LastsFromPackingToUnpacking) {
  ledger.accept("maker", pack("08:00", kPallet, {can(1)}));
  ledger.accept("maker", unpack("10:00", kPallet, {can(1)}));
  EXPECT_EQ(inside(can(1), "07:59"), "");
  EXPECT_EQ(inside(can(1), "08:00"), code(kPallet));
  EXPECT_EQ(inside(can(1), "09:59"), code(kPallet));
  EXPECT_EQ(inside(can(1), "10:00"), "");
}

TEST_F(Containment, EndsForAllWhenTheContainerIsEmptied) {
  ledger.accept("maker", pack("08:00", kPallet, {can(1), can(2)}));
  ledger.accept("maker", unpack("10:00", kPallet, {}));
  EXPECT_EQ(inside(can(2), "09:00"), code(kPallet));
  EXPECT_EQ(inside(can(2)), "");
  ledger.accept("maker", pack("11:00", kPallet2, {can(1), can(2)}));
}

TEST_F(Containment, EndsWithTheThing) {
  ledger.accept("maker", pack("08:00", kPallet, {can(1)}));
  ledger.accept("customs", inspect("09:00", "destroying", {can(1)}, "destroyed"));
  EXPECT_EQ(inside(can(1)), "");
  EXPECT_EQ(refusal(ledger.post("maker", pack("10:00", kPallet2, {can(1)}))),
            Code::ALREADY_CONSUMED);
}

TEST_F(Containment, RefusesASecondContainer) {
  ledger.accept("maker", pack("08:00", kPallet, {can(1)}));
  const auto verdict = ledger.post("maker", pack("09:00", kPallet2, {can(2), can(1)}));
  EXPECT_EQ(refusal(verdict), Code::DUPLICATE_PARENT);
  EXPECT_EQ(std::get<Refused>(verdict).errors.at(0).field, "children[1].code");
}

TEST_F(Containment, TakesTheSameContainerAgain) {
  ledger.accept("maker", pack("08:00", kPallet, {can(1)}));
  EXPECT_TRUE(flags(ledger.post("maker", pack("09:00", kPallet, {can(1)}))).empty());
  EXPECT_EQ(inside(can(1), "08:30"), code(kPallet));
}

TEST_F(Containment, TakesALatePackingThatEndsBeforeTheNextOne) {
  ledger.accept("maker", pack("10:00", kPallet2, {can(1)}));
  const auto late = ledger.post("maker", pack("08:00", kPallet, {can(1)}));
  EXPECT_EQ(flags(late), std::vector{Flag::MISSING_STEP});
  EXPECT_EQ(inside(can(1), "09:00"), code(kPallet));
  EXPECT_EQ(inside(can(1), "10:00"), code(kPallet2));
}

TEST_F(Containment, DoesNotFlagALatePackingWhoseUnpackingIsKnown) {
  ledger.accept("maker", unpack("09:00", kPallet, {can(1)}));
  ledger.accept("maker", pack("10:00", kPallet2, {can(1)}));
  EXPECT_TRUE(flags(ledger.post("maker", pack("08:00", kPallet, {can(1)}))).empty());
  EXPECT_EQ(inside(can(1), "09:30"), "");
}

TEST_F(Containment, FlagsWhatIsTakenOutOfWhereItIsNot) {
  EXPECT_EQ(flags(ledger.post("maker", unpack("09:00", kPallet, {can(1)}))),
            std::vector{Flag::OUT_OF_ORDER});
}

TEST_F(Containment, RefusesACycle) {
  ledger.accept("maker", pack("08:00", kPallet2, {kPallet}));
  ledger.accept("maker", pack("08:10", kBox, {kPallet2}));
  EXPECT_EQ(refusal(ledger.post("maker", pack("09:00", kPallet, {kBox}))),
            Code::CONTAINMENT_CYCLE);
}

TEST_F(Containment, SurvivesACycleThatLateStatementsClose) {
  ledger.accept("maker", pack("10:00", kPallet, {kPallet2}));
  ledger.accept("maker", pack("08:00", kPallet2, {kPallet}));
  EXPECT_EQ(custody(kPallet), "maker");
  StepBudget budget(1000);
  const auto outwards = FactReader(ledger.state(), std::nullopt, budget)
                            .containers_of(key_of(kPallet), at("11:00").ms);
  ASSERT_TRUE(outwards);
  EXPECT_EQ(outwards->size(), 1U);
}

TEST_F(Containment, NestsToABoundedDepth) {
  const auto box = [](int n) { return "https://example.com/box/" + std::to_string(n); };
  const int most = static_cast<int>(limits::kContainmentDepthMax);
  for (int n = 1; n < most; ++n) ledger.accept("maker", pack("08:00", box(n - 1), {box(n)}));
  EXPECT_EQ(refusal(ledger.post("maker", pack("08:00", box(most - 1), {box(most)}))),
            Code::CONTAINMENT_CYCLE);
}

TEST_F(Containment, KeepsTheCaseWhole) {
  ledger.accept("maker", pack("08:00", kPallet, {can(1), can(2)}));
  ledger.accept("maker", pack("08:10", kBox, {kPallet}));
  ledger.accept("maker", unpack("09:00", kBox, {kPallet}));
  EXPECT_EQ(inside(can(1)), code(kPallet));
}

}  // namespace
}  // namespace suyuan::testing
