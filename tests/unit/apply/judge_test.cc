// What apply refuses and flags at a batch's own place: roles, products, identity, quantities.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

using Judge = World;

TEST_F(Judge, RefusesAStepThatNoRoleOfThePartyPosts) {
  EXPECT_EQ(refusal(ledger.post("carrier", inspect("09:00", "releasing", {can(1)}))),
            Code::UNAUTHORISED_ROLE);
}

TEST_F(Judge, RefusesMakingUnderAnothersProduct) {
  ledger.party("rival", {Role::manufacturer});
  EXPECT_EQ(refusal(ledger.post("rival", commission("09:00", {can(1)}))),
            Code::UNAUTHORISED_PRODUCT);
}

TEST_F(Judge, RefusesMakingUnderAProductThatIsNotRegistered) {
  EXPECT_EQ(refusal(ledger.post("maker", commission("09:00", {"sgtin:19521104301018:C1"}))),
            Code::UNAUTHORISED_PRODUCT);
}

TEST_F(Judge, LetsALicenseeMake) {
  ledger.party("licensee", {Role::manufacturer});
  ledger.product("19521104301018", "maker", {"licensee"});
  ledger.accept("licensee", commission("09:00", {"sgtin:19521104301018:C1"}));
}

TEST_F(Judge, RefusesASerialMadeTwiceAtWhateverTime) {
  ledger.accept("maker", commission("09:00", {can(1)}));
  EXPECT_EQ(refusal(ledger.post("maker", commission("10:00", {can(1)}))), Code::DUPLICATE_ID);
  EXPECT_EQ(refusal(ledger.post("maker", commission("08:00", {can(1)}))), Code::DUPLICATE_ID);
}

TEST_F(Judge, RefusesALotAddedToByASecondEvent) {
  const auto lot = std::string(kLot) + " 10 H87";
  ledger.accept("maker", commission("09:00", {lot}));
  EXPECT_EQ(refusal(ledger.post("maker", commission("09:00", {lot}))), Code::DUPLICATE_ID);
}

TEST_F(Judge, RefusesTheSameSerialTwiceInOneBatch) {
  const auto verdict =
      ledger.post("maker", {commission("09:00", {can(1)}), commission("09:00", {can(1)})});
  EXPECT_EQ(refusal(verdict), Code::DUPLICATE_ID);
  EXPECT_EQ(std::get<Refused>(verdict).errors.at(0).event, 1);
}

TEST_F(Judge, NamesEveryFaultyEventOfABatch) {
  ledger.accept("maker", commission("08:00", {can(1), can(2)}));
  const auto verdict = ledger.post("maker", {commission("09:00", {can(2), can(1)}),
                                             commission("09:00", {can(3)}),
                                             commission("09:00", {"sgtin:19521104301018:C1"})});
  const auto errors = std::get<Refused>(verdict).errors;
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[1].event, 0);
  EXPECT_EQ(errors[2].event, 2);
  EXPECT_EQ(errors[2].field, "objects[0].code");
}

TEST_F(Judge, TakesAPaperThatStandsBesideANewOne) {
  ledger.accept("platform", paper("09:00", "ordering", {"order:1"}));
  ledger.party("bank", {Role::payment});
  ledger.accept("bank", paper("09:01", "paying", {"pay:1", "order:1"}));
  EXPECT_EQ(refusal(ledger.post("platform", paper("09:02", "ordering", {"order:1"}))),
            Code::DUPLICATE_ID);
}

TEST_F(Judge, RefusesAnEventFromTheFuture) {
  ledger.clock("2026-06-02T00:00:00Z");
  ledger.accept("maker", commission("2026-06-02T00:10:00Z", {can(1)}));
  EXPECT_EQ(refusal(ledger.post("maker", commission("2026-06-02T00:10:01Z", {can(2)}))),
            Code::EVENT_TIME_AHEAD);
}

