// Rows: every value comes back as it went in, and no other bytes are taken for one.
#include "ledger/store/schema.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

Hash hash(uint8_t fill) {
  Hash value;
  value.data.fill(fill);
  return value;
}

Salt salt(uint8_t fill) {
  Salt value;
  value.data.fill(fill);
  return value;
}

LedgerHead head() {
  return {.origin = "trace.example/formula", .genesis = hash(1), .position = 9, .leaves = 5,
          .events = 17, .chains = 11, .time_ms = -3, .frontier = Bytes(64, 'f'), .seal = 4};
}

// The value survives, and every shorter or longer run of bytes is refused.
template <class T>
void expect_strict(const T& value) {
  const Bytes bytes = encode(value);
  const auto back = decode<T>(bytes);
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(*back, value);
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode<T>(BytesView(bytes).substr(0, size));
    ASSERT_FALSE(cut) << "cut to " << size << " of " << bytes.size();
    EXPECT_EQ(cut.error().code, Code::CORRUPT);
  }
  EXPECT_FALSE(decode<T>(bytes + '\0'));
}

// For values that end in free bytes: only what is shorter than their head is refused.
template <class T>
void expect_round_trip(const T& value, size_t head_bytes) {
  const Bytes bytes = encode(value);
  const auto back = decode<T>(bytes);
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(*back, value);
  for (size_t size = 0; size < head_bytes; ++size) {
    EXPECT_FALSE(decode<T>(BytesView(bytes).substr(0, size))) << size;
  }
}

template <class T>
void expect_corrupt(const Bytes& bytes) {
  const auto value = decode<T>(bytes);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, Code::CORRUPT);
}

TEST(Rows, ComeBackAsTheyWentIn) {
  expect_strict(head());
  expect_strict(StoredLink{.place = {7, 3}, .link = hash(2)});
  expect_strict(ChainHead{.count = 1, .link = hash(3)});
  expect_strict(StoredBatch{.leaf = 4, .receipt_size = 6});
  expect_strict(StoredEventId{.place = {4, 0}, .payload_sha256 = hash(5), .withdrawn_by = 8});
  expect_strict(Finding{.flag = Flag::COLD_CHAIN_EXCURSION, .event = {3, 1}, .reason = "8.1 CEL",
                        .codes = {"https://id.gs1.org/01/09506000134352", ""},
                        .related = {{1, 2}, {2, 0}}});
  expect_strict(StoredFact{.withdrawn_by = 2, .flags = kMentionNamesItems,
                           .kind = Kind::inspection, .text = "inspecting",
                           .amount = Decimal::parse("-12.5"), .uom = "KGM"});
  expect_strict(StoredFact{});
}

TEST(Rows, OfAnEventIdHaveTheStatementsHashOrAreOfAnEarlierFormat) {
  const StoredEventId known{.place = {4, 0}, .payload_sha256 = hash(5), .statement = hash(6)};
  const Bytes bytes = encode(known);
  EXPECT_EQ(decode<StoredEventId>(bytes).value(), known);
  EXPECT_EQ(decode<StoredEventId>(bytes.substr(0, bytes.size() - Hash::kSize)).value().statement,
            Hash{});
  expect_corrupt<StoredEventId>(bytes.substr(0, bytes.size() - 1));
  expect_corrupt<StoredEventId>(bytes + '\0');
}

TEST(Rows, ThatEndInFreeBytesComeBackAsTheyWentIn) {
  expect_round_trip(StoredPayload{PayloadType::registry_capnp, salt(4), "payload"}, 33);
  expect_round_trip(StoredSection{Audience::market_supervision, hash(1), salt(2), "price"}, 65);
  expect_round_trip(StoredCode{.canonical = "urn:x", .first = {9, 1}}, 13);
  expect_round_trip(StoredAttachment{.media_type = "image/png", .bytes = "\x89PNG"}, 13);
}

TEST(Rows, AreRefusedWithAValueOutsideAnEnumeration) {
  Bytes payload = encode(StoredPayload{});
  payload[0] = 4;
  expect_corrupt<StoredPayload>(payload);
  payload[0] = 0;
  expect_corrupt<StoredPayload>(payload);
  Bytes section = encode(StoredSection{});
  section[0] = 5;
  expect_corrupt<StoredSection>(section);
  Bytes fact = encode(StoredFact{});
  fact[9] = 5;
  expect_corrupt<StoredFact>(fact);
  Bytes finding = encode(Finding{.flag = Flag::SCAN_COUNT, .event = {}, .reason = {}, .codes = {},
                                 .related = {}});
  finding[0] = 19;
  expect_corrupt<Finding>(finding);
}

