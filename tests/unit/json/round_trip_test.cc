// What is written reads back to the same event: every field alone, and many drawn by chance.
#include <gtest/gtest.h>

#include <random>

#include "ledger/event/validate.h"
#include "proto/json/event_json.h"

namespace suyuan {
namespace {

void expect_round_trip(const TraceEvent& event) {
  const std::string text = write_event_json(event);
  const auto parsed = parse_event_json(text);
  ASSERT_TRUE(parsed) << to_text(parsed.error()) << "\n" << text;
  EXPECT_EQ(parsed->event, event) << text;
  EXPECT_EQ(write_event_json(parsed->event), text);
}

TraceEvent full_event() {
  const Moment time{.ms = 1'780'000'000'123, .offset_minutes = -570};
  const Tree tree = {{.depth = 0, .kind = NodeKind::object, .name = "a"},
                     {.depth = 1, .kind = NodeKind::array, .name = "b \"quoted\"\n"},
                     {.depth = 2, .kind = NodeKind::object},
                     {.depth = 2, .kind = NodeKind::number, .value = "1.10e-3"},
                     {.depth = 0, .kind = NodeKind::boolean, .name = "溯", .value = "false"},
                     {.depth = 0, .kind = NodeKind::text, .name = "empty"},
                     {.depth = 0, .kind = NodeKind::null, .name = "n"}};
  TraceEvent event;
  event.type = EventType::transformation;
  event.kind = Kind::inspection;
  event.action = Action::remove;
  event.event_id = "urn:example:1";
  event.event_time = time;
  event.error = ErrorDeclaration{
      .declared = time, .reason = "incorrect_data", .corrective_event_ids = {"urn:example:2"}};
  event.objects = {{.code = "https://id.gs1.org/01/09521104301011"}};
  event.parent = "https://id.gs1.org/00/395211040000010013";
  event.children = {{.code = "https://id.gs1.org/01/09521104301011/21/A%2FB"}};
  event.inputs = {{.code = "https://id.gs1.org/01/09521104301011/10/L1",
                   .quantity = Decimal::parse("0.000000001"),
                   .uom = "KGM"}};
  event.outputs = {{.code = "https://id.gs1.org/01/09521104301011/10/L2",
                    .quantity = Decimal::parse("999999999999999999"),
                    .uom = "H87",
                    .net_kg = Decimal::parse("-5")}};
  event.losses = {{.reason = "waste", .quantity = {}, .uom = "KGM"}};
  event.transformation_id = "urn:example:t";
  event.lot = "https://id.gs1.org/01/09521104301011/10/L0";
  event.whole_lot = true;
  event.read_point = "https://id.gs1.org/414/9521104000013";
  event.biz_location = "https://example.com/dock";
  event.step = "packing";
  event.disposition = "active";
  event.persistent_set = {"recalled"};
  event.persistent_unset = {"conformant"};
  event.transactions = {{.type = "po", .id = "PO 1"}, {.type = "", .id = "x"}};
  event.result = "pass";
  event.confirms = "urn:example:3";
  event.sensors = {{.metadata = tree,
                    .reports = {{.type = "Temperature",
                                 .value = Decimal::parse("1"),
                                 .min_value = Decimal::parse("2"),
                                 .max_value = Decimal::parse("3"),
                                 .mean_value = Decimal::parse("4"),
                                 .uom = "CEL",
                                 .device_id = "d",
                                 .exception = "ALARM_CONDITION",
                                 .time = time,
                                 .other = tree}}}};
  event.documents = {{.number = "1",
                      .type = "lab_report",
                      .sha256 = Hash{},
                      .size = 9007199254740991,
                      .media_type = "application/pdf",
                      .issuer = "nz-lab"}};
  event.certifications = {"https://example.com/c"};
  event.ilmd = tree;
  event.extensions = tree;
  return event;
}

TEST(RoundTrip, KeepsEveryField) { expect_round_trip(full_event()); }

TEST(RoundTrip, KeepsTheOrderOfSourcesAndDestinations) {
  const Reference farm{.type = "possessing_party", .id = "urn:suyuan:party:nz-farm-1"};
  const Reference owner{.type = "owning_party", .id = "urn:suyuan:party:bank"};
  const Reference place{.type = "location", .id = "https://id.gs1.org/414/9521104000013"};
  const Reference consumer{.type = "possessing_party", .id = "consumer"};
  for (const auto& list : std::vector<std::vector<Reference>>{
           {farm}, {owner, farm}, {farm, owner, consumer}, {consumer, place}, {farm, consumer}}) {
    TraceEvent event;
    event.sources = list;
    event.destinations = list;
    expect_round_trip(event);
  }
}

TEST(RoundTrip, ShowsSectionsByDigest) {
  TraceEvent event;
  event.sections = {{.digest = {}, .audience = Audience::customs, .label = "price"}};
  EXPECT_NE(write_event_json(event).find(
                R"("sections":[{"audience":"customs","label":"price","digest":"00000000)"),
            std::string::npos);
}

class Chance {
 public:
  explicit Chance(uint32_t seed) : engine_(seed) {}
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>(engine_() % bound); }
  bool flip() { return below(2) == 0; }
  std::string word() { return "w" + std::to_string(below(1000)); }
  Decimal decimal() {
    return *Decimal::make(static_cast<int64_t>(engine_()) * (flip() ? 1 : -1),
                          static_cast<uint8_t>(below(10)));
  }
  Tree tree() {
    Tree tree;
    std::vector<NodeKind> open;
    for (uint32_t i = 0; i < below(12); ++i) {
      while (!open.empty() && flip()) open.pop_back();
      const bool named = open.empty() || open.back() == NodeKind::object;
      const auto kind = static_cast<NodeKind>(below(6));
      std::string value;
      if (kind == NodeKind::text) value = word();
      if (kind == NodeKind::number) value = decimal().to_text();
      if (kind == NodeKind::boolean) value = flip() ? "true" : "false";
      tree.push_back({.depth = static_cast<uint8_t>(open.size()),
                      .kind = kind,
                      .name = named ? "n" + std::to_string(i) : "",
                      .value = value});
      if (kind == NodeKind::object || kind == NodeKind::array) open.push_back(kind);
    }
    return tree;
  }
  Item item() {
    Item item{.code = "https://id.gs1.org/01/09521104301011/21/S" + std::to_string(below(1000))};
    if (flip()) item.quantity = decimal(), item.uom = "KGM";
    if (flip()) item.net_kg = decimal();
    return item;
  }

