#include "proto/event_codec.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/support/random_event.h"

namespace suyuan {
namespace {

using testing::Random;
using testing::random_event;

constexpr uint64_t kSeed = 20260602;

TEST(EventCodec, EveryValueComesBackEqualFromItsBytes) {
  Random random(kSeed);
  for (int i = 0; i < 500; ++i) {
    const TraceEvent event = random_event(random);
    const auto decoded = decode_event(encode_event(event));
    ASSERT_TRUE(decoded) << "seed " << kSeed << ", event " << i << ": " << to_text(decoded.error());
    ASSERT_EQ(*decoded, event) << "seed " << kSeed << ", event " << i;
  }
}

TEST(EventCodec, TheDefaultEventComesBackEqual) {
  const auto decoded = decode_event(encode_event(TraceEvent{}));
  ASSERT_TRUE(decoded) << to_text(decoded.error());
  EXPECT_EQ(*decoded, TraceEvent{});
}

TEST(EventCodec, BytesNeedNotBeAligned) {
  Random random(kSeed);
  const TraceEvent event = random_event(random);
  const Bytes shifted = "x" + encode_event(event);
  const auto decoded = decode_event(BytesView(shifted).substr(1));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, event);
}

// One-to-one: whatever is accepted encodes to the bytes that came, so no other bytes mean the same.
TEST(EventCodec, AFlippedBitIsRefusedOrMeansSomethingElse) {
  Random random(kSeed);
  size_t accepted = 0;
  for (int i = 0; i < 8; ++i) {
    const TraceEvent event = random_event(random);
    const Bytes payload = encode_event(event);
    // Every 41st bit, from another one each time, so that the test stays short.
    for (size_t bit = static_cast<size_t>(i); bit < payload.size() * 8; bit += 41) {
      Bytes flipped = payload;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      const auto decoded = decode_event(flipped);
      if (!decoded) continue;
      ++accepted;
      ASSERT_NE(*decoded, event) << "seed " << kSeed << ", event " << i << ", bit " << bit;
      ASSERT_EQ(encode_event(*decoded), flipped);
    }
  }
  EXPECT_GT(accepted, 0U);
}

TEST(EventCodec, EveryFlippedBitOfASmallEventIsRefusedOrMeansSomethingElse) {
  TraceEvent event;
  event.objects = {{.code = "c", .quantity = Decimal::make(125, 1), .uom = "KGM"}};
  event.step = "shipping";
  event.whole_lot = true;
  const Bytes payload = encode_event(event);
  for (size_t bit = 0; bit < payload.size() * 8; ++bit) {
    Bytes flipped = payload;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto decoded = decode_event(flipped);
    EXPECT_FALSE(decoded && *decoded == event) << "bit " << bit;
  }
}

TEST(EventCodec, EveryTruncationIsRefused) {
  Random random(kSeed);
  const Bytes payload = encode_event(random_event(random));
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_FALSE(decode_event(BytesView(payload).substr(0, size)))
        << "seed " << kSeed << ", " << size << " bytes";
  }
}

TEST(EventCodec, RandomWordsAreRefused) {
  Random random(kSeed);
  for (int i = 0; i < 2000; ++i) {
    Bytes words = random.bytes(8 * (1 + random.below(40)));
    // A plausible root pointer, so that some get past it.
    if (random.one_in(2)) words.replace(0, 8, encode_event(TraceEvent{}).substr(0, 8));
    const auto decoded = decode_event(words);
    if (!decoded) continue;
    ASSERT_EQ(encode_event(*decoded), words) << "seed " << kSeed << ", round " << i;
  }
}

TEST(EventCodec, AFaultNamesItsField) {
  TraceEvent event;
  event.objects = {{.code = "a"}, {.code = "b"}};
  Bytes payload = encode_event(event);
  payload[payload.find("b\0", 0, 2)] = '\xFF';
  const auto decoded = decode_event(payload);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Code::BAD_TEXT);
  EXPECT_EQ(decoded.error().field, "objects[1].code");
}

TEST(EventCodec, AFaultInATreeNamesItsNode) {
  TraceEvent event;
  event.sensors = {{.metadata = {}, .reports = {{.type = "Temperature"}}}};
  event.sensors[0].reports[0].other = {
      {.depth = 0, .kind = NodeKind::text, .name = "n", .value = "qqqq"}};
  Bytes payload = encode_event(event);
  payload[payload.find("qqqq")] = '\xC0';
  const auto decoded = decode_event(payload);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().field, "sensors[0].reports[0].other[0].value");
}

TEST(EventCodec, TakesTheLongestListOfCodesAndNotOneMore) {
  TraceEvent event;
  event.objects.resize(limits::kCodesPerEventMax, {.code = "c"});
  EXPECT_TRUE(decode_event(encode_event(event)));
  event.objects.push_back({.code = "c"});
  const auto decoded = decode_event(encode_event(event));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Code::TOO_MANY);
}

TEST(EventCodec, TakesTheLongestTextAndNotOneByteMore) {
  TraceEvent event;
  event.step = std::string(limits::kTextBytesMax, 'a');
  EXPECT_TRUE(decode_event(encode_event(event)));
  event.step += 'a';
  const auto decoded = decode_event(encode_event(event));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Code::TOO_LARGE);
}

TEST(EventCodec, RefusesAPayloadAboveTheLimitBeforeLookingAtIt) {
  const auto decoded = decode_event(Bytes(limits::kPayloadBytesMax + 8, '\0'));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Code::TOO_LARGE);
}

// 16 bytes that claim 2^29 elements without bytes: neither time nor memory is spent on them.
TEST(EventCodec, RefusesAHugeListOfElementsWithoutBytes) {
  TraceEvent event;
  event.persistent_unset = {"x"};
  Bytes payload = encode_event(event);
  // The list's tag is the fourth word from the end: its pointer count and size become zero, its
  // element count huge.
  const Bytes tag = {'\xFC', '\xFF', '\xFF', '\x7F', 0, 0, 0, 0};
  payload.replace(payload.size() - 24, 8, tag);
  EXPECT_FALSE(decode_event(payload));
}

}  // namespace
}  // namespace suyuan