TEST_F(Judge, FlagsWhatIsRecordedAfterThirtyDays) {
  ledger.clock("2026-07-02T00:00:00Z");
  EXPECT_TRUE(flags(ledger.post("maker", commission("2026-06-02T00:00:00Z", {can(1)}))).empty());
  EXPECT_EQ(flags(ledger.post("maker", commission("2026-06-01T23:59:59Z", {can(2)}))),
            std::vector{Flag::BACKDATED});
}

TEST_F(Judge, FlagsALaboratoryWhoseAccreditationsHaveAllEnded) {
  const auto until = [](std::string_view time) {
    return Accreditation{.number = "A-1", .valid_to = at(time)};
  };
  ledger.party("old-lab", {Role::lab}, {.accreditations = {until("08:00"), until("10:00")}});
  auto test = inspect("09:00", "inspecting", {kLot});
  EXPECT_TRUE(flags(ledger.post("old-lab", test)).empty());
  test.event_time = at("11:00");
  EXPECT_EQ(flags(ledger.post("old-lab", test)), std::vector{Flag::CERT_EXPIRED});
}

TEST_F(Judge, RefusesATransformationThatMakesMass) {
  const auto grow = transform("09:00", {std::string(kPowderLot) + " 800 KGM"},
                              {std::string(kLot) + " 1000 H87 900"}, {"waste 1 KGM"});
  const auto grown = ledger.post("maker", grow);
  EXPECT_EQ(refusal(grown), Code::MASS_BALANCE);
  EXPECT_EQ(std::get<Refused>(grown).errors.at(0).field, "losses");
  const auto silent = transform("09:00", {std::string(kPowderLot) + " 800 KGM"},
                                {std::string(kLot) + " 1000 H87 900"});
  EXPECT_EQ(std::get<Refused>(ledger.post("maker", silent)).errors.at(0).field, "outputs")
      << "it states no losses";
}

TEST_F(Judge, FlagsATransformationThatLosesMassAndDoesNotSayIt) {
  const auto shrink = transform("09:00", {std::string(kPowderLot) + " 800 KGM"},
                                {std::string(kLot) + " 700 KGM"}, {"waste 1 KGM"});
  const auto receipt = ledger.post("maker", shrink);
  EXPECT_EQ(flags(receipt), (std::vector{Flag::MASS_BALANCE, Flag::MISSING_STEP}));
}

TEST_F(Judge, AddsUpDifferentUnitsOfMass) {
  ledger.accept("maker", transform("09:00", {std::string(kPowderLot) + " 0.8 TNE"},
                                   {std::string(kLot) + " 880 H87 792"}, {"waste 8000 GRM"}));
}

TEST_F(Judge, DoesNotBalanceWhatStatesNoMass) {
  ledger.accept("maker", transform("09:00", {std::string(kPowderLot) + " 800 KGM"},
                                   {std::string(kLot) + " 880 H87"}));
}

TEST_F(Judge, RefusesMoreThanIsLeftOfALot) {
  ledger.accept("maker", commission("08:00", {std::string(kPowderLot) + " 100 KGM"}));
  const auto use = [](std::string_view time, std::string_view kg, std::string_view lot) {
    return transform(time, {std::string(kPowderLot) + " " + std::string(kg) + " KGM"},
                     {"lot:" + std::string(kCan) + ":" + std::string(lot) + " 1 H87"});
  };
  ledger.accept("maker", use("10:00", "60", "A"));
  EXPECT_EQ(left(kPowderLot), "40 KGM");
  const auto more = ledger.post("maker", use("11:00", "41", "B"));
  EXPECT_EQ(refusal(more), Code::MASS_BALANCE);
  EXPECT_EQ(std::get<Refused>(more).errors.at(0).field, "inputs[0].quantity");
  // A late use counts against what was used after it, too.
  EXPECT_EQ(refusal(ledger.post("maker", use("09:00", "41", "B"))), Code::MASS_BALANCE);
  ledger.accept("maker", use("09:00", "40", "B"));
  EXPECT_EQ(left(kPowderLot, "09:30"), "60 KGM");
  EXPECT_EQ(left(kPowderLot), "0 KGM");
}

