// tests/vectors/events.json, made without our code, by Cap'n Proto's own tool: payloads are frozen.
#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/event/codes_of.h"
#include "ledger/event/record.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

using testing::hex_of;
using testing::own_vectors;
using testing::text_of;

Bytes payload_of(const boost::json::value& vector) {
  return from_base64(text_of(vector.at("payload_base64"))).value();
}

TEST(EventVectors, DecodeAndEncodeToTheSameBytes) {
  const auto vectors = own_vectors("events.json");
  for (const auto& vector : vectors.at("events").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const Bytes payload = payload_of(vector);
    const auto event = decode_event(payload);
    ASSERT_TRUE(event) << to_text(event.error());
    EXPECT_EQ(encode_event(*event), payload);
  }
}

TEST(EventVectors, NameTheirCodesAndHashToTheirRecords) {
  const auto vectors = own_vectors("events.json");
  for (const auto& vector : vectors.at("events").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const Bytes payload = payload_of(vector);
    const auto event = decode_event(payload);
    ASSERT_TRUE(event);
    auto codes = codes_of(*event);
    std::sort(codes.begin(), codes.end());
    std::vector<std::string> wanted;
    for (const auto& code : vector.at("codes").as_array()) wanted.push_back(text_of(code));
    EXPECT_EQ(codes, wanted);

    std::vector<Hash> keys;
    for (const auto& key : vector.at("code_keys").as_array()) keys.push_back(hex_of<Hash>(key));
    EXPECT_EQ(code_keys_of(codes), keys);
    const Hash sealed = payload_hash(hex_of<Salt>(vector.at("salt")), payload);
    EXPECT_EQ(sealed, hex_of<Hash>(vector.at("payload_hash")));
    EXPECT_EQ(to_hex(encode_record({.code_keys = keys, .payload = sealed})),
              text_of(vector.at("record_hex")));
  }
}

TEST(EventVectors, TheSectionHashesToItsDigest) {
  const auto vectors = own_vectors("events.json");
  const auto& section = vectors.at("section");
  EXPECT_EQ(section_digest(text_of(section.at("party")), Audience::partner,
                           hex_of<Salt>(section.at("salt")), text_of(section.at("bytes"))),
            hex_of<Hash>(section.at("digest")));
}

// One event, field by field: so that two fields cannot have changed places in schema and codec.
TEST(EventVectors, ATestWithdrawnHasTheseValues) {
  const auto vectors = own_vectors("events.json");
  const auto& vector = vectors.at("events").as_array().back();
  ASSERT_EQ(text_of(vector.at("name")), "a test, withdrawn");
  TraceEvent event;
  event.type = EventType::object;
  event.kind = Kind::inspection;
  event.action = Action::observe;
  event.event_id = "urn:uuid:00000000-0000-4000-8000-000000000004";
  event.event_time = {.ms = 1780378200000, .offset_minutes = 720};
  event.error = ErrorDeclaration{
      .declared = {.ms = 1780378300000, .offset_minutes = -720},
      .reason = "incorrect_data",
      .corrective_event_ids = {"urn:uuid:00000000-0000-4000-8000-000000000003"}};
  event.objects = {{.code = "https://id.gs1.org/01/09521104301011/10/L2606A"}};
  event.whole_lot = true;
  event.step = "inspecting";
  event.result = "pass";
  event.certifications = {"https://lab.example/r1"};
  event.documents = {{.number = "R1", .type = "lab_report", .size = 1024,
                      .media_type = "application/pdf", .issuer = "nz-lab"},
                     {.number = "R2", .type = "photo"}};
  event.documents[0].sha256 = fixed_from_hex<Hash>(
      "845e91831319e89c4d656bdb80c278ac09a7230d61e5dfd2e1b1fbb436ac8917");
  const auto decoded = decode_event(payload_of(vector));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, event);
}

