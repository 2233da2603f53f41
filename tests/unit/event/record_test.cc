#include "ledger/event/record.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

template <class F>
F filled(uint8_t byte) {
  F value;
  value.data.fill(byte);
  return value;
}

Record two_codes() {
  return {.code_keys = {filled<Hash>(1), filled<Hash>(2)}, .payload = filled<Hash>(9)};
}

std::string refusal(BytesView bytes) {
  auto record = decode_record(bytes);
  if (record) return "accepted";
  EXPECT_EQ(record.error().code, Code::MALFORMED_EVENT);
  return record.error().message;
}

TEST(Record, IsTagCountKeysAndPayloadHash) {
  const Bytes bytes = encode_record(two_codes());
  EXPECT_EQ(to_hex(bytes), to_hex("suyuan/event/v1\n") + "0002" + to_hex(Bytes(32, 1)) +
                               to_hex(Bytes(32, 2)) + to_hex(Bytes(32, 9)));
  EXPECT_EQ(decode_record(bytes).value(), two_codes());
}

TEST(Record, HoldsAsManyCodesAsAnEventMayName) {
  Record record;
  for (size_t i = 0; i < limits::kCodesPerEventMax; ++i) {
    Hash key;
    key.data[0] = static_cast<uint8_t>(i >> 8);
    key.data[1] = static_cast<uint8_t>(i);
    record.code_keys.push_back(key);
  }
  EXPECT_EQ(decode_record(encode_record(record)).value(), record);
}

TEST(Record, RefusesEveryTruncation) {
  const Bytes bytes = encode_record(two_codes());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(refusal(BytesView(bytes).substr(0, size)), "accepted") << size;
  }
}

TEST(Record, RefusesBytesThatFollow) {
  EXPECT_NE(refusal(encode_record(two_codes()) + '\0'), "accepted");
}

TEST(Record, RefusesNoCodesAndTooMany) {
  const Bytes payload(32, 9);
  EXPECT_NE(refusal(std::string("suyuan/event/v1\n") + Bytes(2, '\0') + payload), "accepted");
  const size_t many = limits::kCodesPerEventMax + 1;
  EXPECT_NE(refusal("suyuan/event/v1\n\x10\x01" + Bytes(many * 32, 1) + payload), "accepted");
}

TEST(Record, RefusesCodesOutOfOrderOrTwice) {
  const std::string head("suyuan/event/v1\n\0\2", 18);
  EXPECT_NE(refusal(head + Bytes(32, 2) + Bytes(32, 1) + Bytes(32, 9)), "accepted");
  EXPECT_NE(refusal(head + Bytes(32, 1) + Bytes(32, 1) + Bytes(32, 9)), "accepted");
}

TEST(PayloadHash, IsSaltedAndTagged) {
  const auto salt = filled<Salt>(7);
  EXPECT_EQ(payload_hash(salt, "abc"), sha256("suyuan/payload/v1\n" + Bytes(32, 7) + "abc"));
  EXPECT_NE(payload_hash(salt, "abc"), payload_hash(filled<Salt>(8), "abc"));
}

TEST(SectionDigest, BindsPartyAudienceSaltAndBytes) {
  const auto salt = filled<Salt>(7);
  EXPECT_EQ(section_digest("cn-ebp", Audience::customs, salt, "x"),
            sha256("suyuan/section/v1\ncn-ebp\ncustoms\n" + Bytes(32, 7) + "x"));
  EXPECT_NE(section_digest("cn-ebp", Audience::customs, salt, "x"),
            section_digest("cn-ebp", Audience::owner, salt, "x"));
}

}  // namespace
}  // namespace suyuan
