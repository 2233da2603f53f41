// Error declarations: what they withdraw, what they need, and that both events stay.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

using Correction = World;

TEST_F(Correction, WithdrawsEveryFactOfItsEvent) {
  ledger.accept("maker", commission("08:00", {can(1)}));
  const auto wrong = named(pack("09:00", kPallet, {can(1)}), "urn:x:1");
  ledger.accept("maker", wrong);
  ledger.accept("maker", declared_wrong(wrong));
  EXPECT_EQ(inside(can(1)), "");
  EXPECT_EQ(custody(kPallet), "");
  ledger.accept("maker", pack("09:00", kPallet2, {can(1)}));
}

TEST_F(Correction, KeepsWhatWasKnownBefore) {
  ledger.accept("maker", commission("08:00", {can(1)}));
  const auto wrong = named(pack("09:00", kPallet, {can(1)}), "urn:x:1");
  ledger.accept("maker", wrong);
  const auto declared = ledger.accept("maker", declared_wrong(wrong));
  StepBudget budget(1000);
  const FactReader before(ledger.state(), declared.leaf, budget);
  const auto then = before.container_of(key_of(can(1)), at("10:00").ms);
  ASSERT_TRUE(then && *then);
  EXPECT_EQ(**then, code(kPallet));
}

TEST_F(Correction, LetsASerialBeMadeAgain) {
  const auto wrong = named(commission("08:00", {can(1)}), "urn:x:1");
  ledger.accept("maker", wrong);
  ledger.accept("maker", declared_wrong(wrong));
  ledger.accept("maker", commission("09:00", {can(1)}));
}

TEST_F(Correction, GivesQuantitiesBack) {
  ledger.accept("maker", commission("08:00", {std::string(kPowderLot) + " 100 KGM"}));
  const auto use = named(transform("09:00", {std::string(kPowderLot) + " 60 KGM"},
                                   {std::string(kLot) + " 100 H87"}),
                         "urn:x:1");
  ledger.accept("maker", use);
  ledger.accept("maker", declared_wrong(use));
  EXPECT_EQ(left(kPowderLot), "100 KGM");
  EXPECT_EQ(left(kLot), "unknown");
  ledger.accept("maker", transform("10:00", {std::string(kPowderLot) + " 100 KGM"},
                                   {std::string(kLot) + " 100 H87"}));
}

TEST_F(Correction, FlagsALotOfWhichTheUseStands) {
  const auto made = named(commission("08:00", {std::string(kLot) + " 10 H87"}), "urn:x:1");
  ledger.accept("maker", made);
  ledger.accept("maker", commission("09:00", {can(1)}, kLot));
  EXPECT_EQ(flags(ledger.post("maker", declared_wrong(made))), std::vector{Flag::MISSING_STEP});
  // Nothing is known to have come: not balanced any more.
  EXPECT_EQ(flags(ledger.post("maker", commission("10:00", {can(2)}, kLot))),
            std::vector{Flag::MISSING_STEP});
}

TEST_F(Correction, MayStandInTheSameBatch) {
  const auto wrong = named(commission("08:00", {can(1)}), "urn:x:1");
  ledger.accept("maker", {wrong, declared_wrong(wrong), commission("09:00", {can(1)})});
}

TEST_F(Correction, NeedsAnEarlierEventOfTheParty) {
  const auto wrong = named(observe("08:00", "arriving", {kBox}), "urn:x:1");
  ledger.accept("carrier", wrong);
  EXPECT_EQ(refusal(ledger.post("shop", declared_wrong(wrong))), Code::CORRECTION_INVALID);
}

TEST_F(Correction, WithdrawsOnce) {
  const auto wrong = named(commission("08:00", {can(1)}), "urn:x:1");
  ledger.accept("maker", wrong);
  ledger.accept("maker", declared_wrong(wrong));
  EXPECT_EQ(refusal(ledger.post("maker", declared_wrong(wrong))), Code::CORRECTION_INVALID);
}

TEST_F(Correction, IsOtherwiseEqual) {
  ledger.accept("maker", commission("07:00", {std::string(kLot) + " 10 H87"}));
  const auto wrong = named(commission("08:00", {can(1), can(2)}, kLot), "urn:x:1");
  ledger.accept("maker", wrong);
  auto fewer = wrong, later = wrong, other_step = wrong, other_lot = wrong;
  fewer.objects.pop_back();
  later.event_time.ms += 1;
  other_step.step = "packing";
  other_lot.lot = code("lot:" + std::string(kCan) + ":L2");
  for (const auto& changed : {fewer, later, other_step, other_lot}) {
    EXPECT_EQ(refusal(ledger.post("maker", declared_wrong(changed))), Code::CORRECTION_INVALID);
  }
  EXPECT_EQ(left(kLot), "8 H87");
  ledger.accept("maker", declared_wrong(wrong));
  EXPECT_EQ(left(kLot), "10 H87");
}

TEST_F(Correction, LeavesNoTraceWhenItsBatchIsRefused) {
  const auto wrong = named(commission("08:00", {can(1)}), "urn:x:1");
  ledger.accept("maker", wrong);
  const auto before = rows(ledger.state());
  const auto verdict = ledger.post("maker", {declared_wrong(wrong), inspect("09:00", "releasing",
                                                                            {can(1)})});
  EXPECT_EQ(refusal(verdict), Code::UNAUTHORISED_ROLE);
  auto after = rows(ledger.state());
  const std::pair<Table, Bytes> head{Table::meta, Bytes(kLedgerKey)};
  after[head] = before.at(head);
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace suyuan::testing