TEST(Rows, AreRefusedWithAnAmountThatIsNotReduced) {
  StoredFact fact{.amount = Decimal::make(15, 1)};
  Bytes bytes = encode(fact);
  const size_t units_end = bytes.size() - 4;
  bytes[units_end - 1] = 20;  // 2.0 is written as 2
  expect_corrupt<StoredFact>(bytes);
}

TEST(Rows, WithAHugeCountAreRefusedWithoutMemoryForIt) {
  Bytes bytes = encode(Finding{.flag = Flag::SCAN_COUNT, .event = {}, .reason = {}, .codes = {},
                               .related = {}});
  bytes.resize(bytes.size() - 8);
  put_u32(bytes, 0xffffffff);
  expect_corrupt<Finding>(bytes);
}

TEST(LedgerHead, OfFormat1IsReadAsOneWithoutSeals) {
  LedgerHead expected = head();
  expected.seal = 0;
  Bytes bytes = encode(expected);
  bytes.resize(bytes.size() - 8);
  bytes[3] = 1;
  const auto value = decode<LedgerHead>(bytes);
  ASSERT_TRUE(value) << to_text(value.error());
  EXPECT_EQ(*value, expected);  // and is written as the present format
  EXPECT_FALSE(decode<LedgerHead>(bytes + Bytes(8, '\0')));
}

TEST(LedgerHead, OfALaterFormatIsNotDecoded) {
  Bytes bytes;
  put_u32(bytes, kStoreFormat + 1);
  bytes += "whatever a later version writes";
  const auto value = decode<LedgerHead>(bytes);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, Code::STORE_TOO_NEW);
}

TEST(Keys, AreTheDocumentedBytes) {
  EXPECT_EQ(to_hex(u64_key(0x0102)), "0000000000000102");
  EXPECT_EQ(to_hex(place_key({1, 2})), "000000000000000100000002");
  EXPECT_EQ(to_hex(section_key({1, 2}, 3)), "00000000000000010000000200000003");
  EXPECT_EQ(to_hex(tree_key(8, 1)), "080000000000000001");
  EXPECT_EQ(to_hex(finding_key({1, 2}, 255)), "000000000000000100000002ff");
  EXPECT_EQ(chain_key(hash(7), 1), hash(7).bytes() + u64_key(1));
  EXPECT_EQ(below_key("a", "b"), Bytes("a\0b", 3));
  EXPECT_EQ(to_hex(fact_bound(hash(0), Aspect::made, -1)),
            std::string(64, '0') + "027fffffffffffffff");
}

TEST(Keys, OfFactsComeBackAsTheyWentIn) {
  const FactKey plain{.code = hash(1), .aspect = Aspect::mention, .time_ms = -5, .place = {2, 3}};
  FactKey other = plain;
  other.other = hash(9);
  for (const auto& key : {plain, other}) {
    const auto back = decode_fact_key(fact_key(key));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, key);
  }
  FactKey last = plain;
  last.aspect = kLastAspect;
  EXPECT_TRUE(decode_fact_key(fact_key(last)));
  last.aspect = static_cast<Aspect>(static_cast<int>(kLastAspect) + 1);
  EXPECT_FALSE(decode_fact_key(fact_key(last)));
  EXPECT_FALSE(decode_fact_key(fact_key(other).substr(0, 60)));
  EXPECT_FALSE(decode_fact_key(fact_key(other) + "x"));
  EXPECT_FALSE(decode_place_key(place_key({1, 1}) + "x"));
}

TEST(Keys, OfFactsSortByCodeAspectTimeAndPlace) {
  const FactKey base{.code = hash(1), .aspect = Aspect::made, .time_ms = -1, .place = {2, 3}};
  auto later = base;
  later.time_ms = 0;
  auto next_event = base;
  next_event.place.event = 4;
  EXPECT_LT(fact_key(base), fact_key(next_event));
  EXPECT_LT(fact_key(next_event), fact_key(later));
  EXPECT_LT(fact_key(later), fact_bound(hash(1), Aspect::ended, INT64_MIN));
  EXPECT_LE(fact_bound(hash(1), Aspect::made, -1), fact_key(base));
  EXPECT_LT(fact_key(next_event), fact_bound(hash(1), Aspect::made, 0));
}

TEST(AfterPrefix, IsTheFirstKeyBehindAllOfThem) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix("a\xff\xff"), "b");
  EXPECT_EQ(after_prefix("\xff"), "");
  EXPECT_EQ(after_prefix(""), "");
}

TEST(PayloadType, HasOneWordEach) {
  for (const auto type :
       {PayloadType::event_capnp, PayloadType::epcis_json, PayloadType::registry_capnp}) {
    EXPECT_EQ(payload_type_from(word(type)), type);
  }
  EXPECT_EQ(payload_type_from("application/json"), std::nullopt);
}

}  // namespace
}  // namespace suyuan