 private:
  std::mt19937 engine_;
};

TEST(RoundTrip, HoldsForEventsDrawnByChance) {
  constexpr uint32_t kSeed = 20261123;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Chance chance(kSeed);
  for (int round = 0; round < 500 && !testing::Test::HasFailure(); ++round) {
    TraceEvent event;
    event.type = static_cast<EventType>(chance.below(5));
    event.kind = static_cast<Kind>(chance.below(5));
    event.action = static_cast<Action>(chance.below(4));
    event.event_time = {.ms = int64_t{chance.below(2'000'000'000)} * 1000 + chance.below(1000),
                        .offset_minutes = static_cast<int16_t>(chance.below(1681) - 840U)};
    for (auto* list : {&event.objects, &event.children, &event.inputs, &event.outputs}) {
      for (uint32_t i = 0; i < chance.below(4); ++i) list->push_back(chance.item());
    }
    for (uint32_t i = 0; i < chance.below(3); ++i) {
      event.losses.push_back({.reason = chance.word(), .quantity = chance.decimal(), .uom = "KGM"});
      event.transactions.push_back({.type = chance.word(), .id = chance.word()});
      event.sources.push_back({.type = chance.flip() ? "possessing_party" : chance.word(),
                               .id = "urn:suyuan:party:" + chance.word()});
      event.sensors.push_back({.metadata = chance.tree(),
                               .reports = {{.type = "Mass", .other = chance.tree()}}});
    }
    if (chance.flip()) event.step = chance.word();
    event.ilmd = chance.tree();
    event.extensions = chance.tree();
    expect_round_trip(event);
  }
}

}  // namespace
}  // namespace suyuan
