// Who may move what: custody, hand-overs, and what an event without custody does not do.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

class Custody : public World {
 protected:
  Custody() {
    ledger.accept("maker", {commission("08:00", {can(1), can(2)}),
                            pack("08:10", kPallet, {can(1)})});
  }
};

TEST_F(Custody, BelongsToTheMakerFirst) { EXPECT_EQ(custody(can(1)), "maker"); }

TEST_F(Custody, PassesToWhoReceivesFromTheNamedHolder) {
  ledger.accept("carrier", hand(observe("09:00", "departing", {kPallet}), {"maker"}, "carrier"));
  EXPECT_EQ(custody(kPallet), "carrier");
  EXPECT_EQ(custody(can(1)), "carrier");  // through the pallet
  EXPECT_EQ(custody(can(2)), "maker");
  EXPECT_EQ(custody(can(1), "08:59"), "maker");
}

TEST_F(Custody, PassesWhenTheHolderHandsOver) {
  ledger.accept("maker", hand(observe("09:00", "shipping", {kPallet}), {"maker"}, "carrier"));
  EXPECT_EQ(custody(can(1)), "carrier");
}

// As EPCIS exports name parties.
class CustodyByGln : public Custody {
 protected:
  CustodyByGln() {
    ledger.party("north", {Role::logistics}, {.gln = "9521107000003"});
    ledger.site({.gln = "9521104000013", .party = "maker", .name = "Works"});
  }
  TraceEvent handed(const std::string& from, const std::string& to) const {
    TraceEvent event = observe("09:00", "departing", {kPallet});
    event.sources.push_back({"possessing_party", "https://id.gs1.org/" + from});
    event.destinations.push_back({"possessing_party", "https://id.gs1.org/" + to});
    return event;
  }
};

TEST_F(CustodyByGln, PassesBetweenWhomTheRegistryKnowsByIt) {
  ledger.accept("north", handed("414/9521104000013", "417/9521107000003"));
  EXPECT_EQ(custody(can(1)), "north");
  TraceEvent back = observe("10:00", "arriving", {kPallet});
  back.sources.push_back({"possessing_party", "https://id.gs1.org/414/9521107000003"});
  back.destinations.push_back({"possessing_party", "urn:suyuan:party:maker"});
  ledger.accept("maker", back);
  EXPECT_EQ(custody(can(1)), "maker");
}

TEST_F(CustodyByGln, StaysWhereNobodyHasTheNumber) {
  ledger.accept("maker", handed("414/9521104000013", "417/9521108000002"));
  EXPECT_EQ(custody(can(1)), "maker");
  const auto verdict = ledger.post("carrier", handed("417/9521108000002", "417/9521107000003"));
  EXPECT_EQ(flags(verdict), std::vector{Flag::CUSTODY_BREAK});
}

TEST_F(CustodyByGln, IsOfTheNumberAsItStandsInTheRegistryThen) {
  ledger.act(AmendParty{{.id = "north", .name = "North", .roles = {Role::logistics}}});
  ledger.accept("maker", handed("414/9521104000013", "417/9521107000003"));
  EXPECT_EQ(custody(can(1)), "maker") << "nobody has the number any more";
  ledger.party("south", {Role::logistics}, {.gln = "9521107000003"});
  TraceEvent event = handed("414/9521104000013", "417/9521107000003");
  event.event_time = at("10:00");
  ledger.accept("maker", event);
  EXPECT_EQ(custody(can(1)), "south");
}

TEST_F(CustodyByGln, IsOneParties) {
  const auto verdict = ledger.act(RegisterParty{
      {.id = "other", .name = "Other", .roles = {Role::logistics}, .gln = "9521107000003"}, {}});
  EXPECT_EQ(refusal(verdict), Code::PARTY_EXISTS);
}

TEST_F(Custody, BreaksWithoutAHandOverAndChangesNothing) {
  const auto verdict = ledger.post("carrier", with_disposition(observe("09:00", "departing",
                                                                       {kPallet}), "in_transit"));
  EXPECT_EQ(flags(verdict), std::vector{Flag::CUSTODY_BREAK});
  EXPECT_EQ(custody(kPallet), "maker");
  EXPECT_EQ(disposition(kPallet), "");
  ledger.accept("maker", observe("09:30", "loading", {kPallet}));  // nobody is blocked
}

