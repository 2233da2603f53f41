// The scenario of tests/scenario, applied in memory, and its questions Q1 to Q5, Q8 and Q10.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "ledger/provenance/provenance.h"
#include "proto/json/event_json.h"
#include "proto/json/registry_json.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

using testing::code;
using Set = std::set<std::string>;

std::string read(const std::string& name) {
  std::ifstream file(std::string(SUYUAN_SOURCE_DIR) + "/tests/scenario/" + name);
  EXPECT_TRUE(file) << name;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Scenario : public ::testing::Test {
 protected:
  // Built once: the questions change nothing.
  static void SetUpTestSuite() {
    ledger = new testing::LedgerBuilder();
    ids = new std::map<Place, std::string>();
    ledger->clock("2026-06-01T00:00:00Z");
    for (const char* file : {"parties", "products", "sites"}) {
      const auto acts = boost::json::parse(read("registry/" + std::string(file) + ".json"));
      for (const auto& act : acts.as_array()) enter(boost::json::serialize(act));
    }
    const auto submissions = boost::json::parse(read("submissions.json"));
    for (const auto& submission : submissions.as_array()) post(submission.as_object());
  }
  static void TearDownTestSuite() {
    delete ids;
    delete ledger;
  }

  static void enter(const std::string& text) {
    auto act = parse_registry_json(text);
    ASSERT_TRUE(act) << to_text(act.error());
    if (auto* party = std::get_if<RegisterParty>(&*act)) {
      party->keys = {ledger->possession(party->party.id, 0)};
    }
    const auto verdict = ledger->act(*act);
    ASSERT_TRUE(testing::is_accepted(verdict)) << testing::words(verdict);
  }
  static void post(const boost::json::object& submission) {
    const auto field = [&](const char* name) {
      return std::string(submission.at(name).as_string());
    };
    std::vector<TraceEvent> events;
    for (auto& row : parse_events(read(field("file")))) {
      ASSERT_TRUE(row.event) << to_text(row.event.error());
      events.push_back(std::move(row.event->event));
    }
    ledger->clock(field("recordedTime"));
    const auto accepted = ledger->accept(field("party"), events);
    EXPECT_TRUE(accepted.findings.empty()) << field("id");
    for (uint32_t i = 0; i < events.size(); ++i) {
      ids->emplace(Place{accepted.leaf, i}, field("id"));
    }
  }

  static const Reader& reader() { return ledger->state(); }
  static AsOf at(std::string_view time) { return {.at_ms = testing::ms(time)}; }
  static AsOf end() { return at("2026-08-31T00:00:00+08:00"); }

  static testing::LedgerBuilder* ledger;
  static std::map<Place, std::string>* ids;
};
testing::LedgerBuilder* Scenario::ledger = nullptr;
std::map<Place, std::string>* Scenario::ids = nullptr;

std::string can(const std::string& serial) { return code("sgtin:09521104301011:" + serial); }
Set set_of_ids(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

const char* const kMilk1 = "lot:09521101100013:KC260602";
const char* const kMilk2 = "lot:09521102100012:RR260602";
const char* const kPremix = "lot:09521103200018:PX0513";
const char* const kBase = "lot:09521104300014:BP260604";
const char* const kFormula = "lot:09521104301011:L2606A";
const char* const kShip = "cont:ZZZU2606178";

TEST_F(Scenario, Q1TracesTheCanBackToBothFarms) {
  const auto trace = trace_back(reader(), can("3BGEJEE2QM52"), end());
  ASSERT_TRUE(trace) << to_text(trace.error());
  Set found, kinds;
  for (const auto& step : trace->steps) {
    found.insert(ids->at(step.place));
    kinds.insert(std::string(word(step.kind)));
  }
  Set expected = {"A32"};
  for (int i = 1; i <= 28; ++i) expected.insert((i < 10 ? "A0" : "A") + std::to_string(i));
  EXPECT_EQ(found, expected);
  EXPECT_EQ(kinds.size(), 5u);
  EXPECT_EQ(set_of_ids(trace->origins), (Set{code(kMilk1), code(kMilk2)}));
  EXPECT_EQ(set_of_ids(trace->ancestors),
            (Set{code(kMilk1), code(kMilk2), code(kPremix), code(kBase), code(kFormula)}));
  EXPECT_EQ(trace->containers.back(), code("wb:GQ260803019CN"));
}

TEST_F(Scenario, Q1LeavesOutTheSisterCan) {
  const auto sister = trace_back(reader(), can("GP2D6T6FK4JZ"), end());
  ASSERT_TRUE(sister);
  Set found;
  for (const auto& step : sister->steps) found.insert(ids->at(step.place));
  EXPECT_TRUE(found.contains("A29") && found.contains("A30") && found.contains("A31"));
}

TEST_F(Scenario, Q2FollowsTheMilkForward) {
  const auto forward = trace_forward(reader(), code(kMilk2), end(), {}, 1000);
  ASSERT_TRUE(forward) << to_text(forward.error());
  EXPECT_EQ(set_of_ids(forward->lots), (Set{code(kBase), code(kFormula)}));
  EXPECT_EQ(forward->units_total, 144u);
  EXPECT_EQ(forward->units.size(), 144u);
}

TEST_F(Scenario, Q3TellsWhatEachThingIsAtTheEnd) {
  struct Row {
    std::string thing, disposition, custodian, inside;
  };
  const Row rows[] = {
      {can("3BGEJEE2QM52"), "retail_sold", "consumer", ""},
      {can("GP2D6T6FK4JZ"), "destroyed", "cn-bond", ""},
      {can("8YMZQ687FCGK"), "sampled", "cn-customs", ""},
      {can("G57X5TDLVTJF"), "available", "cn-bond", ""},
      {can("E9Z8B4VA6VTT"), "available", "cn-bond", code("sgtin:19521104301018:DRX6GA8LD8MX")},
      {code("sscc:395211040000010020"), "available", "cn-bond", ""}};
  for (const auto& row : rows) {
    const auto state = state_of(reader(), row.thing, end());
    ASSERT_TRUE(state) << row.thing;
    EXPECT_EQ(state->disposition, row.disposition) << row.thing;
    EXPECT_EQ(state->custodian, row.custodian) << row.thing;
    EXPECT_EQ(state->inside, row.inside) << row.thing;
  }
}

TEST_F(Scenario, Q4CountsTheUnits) {
  const auto recall = recall_list(reader(), code(kFormula), end());
  ASSERT_TRUE(recall) << to_text(recall.error());
  std::map<std::string, uint64_t> counts;
  for (const auto& group : recall->groups) {
    counts[group.custodian + " " + group.disposition] = group.units;
  }
  EXPECT_EQ(counts, (std::map<std::string, uint64_t>{{"cn-bond available", 140},
                                                     {"cn-bond destroyed", 1},
                                                     {"cn-customs sampled", 2},
                                                     {"consumer retail_sold", 1}}));
}

TEST_F(Scenario, Q5ListsWhatIsInTheShippingContainer) {
  const auto count = [&](std::string_view time, std::string_view prefix) {
    const auto contents = contents_of(reader(), code(kShip), at(time), 1000);
    EXPECT_TRUE(contents);
    return std::count_if(contents->items.begin(), contents->items.end(),
                         [&](const Contained& item) { return item.code.starts_with(prefix); });
  };
  constexpr std::string_view kCans = "https://id.gs1.org/01/09521104301011/21/";
  EXPECT_EQ(count("2026-07-01T00:00:00+08:00", kCans), 144);
  EXPECT_EQ(count("2026-07-01T00:00:00+08:00", "https://id.gs1.org/01/19521104301018/21/"), 24);
  EXPECT_EQ(count("2026-07-01T00:00:00+08:00", "https://id.gs1.org/00/"), 2);
  EXPECT_EQ(count("2026-07-13T12:00:00+08:00", kCans), 142);
  EXPECT_EQ(count("2026-07-20T00:00:00+08:00", kCans), 0);
}

TEST_F(Scenario, Q8NamesWhoHeldTheCan) {
  const auto chain = custody_chain(reader(), can("3BGEJEE2QM52"), end());
  ASSERT_TRUE(chain) << to_text(chain.error());
  std::vector<std::string> holders;
  for (const auto& holding : *chain) holders.push_back(holding.custodian);
  EXPECT_EQ(holders, (std::vector<std::string>{"nz-mfr", "nz-fwd", "carrier", "cn-term",
                                               "cn-bond", "cn-exp", "consumer"}));
}

TEST_F(Scenario, Q10RecallsThePremix) {
  const auto recall = recall_list(reader(), code(kPremix), end());
  ASSERT_TRUE(recall) << to_text(recall.error());
  EXPECT_EQ(set_of_ids(recall->unit_lots), Set{code(kFormula)});
  EXPECT_EQ(recall->units_total, 144u);
  EXPECT_EQ(recall->agents, std::vector<std::string>{"cn-recall"});
  EXPECT_EQ(set_of_ids(recall->notify),
            (Set{"cn-ebp", "hk-ebc", "cn-agent", "cn-recall", "cn-samr", "cn-customs"}));
  for (const auto& group : recall->groups) {
    if (group.custodian != "consumer") continue;
    EXPECT_EQ(group.examples, std::vector<std::string>{can("3BGEJEE2QM52")});
  }
}

// As of a leaf in the middle, the ledger answers as it did then.
TEST_F(Scenario, AnswersAsItWasKnownThen) {
  uint64_t unloaded = 0;
  for (const auto& [place, id] : *ids) {
    if (id == "A17") unloaded = place.leaf;
  }
  const auto state =
      state_of(reader(), can("3BGEJEE2QM52"), {.at_ms = end().at_ms, .known_at = unloaded});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->inside_all.back(), code(kShip));
  EXPECT_EQ(state->custodian, "cn-bond");
}

}  // namespace
}  // namespace suyuan