TEST_F(Judge, RefusesUseBeforeTheLotWasMade) {
  ledger.accept("maker", commission("08:00", {std::string(kPowderLot) + " 100 KGM"}));
  EXPECT_EQ(refusal(ledger.post("maker", transform("07:00", {std::string(kPowderLot) + " 1 KGM"},
                                                   {std::string(kLot) + " 1 H87"}))),
            Code::MASS_BALANCE);
}

TEST_F(Judge, RefusesAnotherUnitThanTheAccounts) {
  ledger.accept("maker", commission("08:00", {std::string(kPowderLot) + " 100 KGM"}));
  EXPECT_EQ(refusal(ledger.post("maker", transform("09:00", {std::string(kPowderLot) + " 1 H87"},
                                                   {std::string(kLot) + " 1 H87"}))),
            Code::MASS_BALANCE);
}

TEST_F(Judge, CountsUnitsAgainstALotOfPieces) {
  ledger.accept("maker", commission("08:00", {std::string(kLot) + " 2 H87"}));
  ledger.accept("maker", commission("09:00", {can(1), can(2)}, kLot));
  EXPECT_EQ(left(kLot), "0 H87");
  EXPECT_EQ(refusal(ledger.post("maker", commission("10:00", {can(3)}, kLot))),
            Code::MASS_BALANCE);
}

TEST_F(Judge, FlagsUseOfALotWhoseMakingIsNotRecorded) {
  const auto use = transform("09:00", {std::string(kPowderLot) + " 60 KGM"},
                             {std::string(kLot) + " 100 H87"});
  EXPECT_EQ(flags(ledger.post("maker", use)), std::vector{Flag::MISSING_STEP});
  // A late making of less is kept, and flagged.
  const auto made =
      ledger.post("maker", commission("08:00", {std::string(kPowderLot) + " 50 KGM"}));
  EXPECT_EQ(flags(made), std::vector{Flag::MASS_BALANCE});
  EXPECT_EQ(left(kPowderLot), "-10 KGM");
}

TEST_F(Judge, RefusesToUseAUnitTwice) {
  ledger.accept("maker", commission("08:00", {can(1)}));
  ledger.accept("maker", transform("10:00", {can(1)}, {can(2)}));
  EXPECT_EQ(refusal(ledger.post("maker", transform("11:00", {can(1)}, {can(3)}))),
            Code::ALREADY_CONSUMED);
  EXPECT_EQ(refusal(ledger.post("maker", transform("09:00", {can(1)}, {can(3)}))),
            Code::ALREADY_CONSUMED);
}

TEST_F(Judge, RefusesToUseWhatWasDestroyed) {
  ledger.accept("maker", commission("08:00", {can(1)}));
  ledger.accept("customs", inspect("09:00", "destroying", {can(1)}, "destroyed"));
  EXPECT_EQ(refusal(ledger.post("maker", transform("10:00", {can(1)}, {can(2)}))),
            Code::ALREADY_CONSUMED);
  ledger.accept("maker", transform("08:30", {can(1)}, {can(2)}));
}

TEST_F(Judge, BoundsTheRowsThatPairEverythingWithEverything) {
  TraceEvent mix = transform("09:00", {}, {});
  for (int i = 0; i < 300; ++i) {
    mix.inputs.push_back(item("lot:" + std::string(kPowder) + ":I" + std::to_string(i)));
    mix.outputs.push_back(item("lot:" + std::string(kCan) + ":O" + std::to_string(i)));
  }
  EXPECT_EQ(refusal(ledger.post("maker", mix)), Code::TOO_MANY);
}

TEST_F(Judge, ASecondMakingOfAPalletIsNoFault) {
  ledger.accept("maker", commission("08:00", {kPallet}));
  ledger.accept("maker", commission("09:00", {kPallet}));
}

}  // namespace
}  // namespace suyuan::testing