TEST_F(Custody, BreaksWhenTheWrongHolderIsNamed) {
  const auto verdict = ledger.post(
      "carrier", hand(observe("09:00", "departing", {kPallet}), {"shop"}, "carrier"));
  EXPECT_EQ(flags(verdict), std::vector{Flag::CUSTODY_BREAK});
}

TEST_F(Custody, BreaksWhenAThirdPartyHandsOver) {
  const auto verdict =
      ledger.post("shop", hand(observe("09:00", "departing", {kPallet}), {"maker"}, "carrier"));
  EXPECT_EQ(flags(verdict), std::vector{Flag::CUSTODY_BREAK});
  EXPECT_EQ(custody(kPallet), "maker");
}

TEST_F(Custody, MarksTheMentionOfAnEventWithoutEffect) {
  ledger.accept("carrier", observe("09:00", "departing", {kPallet}));
  StepBudget budget(100);
  const auto mention = FactReader(ledger.state(), std::nullopt, budget)
                           .latest(key_of(kPallet), Aspect::mention, at("09:00").ms);
  ASSERT_TRUE(mention && *mention);
  EXPECT_TRUE((*mention)->fact.flags & kMentionNoEffect);
}

TEST_F(Custody, IsNeededForInputs) {
  ledger.party("mixer", {Role::manufacturer});
  ledger.product("19521104301018", "mixer");
  const auto verdict =
      ledger.post("mixer", transform("09:00", {can(1)}, {"sgtin:19521104301018:C1"}));
  EXPECT_EQ(flags(verdict), std::vector{Flag::CUSTODY_BREAK});
  ledger.accept("maker", transform("10:00", {can(1)}, {can(9)}));  // it was not used up
}

// The carrier delivers a can to a consumer.
class CustodyOfAConsumer : public Custody {
 protected:
  CustodyOfAConsumer() {
    ledger.party("recaller", {Role::recall_agent});
    const AmendProduct amended{
        {.gtin = kCan, .name = "Can", .owner = "maker", .uom = "H87", .recall_agent = "recaller"}};
    EXPECT_TRUE(is_accepted(ledger.act(amended)));
    ledger.accept("carrier", hand(observe("09:00", "collecting", {can(2)}), {"maker"}, "carrier"));
    ledger.accept("carrier", delivered("09:30", can(2)));
    EXPECT_EQ(custody(can(2)), "consumer");
  }
  static TraceEvent delivered(std::string_view time, const std::string& thing) {
    return hand(observe(time, "delivering", {thing}), {"carrier"}, "consumer");
  }
  // Takes the can at 12:00, from nobody that it names.
  Verdict take(const std::string& party) {
    return ledger.post(party, hand(observe("12:00", "receiving", {can(2)}), {}, party));
  }
  void expect_no_effect(const std::string& party, const TraceEvent& event) {
    EXPECT_EQ(flags(ledger.post(party, event)), std::vector{Flag::CUSTODY_BREAK});
    EXPECT_EQ(custody(can(2)), "consumer");
    EXPECT_EQ(disposition(can(2)), "");
    EXPECT_EQ(effective(can(2), Aspect::ended, "23:59"), "");
  }
};

TEST_F(CustodyOfAConsumer, ComesBackToWhoDelivered) {
  EXPECT_EQ(flags(take("carrier")), std::vector<Flag>{});
  EXPECT_EQ(custody(can(2)), "carrier");
}

TEST_F(CustodyOfAConsumer, ComesBackInTheNameOfWhoDelivered) {
  const auto verdict =
      ledger.post("shop", hand(observe("12:00", "receiving", {can(2)}), {"carrier"}, "shop"));
  EXPECT_EQ(flags(verdict), std::vector<Flag>{});
  EXPECT_EQ(custody(can(2)), "shop");
}

TEST_F(CustodyOfAConsumer, ComesBackToTheOwnerOfTheProduct) {
  EXPECT_EQ(flags(take("maker")), std::vector<Flag>{});
  EXPECT_EQ(custody(can(2)), "maker");
}

TEST_F(CustodyOfAConsumer, ComesBackToTheRecallAgentOfTheProduct) {
  EXPECT_EQ(flags(take("recaller")), std::vector<Flag>{});
  EXPECT_EQ(custody(can(2)), "recaller");
}