TEST(ActVectors, DecodeToTheirKindAndEncodeToTheSameBytes) {
  size_t index = 0;
  const auto vectors = own_vectors("events.json");
  for (const auto& vector : vectors.at("acts").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const Bytes payload = payload_of(vector);
    const auto act = decode_registry(payload);
    ASSERT_TRUE(act) << to_text(act.error());
    EXPECT_EQ(act->index(), index++);
    EXPECT_EQ(encode_registry(*act), payload);
  }
  EXPECT_EQ(index, std::variant_size_v<RegistryEvent>);
}

TEST(ActVectors, AProductHasTheseValues) {
  const auto vectors = own_vectors("events.json");
  const auto act = decode_registry(payload_of(vectors.at("acts").at(6)));
  ASSERT_TRUE(act);
  const ProductData wanted{.gtin = "09521104301011",
                           .name = "Formula",
                           .name_zh = "配方奶粉",
                           .brand = "W",
                           .owner = "nz-mfr",
                           .licensees = {"nz-pack"},
                           .uom = "H87",
                           .net_kg = Decimal::make(9, 1),
                           .hs = "190110",
                           .shelf_life_days = 730,
                           .contained_gtin = "09521104301028",
                           .contained_count = 6,
                           .recall_agent = "cn-recall",
                           .sellers = {"hk-ebc"},
                           .required_steps = {"inspecting"}};
  EXPECT_EQ(std::get<RegisterProduct>(*act).product, wanted);
}

bool is_act(const boost::json::value& vector) {
  const auto* of = vector.as_object().if_contains("of");
  return of != nullptr && text_of(*of) == "act";
}

// The payload as it is encoded again, or why it is none.
Result<Bytes> encoded_again(const boost::json::value& vector) {
  if (is_act(vector)) {
    SUYUAN_TRY(act, decode_registry(payload_of(vector)));
    return encode_registry(act);
  }
  SUYUAN_TRY(event, decode_event(payload_of(vector)));
  return encode_event(event);
}

// Nothing in them makes sense as an event: they show which values have an encoding.
TEST(AlsoReadVectors, DecodeAndEncodeToTheSameBytes) {
  const auto vectors = own_vectors("events.json");
  for (const auto& vector : vectors.at("also_read").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const auto again = encoded_again(vector);
    ASSERT_TRUE(again) << to_text(again.error());
    EXPECT_EQ(*again, payload_of(vector));
  }
}

TEST(AlsoReadVectors, AStructOfDefaultsIsNotAbsence) {
  const auto vectors = own_vectors("events.json");
  const auto named = [&](std::string_view name) {
    for (const auto& vector : vectors.at("also_read").as_array()) {
      if (text_of(vector.at("name")) == name) return payload_of(vector);
    }
    return Bytes();
  };
  const auto time = decode_event(named("a time of 0")).value();
  EXPECT_EQ(time.sensors[0].reports[0].time, Moment{});
  EXPECT_EQ(decode_event(named("a quantity of 0")).value().objects[0].quantity, Decimal());
  EXPECT_EQ(decode_event(named("a declaration of defaults")).value().error, ErrorDeclaration{});
  const auto revoked = decode_registry(named("a suspect leaf of 0")).value();
  EXPECT_EQ(std::get<RevokeKey>(revoked).suspect_from, 0U);
  const auto granted = decode_registry(named("a delegation until 0")).value();
  EXPECT_EQ(std::get<GrantDelegation>(granted).until, Moment{});
  const auto beside = decode_event(named("an element of defaults beside a full one")).value();
  EXPECT_EQ(beside.objects[0], Item{});
}

TEST(RefusedVectors, AreRefusedByTheNamedRule) {
  const auto vectors = own_vectors("events.json");
  for (const auto& vector : vectors.at("refused").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const auto again = encoded_again(vector);
    ASSERT_FALSE(again);
    EXPECT_EQ(info(again.error().code).name, text_of(vector.at("want"))) << to_text(again.error());
    EXPECT_FALSE(again.error().message.empty());
    const auto* field = vector.as_object().if_contains("field");
    if (field != nullptr) {
      EXPECT_EQ(again.error().field, text_of(*field));
    }
  }
}

}  // namespace
}  // namespace suyuan
