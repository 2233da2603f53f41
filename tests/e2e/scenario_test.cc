// The scenario's questions and answers, asked over RPC of a real node: trace, forward, state,
// contents, balance, custody, recall, and what must be refused or flagged. Expected values are the
// scenario's own ("expected" Q1 to Q10).
#include <gtest/gtest.h>

#include "tests/e2e/scenario.h"

namespace suyuan::test {
namespace {

using Set = std::set<std::string>;

std::string lot(const std::string& gtin, const std::string& number) {
  return "https://id.gs1.org/01/" + gtin + "/10/" + number;
}
std::string unit(const std::string& serial) {
  return "https://id.gs1.org/01/09521104301011/21/" + serial;
}
std::string case_of(const std::string& serial) {
  return "https://id.gs1.org/01/19521104301018/21/" + serial;
}

const std::string kMilk1 = lot("09521101100013", "KC260602");
const std::string kMilk2 = lot("09521102100012", "RR260602");
const std::string kPremix = lot("09521103200018", "PX0513");
const std::string kBase = lot("09521104300014", "BP260604");
const std::string kFormula = lot("09521104301011", "L2606A");
const std::string kCan = unit("3BGEJEE2QM52");
const std::string kPallet1 = "https://id.gs1.org/00/395211040000010013";
const std::string kPallet2 = "https://id.gs1.org/00/395211040000010020";
const std::string kContainer = "urn:epc:id:bic:ZZZU2606178";
const std::string kEnd = "2026-08-31T00:00:00+08:00";

Set as_set(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

class ScenarioTest : public testing::Test {
 protected:
  Scenario& scenario() { return Scenario::get(); }
  Connection& node() { return scenario().node(); }
  ThingState state(const std::string& code, const std::string& at = kEnd) {
    auto answer = node().state(Scenario::ask(code, at));
    EXPECT_TRUE(answer.value) << to_text(answer.value.error());
    return answer.value ? *answer.value : ThingState{};
  }
};

TEST_F(ScenarioTest, Q1TracesACanBackToBothFarms) {
  const auto answer = node().trace(Scenario::ask(kCan, kEnd), true);
  ASSERT_TRUE(answer.value) << to_text(answer.value.error());
  const Set expected = {"A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10",
                        "A11", "A12", "A13", "A14", "A15", "A16", "A17", "A18", "A19", "A20",
                        "A21", "A22", "A23", "A24", "A25", "A26", "A27", "A28", "A32"};
  EXPECT_EQ(Scenario::ids_of(answer.value->events), expected);
  EXPECT_EQ(as_set(answer.value->trace.ancestors), (Set{kMilk1, kMilk2, kPremix, kBase, kFormula}));
  EXPECT_EQ(as_set(answer.value->trace.origins), (Set{kMilk1, kMilk2}));
}

TEST_F(ScenarioTest, Q1HoldsAllFiveKinds) {
  const auto answer = node().trace(Scenario::ask(kCan, kEnd), false);
  ASSERT_TRUE(answer.value);
  std::set<Kind> kinds;
  for (const auto& step : answer.value->trace.steps) kinds.insert(step.kind);
  EXPECT_EQ(kinds.size(), 5U);
}

TEST_F(ScenarioTest, Q2FollowsMilkForwardToEveryCan) {
  const auto answer = node().forward(Scenario::ask(kMilk2, kEnd));
  ASSERT_TRUE(answer.value) << to_text(answer.value.error());
  EXPECT_EQ(as_set(answer.value->lots), (Set{kBase, kFormula}));
  EXPECT_EQ(answer.value->units_total, 144U);
}

TEST_F(ScenarioTest, Q3SaysWhatEachThingIsAtTheEnd) {
  struct Expected {
    std::string code, disposition, custodian, inside;
  };
  const std::vector<Expected> rows = {
      {kCan, "retail_sold", "consumer", ""},
      {unit("GP2D6T6FK4JZ"), "destroyed", "cn-bond", ""},
      {unit("8YMZQ687FCGK"), "sampled", "cn-customs", ""},
      {unit("G57X5TDLVTJF"), "available", "cn-bond", ""},
      {unit("E9Z8B4VA6VTT"), "available", "cn-bond", case_of("DRX6GA8LD8MX")},
      {kPallet2, "available", "cn-bond", ""},
  };
  for (const auto& row : rows) {
    const auto found = state(row.code);
    EXPECT_EQ(found.disposition, row.disposition) << row.code;
    EXPECT_EQ(found.custodian, row.custodian) << row.code;
    EXPECT_EQ(found.inside, row.inside) << row.code;
  }
}

TEST_F(ScenarioTest, Q4CountsTheUnitsAtTheEnd) {
  const auto answer = node().recall(Scenario::ask(kFormula, kEnd));
  ASSERT_TRUE(answer.value) << to_text(answer.value.error());
  std::map<std::string, uint64_t> by_disposition;
  for (const auto& group : answer.value->groups) by_disposition[group.disposition] += group.units;
  EXPECT_EQ(answer.value->units_total, 144U);
  EXPECT_EQ(by_disposition,
            (std::map<std::string, uint64_t>{
                {"available", 140}, {"destroyed", 1}, {"retail_sold", 1}, {"sampled", 2}}));
}

size_t count_of(const Contents& contents, const std::string& prefix) {
  return static_cast<size_t>(
      std::count_if(contents.items.begin(), contents.items.end(),
                    [&](const Contained& item) { return item.code.starts_with(prefix); }));
}

TEST_F(ScenarioTest, Q5SaysWhatWasInTheContainerThen) {
  const std::string cans = "https://id.gs1.org/01/09521104301011/21/";
  const std::string cases = "https://id.gs1.org/01/19521104301018/21/";
  const auto july = node().contents(Scenario::ask(kContainer, "2026-07-01T00:00:00+08:00"));
  ASSERT_TRUE(july.value) << to_text(july.value.error());
  EXPECT_EQ(count_of(*july.value, cans), 144U);
  EXPECT_EQ(count_of(*july.value, cases), 24U);
  EXPECT_EQ(count_of(*july.value, "https://id.gs1.org/00/"), 2U);
  const auto sampled = node().contents(Scenario::ask(kContainer, "2026-07-13T12:00:00+08:00"));
  ASSERT_TRUE(sampled.value);
  EXPECT_EQ(count_of(*sampled.value, cans), 142U);
  const auto unloaded = node().contents(Scenario::ask(kContainer, "2026-07-20T00:00:00+08:00"));
  ASSERT_TRUE(unloaded.value);
  EXPECT_TRUE(unloaded.value->items.empty());
}

TEST_F(ScenarioTest, Q7BalancesWhatWentInAndOut) {
  const auto milk = node().balance(Scenario::ask(kMilk1, kEnd));
  ASSERT_TRUE(milk.value) << to_text(milk.value.error());
  ASSERT_EQ(milk.value->size(), 2U);
  EXPECT_EQ(milk.value->at(0).amount.to_text(), "24000");
  EXPECT_EQ(milk.value->at(1).amount.to_text(), "-24000");
  EXPECT_TRUE(milk.value->at(1).left.is_zero());
  const auto base = node().balance(Scenario::ask(kBase, kEnd));
  ASSERT_TRUE(base.value);
  ASSERT_EQ(base.value->size(), 2U);
  EXPECT_EQ(base.value->at(0).amount.to_text(), "5600");
  EXPECT_TRUE(base.value->back().left.is_zero());
  const auto formula = node().balance(Scenario::ask(kFormula, kEnd));
  ASSERT_TRUE(formula.value);
  EXPECT_EQ(formula.value->at(0).amount.to_text(), "7200");
  EXPECT_EQ(formula.value->back().left.to_text(), "7056");
}

TEST_F(ScenarioTest, Q8NamesEveryHolderInOrder) {
  const auto answer = node().custody(Scenario::ask(kCan, kEnd));
  ASSERT_TRUE(answer.value) << to_text(answer.value.error());
  std::vector<std::string> chain;
  for (const auto& holding : *answer.value) chain.push_back(holding.custodian);
  EXPECT_EQ(chain, (std::vector<std::string>{"nz-mfr", "nz-fwd", "carrier", "cn-term", "cn-bond",
                                             "cn-exp", "consumer"}));
}

TEST_F(ScenarioTest, Q10RecallsThePremixExactly) {
  const auto answer = node().recall(Scenario::ask(kPremix, kEnd));
  ASSERT_TRUE(answer.value) << to_text(answer.value.error());
  const Recall& recall = *answer.value;
  EXPECT_EQ(as_set(recall.unit_lots), (Set{kFormula}));
  EXPECT_EQ(as_set(recall.agents), (Set{"cn-recall"}));
  EXPECT_EQ(as_set(recall.notify),
            (Set{"cn-ebp", "hk-ebc", "cn-agent", "cn-recall", "cn-samr", "cn-customs"}));
  std::map<std::string, Set> examples;
  std::map<std::string, uint64_t> units;
  for (const auto& group : recall.groups) {
    examples[group.disposition].insert(group.examples.begin(), group.examples.end());
    units[group.custodian + " " + group.disposition] += group.units;
  }
  EXPECT_EQ(examples["retail_sold"], (Set{kCan}));
  EXPECT_EQ(examples["destroyed"], (Set{unit("GP2D6T6FK4JZ")}));
  EXPECT_EQ(examples["sampled"], (Set{unit("8YMZQ687FCGK"), unit("7MLULWVMB8N5")}));
  EXPECT_EQ(units["cn-bond available"], 140U);
}

// Hostile submissions. Each is refused with the named rule, and the ledger stays as it was: of
// events, for a seal may come in between at any time and is a leaf too.
class HostileTest : public ScenarioTest {
 protected:
  void refuses(const std::string& party, const std::string& event, Code code) {
    const auto before = node().status();
    ASSERT_TRUE(before.value);
    const auto answer = scenario().post(party, event);
    ASSERT_FALSE(answer.outcome);
    EXPECT_EQ(answer.outcome.error().front().code, code) << to_text(answer.outcome.error().front());
    EXPECT_EQ(answer.outcome.error().front().event, 0);
    const auto after = node().status();
    ASSERT_TRUE(after.value);
    EXPECT_EQ(after.value->events, before.value->events);
    EXPECT_EQ(after.value->chains, before.value->chains);
  }
  void flags(const std::string& party, const std::string& event, Flag flag) {
    const auto answer = scenario().post(party, event);
    ASSERT_TRUE(answer.outcome) << to_text(answer.outcome.error().front());
    const auto& findings = answer.outcome->findings;
    EXPECT_TRUE(std::any_of(findings.begin(), findings.end(),
                            [&](const Finding& one) { return one.flag == flag; }));
  }
  void SetUp() override {
    scenario().running().set_clock(from_rfc3339("2026-08-30T08:00:00+08:00")->ms);
  }
};

TEST_F(HostileTest, XA1ACourierIssuesNoCustomsRelease) {
  refuses("cn-exp",
          R"([{"type":"object","kind":"inspection","action":"OBSERVE","step":"releasing",
    "eventTime":"2026-07-20T10:00:00+08:00","objects":[{"code":")" +
              kCan + R"("}]}])",
          Code::UNAUTHORISED_ROLE);
}