TEST_F(CustodyOfAConsumer, IsNotTakenByAStranger) {
  expect_no_effect("shop", hand(observe("12:00", "receiving", {can(2)}), {}, "shop"));
  expect_no_effect("shop", hand(observe("12:10", "receiving", {can(2)}), {"consumer"}, "shop"));
}

TEST_F(CustodyOfAConsumer, IsNotEndedByAStranger) {
  expect_no_effect("shop", observe("12:00", "destroying", {can(2)}));
  expect_no_effect("shop", with_disposition(observe("12:10", "storing", {can(2)}), "destroyed"));
  expect_no_effect("shop", hand(observe("12:20", "destroying", {can(2)}), {}, "consumer"));
}

TEST_F(CustodyOfAConsumer, LeavesAStrangersDocumentsWithoutEffectOnTheThing) {
  auto refund = with_disposition(observe("12:00", "returning", {can(2)}), "destroyed");
  refund.kind = Kind::transaction;
  EXPECT_EQ(flags(ledger.post("shop", refund)), std::vector<Flag>{});
  ledger.accept("lab", with_disposition(inspect("12:10", "sampling", {can(2)}), "sampled"));
  EXPECT_EQ(disposition(can(2)), "");
}

TEST_F(CustodyOfAConsumer, LetsTheSystemOperatorActivateAndNothingElse) {
  ledger.party("operator", {Role::system_operator});
  auto activated = with_disposition(observe("12:00", "activating", {can(2)}), "retail_sold");
  activated.kind = Kind::transaction;
  EXPECT_EQ(flags(ledger.post("operator", activated)), std::vector<Flag>{});
  EXPECT_EQ(disposition(can(2)), "retail_sold");
  activated.objects = {item(can(1))};  // the maker has it
  EXPECT_EQ(flags(ledger.post("operator", activated)), std::vector{Flag::CUSTODY_BREAK});
}

TEST_F(CustodyOfAConsumer, ComesBackThroughTheContainerThatWasDelivered) {
  ledger.accept("carrier", hand(observe("10:00", "collecting", {kPallet}), {"maker"}, "carrier"));
  ledger.accept("carrier", delivered("10:30", kPallet));
  EXPECT_EQ(custody(can(1)), "consumer");
  EXPECT_EQ(flags(ledger.post("shop", observe("11:00", "storing", {can(1)}))),
            std::vector{Flag::CUSTODY_BREAK});
  EXPECT_EQ(flags(ledger.post("carrier", hand(observe("11:10", "receiving", {can(1)}), {},
                                              "carrier"))),
            std::vector<Flag>{});
  EXPECT_EQ(custody(can(1)), "carrier");
  EXPECT_EQ(custody(kPallet), "consumer");
}

// Events that were stamped together are ordered by the log.
TEST_F(CustodyOfAConsumer, ComesBackToWhoReceivedAndDeliveredAtOneTime) {
  ledger.accept("maker", commission("08:30", {can(3)}));
  ledger.accept("carrier",
                {hand(observe("10:00", "collecting", {can(3)}), {"maker"}, "carrier"),
                 delivered("10:00", can(3))});
  EXPECT_EQ(custody(can(3)), "consumer");
  EXPECT_EQ(flags(ledger.post("carrier", hand(observe("11:00", "receiving", {can(3)}), {},
                                              "carrier"))),
            std::vector<Flag>{});
}

TEST_F(CustodyOfAConsumer, ComesBackAfterSomeDeliveriesOfOneThingAndNotAfterAny) {
  for (int more = 1; more <= 8; ++more) {
    const auto verdict = ledger.post("carrier", delivered("10:0" + std::to_string(more), can(2)));
    EXPECT_EQ(flags(verdict), std::vector<Flag>{}) << more;
  }
  EXPECT_EQ(flags(take("carrier")), std::vector{Flag::CUSTODY_BREAK});
  EXPECT_EQ(flags(take("maker")), std::vector<Flag>{});
}

