// tests/vectors/epcis_attacks.json: what a hostile writer of payloads may try. The second verifier
// runs the same file (client/web/test/epcis_attacks.test.ts).
#include <gtest/gtest.h>

#include "proto/epcis/epcis.h"
#include "tests/support/vectors.h"
#include "tests/unit/epcis/event_json.h"

namespace suyuan::testing {
namespace {

namespace bj = boost::json;

bj::array pairs_of(const std::vector<Reference>& references) {
  bj::array pairs;
  for (const auto& one : references) pairs.push_back(bj::array{one.type, one.id});
  return pairs;
}

// What the vectors' "means" speaks of.
bj::object meaning_of(const TraceEvent& event) {
  bj::array codes;
  for (const Item& item : event.objects) {
    codes.push_back(
        bj::array{item.code, item.quantity ? item.quantity->to_text() : std::string(), item.uom});
  }
  bj::array set(event.persistent_set.begin(), event.persistent_set.end());
  bj::array measured, devices;
  for (const auto& sensor : event.sensors) {
    for (const auto& report : sensor.reports) {
      measured.emplace_back(report.type);
      devices.emplace_back(report.device_id);
    }
  }
  return {{"kind", word(event.kind)},
          {"audience", word(event.audience)},
          {"step", event.step},
          {"lot", event.lot},
          {"codes", codes},
          {"set", set},
          {"sources", pairs_of(event.sources)},
          {"destinations", pairs_of(event.destinations)},
          {"transactions", pairs_of(event.transactions)},
          {"measured", measured},
          {"devices", devices}};
}

TEST(EpcisAttacks, WhatCouldBeReadInTwoWaysIsRefused) {
  const auto vectors = own_vectors("epcis_attacks.json");
  for (const auto& vector : vectors.at("refused").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const auto* text = vector.as_object().if_contains("payload");
    const auto event = decode_epcis(
        text != nullptr ? text_of(*text)
                        : from_base64(text_of(vector.at("payload_base64"))).value());
    if (event) {
      ADD_FAILURE() << "it decodes";
      continue;
    }
    EXPECT_EQ(info(event.error().code).name, text_of(vector.at("code"))) << to_text(event.error());
    const auto* field = vector.as_object().if_contains("field");
    if (field == nullptr) continue;
    EXPECT_EQ(event.error().field, text_of(*field)) << to_text(event.error());
  }
}

TEST(EpcisAttacks, WhatIsTakenMeansOneThing) {
  const auto vectors = own_vectors("epcis_attacks.json");
  for (const auto& vector : vectors.at("taken").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const auto event = decode_epcis(text_of(vector.at("payload")));
    if (!event) {
      ADD_FAILURE() << to_text(event.error());
      continue;
    }
    const bj::object meaning = meaning_of(*event);
    for (const auto& [name, wanted] : vector.at("means").as_object()) {
      EXPECT_EQ(bj::serialize(meaning.at(name)), bj::serialize(wanted)) << name;
    }
  }
}

TEST(EpcisAttacks, NoContextGivesANameOfTheStandardAnotherMeaning) {
  const auto vectors = own_vectors("epcis_attacks.json");
  const auto with = [](const bj::value& name) {
    const bj::object prefixes = {{text_of(name), "https://ns.example.org/"}};
    return fault_with(bj::serialize(bj::object{{"@context", {kStandardContext, prefixes}}}));
  };
  for (const auto& name : vectors.at("reserved").as_array()) {
    EXPECT_EQ(with(name), "INVALID_FIELD /@context/1/" + text_of(name));
  }
  for (const auto& name : vectors.at("free").as_array()) EXPECT_EQ(with(name), "") << name;
}

}  // namespace
}  // namespace suyuan::testing