TEST_F(HostileTest, XA2AMoveWithoutTheGoodsIsKeptFlaggedAndChangesNothing) {
  flags(
      "cn-exp",
      R"([{"type":"object","kind":"logistics","action":"OBSERVE","step":"departing",
    "disposition":"in_transit",
    "eventTime":"2026-08-05T09:00:00+08:00","objects":[{"code":")" +
          kPallet2 + R"("}]}])",
      Flag::CUSTODY_BREAK);
  EXPECT_EQ(state(kPallet2).disposition, "available");
  EXPECT_EQ(state(kPallet2).custodian, "cn-bond");
}

TEST_F(HostileTest, XA3ASerialIsCommissionedOnce) {
  refuses("nz-mfr",
          R"([{"type":"object","kind":"supply","action":"ADD","step":"commissioning",
    "eventTime":"2026-06-25T09:00:00+12:00","objects":[{"code":")" +
              unit("JNNQLHD9BQPM") + R"("}]}])",
          Code::DUPLICATE_ID);
}

TEST_F(HostileTest, XA4ALotThatIsUsedUpGivesNoMore) {
  refuses("nz-mfr",
          R"([{"type":"transformation","kind":"supply","step":"creating_class_instance",
    "eventTime":"2026-06-10T09:00:00+12:00","inputs":[{"code":")" +
              kBase + R"(","quantity":"800","uom":"KGM"}],
    "outputs":[{"code":")" +
              lot("09521104301011", "L2606B") + R"(","quantity":"880","uom":"H87","netKg":"792"}],
    "losses":[{"reason":"process_waste","quantity":"8","uom":"KGM"}]}])",
          Code::MASS_BALANCE);
}

