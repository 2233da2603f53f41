// What a bundle holds: on random ledgers everything that trace back answers; the scenario's can.
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "ledger/apply/fact_reader.h"
#include "ledger/crypto/hash.h"
#include "ledger/provenance/provenance.h"
#include "proto/json/event_json.h"
#include "proto/json/registry_json.h"
#include "tests/unit/proof/bundle_world.h"

namespace suyuan::testing {
namespace {

std::set<Place> places_of(const Bundle& bundle) {
  std::set<Place> places;
  for (const auto& event : bundle.events) {
    places.insert({event.leaf, static_cast<uint32_t>(event.event)});
  }
  return places;
}

void expect_whole(const ProvenLedger& ledger, const std::string& about) {
  const Bundle bundle = ledger.bundle(about);
  const auto verdict = checked(bundle, ledger.policy(), ledger.sealed_ms());
  const auto trace = trace_back(ledger.sealed_state(), about, {});
  const auto expected = verdict.judged == Judged::not_recorded ? "NOT_RECORDED" : "PROVEN";
  EXPECT_EQ(said(verdict), expected) << about;
  if (!trace) return;
  const auto places = places_of(bundle);
  for (const TraceStep& step : trace->steps) {
    EXPECT_TRUE(places.contains(step.place))
        << about << " leaf " << step.place.leaf << " via " << step.via;
  }
}

// Posts what comes to its mind; what the ledger refuses leaves no trace.
class RandomLedger : public ProvenLedger {
 public:
  explicit RandomLedger(uint64_t seed) : random_(seed) {
    party("maker", {Role::manufacturer});
    party("platform", {Role::platform, Role::seller});
    product("09521104301011", "maker");
    for (int i = 0; i < 40; ++i) post_something(i);
    seal();
  }
  std::vector<std::string> all() const {
    std::vector<std::string> codes;
    for (const auto* list : {&kLots, &kCans, &kBoxes, &kPapers}) {
      for (const auto& one : *list) codes.push_back(code(one));
    }
    return codes;
  }

 private:
  inline static const Words kLots = {"lot:09521104301011:L1", "lot:09521104301011:L2",
                                     "lot:09521104301011:L3"};
  inline static const Words kCans = {"sgtin:09521104301011:S1", "sgtin:09521104301011:S2",
                                     "sgtin:09521104301011:S3", "sgtin:09521104301011:S4"};
  inline static const Words kBoxes = {"sscc:395211040000010013", "sscc:395211040000010020",
                                      "cont:ZZZU2606178"};
  inline static const Words kPapers = {"order:A1", "order:A2", "pay:P1", "invt:C1"};

  size_t below(size_t bound) { return random_() % bound; }
  const std::string& any(const Words& words) { return words[below(words.size())]; }
  std::string thing() { return below(2) == 0 ? any(kCans) : any(kBoxes); }
  std::string thing_but(const std::string& box) {
    std::string other = thing();
    return other == box ? any(kCans) : other;
  }

  // One or two, the second another.
  Words papers() {
    const size_t first = below(kPapers.size());
    const size_t second = below(kPapers.size());
    if (first == second) return {kPapers[first]};
    return {kPapers[first], kPapers[second]};
  }

  // Nothing is made from itself: the verifier of batches, not apply, would end the test.
  void transforms(const std::string& time, size_t from, size_t step) {
    const std::string& to = kLots[(from + 1 + step) % kLots.size()];
    post("maker", transform(time, {kLots[from] + " 1 KGM"}, {to + " 1 KGM"}));
  }

  void post_something(int minute) {
    const std::string box = any(kBoxes);
    const std::string time = "0" + std::to_string(minute / 10) + ":" + std::to_string(10 + minute);
    switch (below(8)) {
      case 0: post("maker", commission(time, {any(kCans)}, any(kLots))); return;
      case 1: post("maker", commission(time, {any(kLots) + " 10 KGM"})); return;
      case 2:
        transforms(time, below(kLots.size()), below(kLots.size() - 1));
        return;
      case 3:
      case 4: post("maker", pack(time, box, {thing_but(box)})); return;
      case 5: post("maker", unpack(time, box, {thing_but(box)})); return;
      case 6: post("maker", observe(time, "storing", {thing(), any(kPapers)})); return;
      default: post("platform", paper(time, "ordering", papers())); return;
    }
  }