TEST_F(CustodyOfAConsumer, OfANumberThatComesBackEndsWithItsNextUseAfterAYear) {
  ledger.accept("carrier", hand(observe("10:00", "collecting", {kPallet}), {"maker"}, "carrier"));
  ledger.accept("carrier", delivered("10:30", kPallet));
  ledger.accept("carrier", unpack("10:40", kPallet, {can(1)}));
  ledger.clock("2027-06-02T00:00:00Z");
  ledger.party("packer", {Role::manufacturer});
  EXPECT_EQ(flags(ledger.post("packer", pack("2027-05-31T10:00:00Z", kPallet, {kPallet2}))),
            std::vector{Flag::CUSTODY_BREAK});
  ledger.accept("packer", pack("2027-06-01T11:00:00Z", kPallet, {kPallet2}));
  EXPECT_EQ(custody(kPallet, "2027-06-01T12:00:00Z"), "packer");
}

TEST_F(CustodyOfAConsumer, OfANumberThatComesBackStaysAsLongAsItsContentsAreInIt) {
  ledger.accept("carrier", hand(observe("10:00", "collecting", {kPallet}), {"maker"}, "carrier"));
  ledger.accept("carrier", delivered("10:30", kPallet));
  ledger.clock("2027-06-02T00:00:00Z");
  EXPECT_EQ(flags(ledger.post("shop", pack("2027-06-01T11:00:00Z", kPallet, {kPallet2}))),
            std::vector{Flag::CUSTODY_BREAK});
  EXPECT_EQ(custody(can(1), "2027-06-01T12:00:00Z"), "consumer");
}

TEST_F(CustodyOfAConsumer, IsNotTakenNorEndedByTheSystemOperator) {
  ledger.party("operator", {Role::system_operator});
  auto taken = hand(observe("12:00", "activating", {can(2)}), {}, "operator");
  taken.kind = Kind::transaction;
  EXPECT_EQ(flags(ledger.post("operator", taken)), std::vector{Flag::CUSTODY_BREAK});
  auto ended = observe("12:10", "activating", {can(2)});
  ended.kind = Kind::transaction;
  ended.action = Action::remove;
  EXPECT_EQ(flags(ledger.post("operator", ended)), std::vector{Flag::CUSTODY_BREAK});
}

TEST_F(CustodyOfAConsumer, IsNotOfALotThatIsSoldInParts) {
  ledger.accept("maker", commission("08:30", {std::string(kPowderLot) + " 100 KGM"}));
  for (int sale = 10; sale < 22; ++sale) {
    const std::string part = std::string(kPowderLot) + " 1 KGM";
    EXPECT_EQ(flags(ledger.post("maker", hand(observe(std::to_string(sale) + ":00", "delivering",
                                                      {part}),
                                              {"maker"}, "consumer"))),
              std::vector<Flag>{})
        << sale;
  }
  EXPECT_EQ(custody(kPowderLot), "maker");
}

TEST_F(CustodyOfAConsumer, IsOpenToAnyoneIfNothingIsKnownBefore) {
  ledger.accept("carrier", delivered("10:00", kPallet2));
  EXPECT_EQ(custody(kPallet2), "consumer");
  ledger.accept("shop", hand(observe("11:00", "receiving", {kPallet2}), {}, "shop"));
  EXPECT_EQ(custody(kPallet2), "shop");
}

TEST_F(Custody, IsTakenByAuthoritiesWithoutAHandOver) {
  ledger.accept("customs", hand(inspect("09:00", "sampling", {can(2)}), {}, "customs"));
  EXPECT_EQ(custody(can(2)), "customs");
}

TEST_F(Custody, IsNotTakenByALaboratoryWithoutAHandOver) {
  ledger.accept("lab", with_disposition(hand(inspect("09:00", "sampling", {can(2)}), {}, "lab"),
                                        "sampled"));
  EXPECT_EQ(custody(can(2)), "maker");
  EXPECT_EQ(disposition(can(2)), "");
  ledger.accept("lab", with_disposition(hand(inspect("10:00", "sampling", {can(2)}), {"maker"},
                                             "lab"),
                                        "sampled"));
  EXPECT_EQ(custody(can(2)), "lab");
  EXPECT_EQ(disposition(can(2)), "sampled");
}