TEST_F(HostileTest, XA5AnAccreditationThatEndedIsFlagged) {
  scenario().running().set_clock(from_rfc3339("2027-04-10T10:00:00+12:00")->ms);
  flags(
      "nz-lab",
      R"([{"type":"object","kind":"inspection","action":"OBSERVE","step":"inspecting",
    "wholeLot":true,"result":"pass",
    "eventTime":"2027-04-10T09:00:00+12:00","objects":[{"code":")" +
          kFormula + R"(","quantity":"1","uom":"H87"}],
    "documents":[{"number":"TAL-27-0100","type":"lab_report"}]}])",
      Flag::CERT_EXPIRED);
}

TEST_F(HostileTest, XA6ACaseIsInsideOnePalletAtATime) {
  refuses("cn-bond",
          R"([{"type":"aggregation","kind":"logistics","action":"ADD","step":"packing",
    "eventTime":"2026-08-06T09:00:00+08:00","parent":")" +
              kPallet2 + R"(","children":[{"code":")" + case_of("DRX6GA8LD8MX") + R"("}]}])",
          Code::DUPLICATE_PARENT);
}

TEST_F(HostileTest, XA8AnEventRecordedLongAfterwardsIsFlagged) {
  flags("cn-term",
        R"([{"type":"object","kind":"logistics","action":"OBSERVE","step":"arriving",
    "eventTime":"2026-06-01T08:00:00+08:00","objects":[{"code":")" +
            kContainer + R"("}]}])",
        Flag::BACKDATED);
}

}  // namespace
}  // namespace suyuan::test
