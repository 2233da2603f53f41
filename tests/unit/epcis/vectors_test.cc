// tests/vectors/epcis*.json, made without our code: payloads of EPCIS are frozen.
#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/event/codes_of.h"
#include "ledger/event/record.h"
#include "proto/epcis/epcis.h"
#include "tests/support/vectors.h"

namespace suyuan::testing {
namespace {

TEST(EpcisVectors, PayloadsBecomeTheirCodesKindAudienceAndRecord) {
  const auto vectors = own_vectors("epcis.json");
  for (const auto& vector : vectors.at("events").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const std::string payload = text_of(vector.at("payload"));
    const auto event = decode_epcis(payload);
    ASSERT_TRUE(event) << to_text(event.error());
    auto codes = codes_of(*event);
    std::ranges::sort(codes);
    std::vector<std::string> wanted;
    for (const auto& code : vector.at("codes").as_array()) wanted.push_back(text_of(code));
    EXPECT_EQ(codes, wanted);
    EXPECT_EQ(word(event->kind), text_of(vector.at("kind")));
    EXPECT_EQ(word(event->audience), text_of(vector.at("audience")));
    EXPECT_EQ(event->step, text_of(vector.at("step")));
    const auto* lot = vector.as_object().if_contains("lot");
    if (lot != nullptr) {
      EXPECT_EQ(event->lot, text_of(*lot));
    }
    const Hash sealed = payload_hash(hex_of<Salt>(vector.at("salt")), payload);
    EXPECT_EQ(sealed, hex_of<Hash>(vector.at("payload_hash")));
    EXPECT_EQ(to_hex(encode_record({.code_keys = code_keys_of(codes), .payload = sealed})),
              text_of(vector.at("record_hex")));
  }
}

TEST(EpcisVectors, WhatDoesNotDecodeIsRefusedWithItsPlace) {
  const auto vectors = own_vectors("epcis_refused.json");
  for (const auto& vector : vectors.at("payloads").as_array()) {
    SCOPED_TRACE(text_of(vector.at("name")));
    const auto event = decode_epcis(from_base64(text_of(vector.at("payload_base64"))).value());
    if (event) {
      ADD_FAILURE() << "it decodes";
      continue;
    }
    EXPECT_EQ(info(event.error().code).name, text_of(vector.at("code"))) << to_text(event.error());
    EXPECT_EQ(event.error().field, text_of(vector.at("field"))) << to_text(event.error());
  }
}

}  // namespace
}  // namespace suyuan::testing