// An authority with a laboratory of its own.
TEST_F(Custody, IsTakenByAnAuthorityThatIsALaboratoryToo) {
  ledger.party("inspectorate", {Role::lab, Role::customs});
  ledger.accept("inspectorate",
                with_disposition(hand(inspect("09:00", "sampling", {can(2)}), {}, "inspectorate"),
                                 "sampled"));
  EXPECT_EQ(custody(can(2)), "inspectorate");
  EXPECT_EQ(disposition(can(2)), "sampled");
}

TEST_F(Custody, IsTheMakersBeforeTheMakingToo) {
  const auto has_no_effect = [&](const TraceEvent& event) {
    EXPECT_EQ(flags(ledger.post("shop", event)), std::vector{Flag::CUSTODY_BREAK});
  };
  has_no_effect(observe("07:00", "destroying", {can(2)}));
  has_no_effect(with_disposition(observe("07:10", "storing", {can(2)}), "destroyed"));
  has_no_effect(hand(observe("07:20", "receiving", {can(2)}), {}, "shop"));
  has_no_effect(pack("07:30", kPallet2, {can(2)}));
  EXPECT_EQ(custody(can(2)), "maker");
  EXPECT_EQ(disposition(can(2)), "");
  ledger.accept("maker", pack("09:00", kPallet, {can(2)}));
}

// A carrier's clock that is ahead, or a stranger.
TEST_F(Custody, IsTheMakersFromTheMakingWhoeverSpokeBefore) {
  ledger.accept("carrier", observe("08:50", "arriving", {can(3)}));
  ledger.accept("maker", commission("09:00", {can(3)}));
  EXPECT_EQ(custody(can(3)), "maker");
}

TEST_F(Custody, IsNeededForAnOutputThatWasThereBefore) {
  ledger.party("mixer", {Role::manufacturer});
  ledger.product("19521104301018", "mixer");
  ledger.accept("mixer", commission("08:30", {"sgtin:19521104301018:C1"}));
  auto event = with_disposition(
      hand(transform("09:00", {"sgtin:19521104301018:C1"}, {kPallet}), {}, "mixer"), "destroyed");
  EXPECT_EQ(flags(ledger.post("mixer", event)), std::vector{Flag::CUSTODY_BREAK});
  EXPECT_EQ(custody(can(1)), "maker");
  EXPECT_EQ(disposition(can(1)), "");
}

TEST_F(Custody, GoesToWhoFirstSpeaksOfAThing) {
  ledger.accept("carrier", observe("09:00", "arriving", {kPallet2}));
  EXPECT_EQ(custody(kPallet2), "carrier");
  EXPECT_EQ(flags(ledger.post("shop", observe("10:00", "arriving", {kPallet2}))),
            std::vector{Flag::CUSTODY_BREAK});
}

TEST_F(Custody, IsUntouchedByTransactionsAndWholeLotStatements) {
  auto sale = paper("09:00", "selling", {"order:1"});
  sale.objects.push_back(item(can(2)));
  sale.disposition = "retail_sold";
  ledger.accept("shop", hand(sale, {"maker"}, "shop"));
  EXPECT_EQ(custody(can(2)), "maker");
  EXPECT_EQ(disposition(can(2)), "");
  auto test = inspect("09:30", "inspecting", {kLot});
  test.whole_lot = true;
  test.disposition = "non_sellable_other";
  ledger.accept("lab", test);
  EXPECT_EQ(disposition(kLot), "");
}

TEST_F(Custody, StaysWithTheThingThatWasTakenOut) {
  ledger.accept("carrier", hand(observe("09:00", "departing", {kPallet}), {"maker"}, "carrier"));
  ledger.accept("carrier", unpack("10:00", kPallet, {can(1)}));
  ledger.accept("shop", hand(observe("11:00", "receiving", {kPallet}), {"carrier"}, "shop"));
  EXPECT_EQ(custody(can(1)), "carrier");
  EXPECT_EQ(custody(kPallet), "shop");
}

TEST_F(Custody, IsJudgedAtTheEventsOwnTime) {
  ledger.accept("carrier", hand(observe("12:00", "departing", {kPallet}), {"maker"}, "carrier"));
  ledger.accept("maker", observe("11:00", "loading", {kPallet}));
  EXPECT_EQ(flags(ledger.post("maker", observe("13:00", "loading", {kPallet}))),
            std::vector{Flag::CUSTODY_BREAK});
}

}  // namespace
}  // namespace suyuan::testing
