// Fixed answers for the tests of what people see.
#pragma once

#include "client/directory.h"
#include "client/render/answers.h"
#include "tests/unit/client/support.h"

namespace suyuan::test {

inline const std::string kCan = "https://id.gs1.org/01/09521104301011/21/3BGE";
inline const std::string kSister = "https://id.gs1.org/01/09521104301011/21/8YMZ";
inline const std::string kPallet = "https://id.gs1.org/00/395211040000010013";
inline const std::string kMilk = "https://id.gs1.org/01/09521101100013/10/KC260602";
inline const std::string kPowder = "https://id.gs1.org/01/09521104301011/10/L2606A";

inline Directory names() {
  Directory names;
  names.add(PartyData{.id = "nz-farm-1", .name = "Kauri Creek Farms", .roles = {}});
  names.add(PartyData{.id = "nz-mfr", .name = "Waikawa Nutritionals", .roles = {}});
  names.add(
      PartyData{.id = "cn-bond", .name = "Haicang Bonded", .name_zh = "海沧保税仓", .roles = {}});
  names.add(ProductData{.gtin = "09521101100013", .name = "Raw cow milk", .owner = "nz-farm-1"});
  names.add(ProductData{.gtin = "09521104301011",
                        .name = "Stage 1 formula",
                        .name_zh = "1段奶粉",
                        .owner = "nz-mfr"});
  names.add(SiteData{
      .gln = "9521101000016", .party = "nz-farm-1", .name = "Kauri Creek farm", .country = "NZ"});
  return names;
}

// As a node would show it; signed by `party` at this leaf.
inline EventView view_of(const std::string& party, const TraceEvent& event, uint64_t leaf) {
  const KeyPair key = fixed_key(9);
  auto sealed = seal_event({.event = event, .sealed = {}}, party, counted_salts());
  EXPECT_TRUE(sealed) << (sealed ? "" : to_text(sealed.error().front()));
  auto submission = sign_batch(ledger().id, PayloadType::event_capnp, {sealed->event}, 9'000,
                               Nonce{}, {.party = party, .secret = key.secret, .key = key.key});
  EXPECT_TRUE(submission);
  return {.place = {.leaf = leaf, .event = 0},
          .time_ms = from_rfc3339("2026-08-01T00:00:00Z")->ms,
          .note = submission->note,
          .record = {},
          .state = PayloadState::open,
          .salt = sealed->event.body.salt,
          .payload = sealed->event.body.payload};
}

inline TraceEvent milking() {
  TraceEvent event;
  event.type = EventType::object;
  event.kind = Kind::origin;
  event.action = Action::add;
  event.step = "commissioning";
  event.event_time = *from_rfc3339("2026-06-02T05:30:00+12:00");
  event.objects = {{.code = kMilk, .quantity = Decimal::parse("24000"), .uom = "KGM"}};
  event.read_point = "https://id.gs1.org/414/9521101000016";
  event.documents = {{.number = "NZFS-1", .type = "farm_registration"}};
  return event;
}

inline TraceEvent making() {
  TraceEvent event;
  event.type = EventType::transformation;
  event.kind = Kind::supply;
  event.step = "creating_class_instance";
  event.event_time = *from_rfc3339("2026-06-08T14:00:00+12:00");
  event.inputs = {{.code = kMilk, .quantity = Decimal::parse("6600"), .uom = "KGM"}};
  event.outputs = {{.code = kPowder,
                    .quantity = Decimal::parse("7200"),
                    .uom = "H87",
                    .net_kg = Decimal::parse("6480")}};
  event.losses = {{.reason = "process_waste", .quantity = *Decimal::parse("120"), .uom = "KGM"}};
  return event;
}

inline TraceEvent packing() {
  TraceEvent event;
  event.type = EventType::aggregation;
  event.kind = Kind::logistics;
  event.action = Action::add;
  event.step = "packing";
  event.event_time = *from_rfc3339("2026-06-18T13:10:00+12:00");
  event.parent = kPallet;
  event.children = {{.code = kSister}, {.code = kCan}};
  return event;
}

inline TraceEvent shipping() {
  TraceEvent event;
  event.type = EventType::object;
  event.kind = Kind::logistics;
  event.action = Action::observe;
  event.step = "shipping";
  event.event_time = *from_rfc3339("2026-07-14T14:00:30+08:00");
  event.objects = {{.code = kPallet}};
  event.sources = {{.type = "possessing_party", .id = "urn:suyuan:party:nz-mfr"}};
  event.destinations = {{.type = "possessing_party", .id = "urn:suyuan:party:cn-bond"}};
  return event;
}

inline TracePage trace_page() {
  TracePage page;
  const auto add = [&](const std::string& party, const TraceEvent& event, uint64_t leaf,
                       Relation relation, const std::string& via) {
    page.events.push_back(view_of(party, event, leaf));
    page.trace.steps.push_back({.place = {.leaf = leaf, .event = 0},
                                .event_time_ms = event.event_time.ms,
                                .kind = event.kind,
                                .step = event.step,
                                .relation = relation,
                                .via = via});
  };
  add("nz-farm-1", milking(), 4, Relation::ancestor, kMilk);
  add("nz-mfr", making(), 5, Relation::ancestor, kPowder);
  add("nz-mfr", packing(), 6, Relation::own, "");
  add("cn-bond", shipping(), 7, Relation::container, kPallet);
  page.events[0].findings = {{.flag = Flag::BACKDATED,
                              .event = {.leaf = 4},
                              .reason = "late",
                              .codes = {},
                              .related = {}}};
  page.events[3].findings = {{.flag = Flag::CUSTODY_BREAK,
                              .event = {.leaf = 7},
                              .reason = "held by nz-mfr",
                              .codes = {kPallet},
                              .related = {}}};
  page.trace.containers = {kPallet};
  page.trace.ancestors = {kMilk, kPowder};
  page.trace.origins = {kMilk};
  return page;
}

inline AnswerHead head(const std::string& code) {
  return {.size = 12, .time_ms = from_rfc3339("2026-08-20T02:07:00Z")->ms, .code = code};
}

inline Style style(Lang lang) { return {.lang = lang, .view = {.columns = 80, .colour = false}}; }

}  // namespace suyuan::test