  std::mt19937_64 random_;
};

TEST(MakeBundle, HoldsEveryStepOfTheTraceOfRandomLedgers) {
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomLedger ledger(seed);
    for (const auto& about : ledger.all()) expect_whole(ledger, about);
  }
}

TEST(MakeBundle, LeavesOutWhatTheStoreDoesNotHold) {
  ProvenLedger ledger;
  fill(ledger);
  const auto head = ledger.head();
  ASSERT_TRUE(ledger.store().commit(
      {{.table = Table::payload, .key = place_key({head.leaves - 1, 0}), .value = {}}}));
  ledger.seal();
  const auto verdict =
      checked(ledger.bundle(code(kFirstCan)), ledger.policy(), ledger.sealed_ms());
  EXPECT_EQ(said(verdict), "PARTIAL");
  EXPECT_EQ(verdict.counts.withheld, 1U);
}

TEST(MakeBundle, CutsWhatThereIsNoRoomForAndNeverWhatMustBeThere) {
  const ProvenLedger& ledger = small_ledger();
  const std::string about = code(kFirstCan);
  const size_t whole = ledger.bundle(about).events.size();
  size_t cuts = 0;
  for (size_t room = 0; room <= whole; ++room) {
    const Bundle bundle = ledger.try_bundle(about, {.events = room}).value();
    const auto verdict = checked(bundle);
    EXPECT_EQ(said(verdict), bundle.cuts.empty() ? "PROVEN" : "PARTIAL") << room;
    cuts = bundle.cuts.size();
  }
  EXPECT_EQ(cuts, 0U);
  EXPECT_FALSE(ledger.try_bundle(about, {.bytes = 100}).value().cuts.empty());
}

// Who floods the pallet's code hides nothing else.
TEST(MakeBundle, CutsTheLongChainAndKeepsTheShortOnes) {
  ProvenLedger ledger;
  fill(ledger);
  ledger.accept("carrier", std::vector<TraceEvent>(
                               500, observe("10:00", "storing", {kPalletOfCase})));
  ledger.seal();
  const Bundle bundle = ledger.try_bundle(code(kFirstCan), {.events = 400}).value();
  ASSERT_EQ(bundle.cuts.size(), 1U);
  EXPECT_EQ(bundle.cuts[0].code, code(kPalletOfCase));
  EXPECT_EQ(said(checked(bundle, ledger.policy(), ledger.sealed_ms())), "PARTIAL");
  EXPECT_EQ(said(checked(ledger.bundle(code(kFirstCan)), ledger.policy(), ledger.sealed_ms())),
            "PROVEN");
}

std::string scenario_file(const std::string& name) {
  std::ifstream file(std::string(SUYUAN_SOURCE_DIR) + "/tests/scenario/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Scenario : public ProvenLedger {
 public:
  Scenario() {
    clock("2026-06-01T00:00:00Z");
    for (const char* file : {"parties", "products", "sites"}) {
      const std::string name = "registry/" + std::string(file) + ".json";
      const auto acts = boost::json::parse(scenario_file(name));
      for (const auto& one : acts.as_array()) {
        auto entered = parse_registry_json(boost::json::serialize(one)).value();
        if (auto* made = std::get_if<RegisterParty>(&entered)) {
          made->keys = {possession(made->party.id, 0)};
        }
        act(entered);
      }
    }
    const auto submissions = boost::json::parse(scenario_file("submissions.json"));
    for (const auto& value : submissions.as_array()) {
      const auto& one = value.as_object();
      const auto field = [&](const char* name) { return std::string(one.at(name).as_string()); };
      std::vector<TraceEvent> events;
      for (auto& row : parse_events(scenario_file(field("file")))) {
        events.push_back(std::move(row.event->event));
      }
      clock(field("recordedTime"));
      accept(field("party"), events);
    }
    seal();
  }
};

TEST(MakeBundle, OfTheScenariosCanIsTheFrozenOne) {
  const Scenario ledger;
  const std::string can = code("sgtin:09521104301011:3BGEJEE2QM52");
  expect_whole(ledger, can);
  const Bundle bundle = ledger.bundle(can);
  EXPECT_EQ(bundle.events.size(), 51U);
  EXPECT_EQ(bundle.leaves.size(), 47U);
  EXPECT_EQ(bundle.chains.size(), 31U);
  const std::string text = write_bundle_json(bundle);
  EXPECT_EQ(write_bundle_json(parse_bundle_json(text).value()), text);
  EXPECT_EQ(to_hex(sha256(text).view()),
            "509fb07e200ec6cfb638fa314a784b9212f31659b2baa244ae39fe13650fc4f1");
}

}  // namespace
}  // namespace suyuan::testing
