// Blocks of events: what is written is read, within bounds; and a damaged one is an error.
#include "node/epcis/event_block.h"

#include <gtest/gtest.h>

#include <limits>

namespace suyuan::epcis {
namespace {

using Event = std::pair<Place, IndexRow>;

Bytes written(const std::vector<Event>& events) {
  EventBlockWriter block;
  for (const auto& [place, row] : events)
    EXPECT_TRUE(block.add(place, row.event_time_ms, row.record_time_ms, row.scopes));
  return block.value();
}

Result<std::vector<Event>> read(Place first, BytesView value) {
  std::vector<Event> events;
  for (EventBlockReader block(first, value);;) {
    SUYUAN_TRY(more, block.next());
    if (!more) return events;
    events.emplace_back(block.place(), block.row());
  }
}

TEST(EventBlock, ReadsWhatItWrote) {
  constexpr int64_t kFirstTime = std::numeric_limits<int64_t>::min();
  constexpr int64_t kLastTime = std::numeric_limits<int64_t>::max();
  constexpr Place kLast{.leaf = UINT64_MAX, .event = UINT32_MAX};
  const std::vector<std::vector<Event>> blocks = {
      {{{.leaf = 0, .event = 0}, {0, 0, {}}}},
      {{{.leaf = 1, .event = 7}, {1'780'000'000'000, 1'780'000'000'900, {""}}},
       {{.leaf = 1, .event = 8}, {1'770'000'000'000, 1'780'000'000'900, {""}}},
       {{.leaf = 2, .event = 0}, {1'780'000'000'000, 1'780'000'001'000, {"a", "b"}}},
       {{.leaf = 2, .event = 5}, {1'780'000'000'000, 1'780'000'001'000, {}}}},
      {{{.leaf = 0, .event = UINT32_MAX}, {kLastTime, kFirstTime, {Bytes(300, 'x')}}},
       {kLast, {kFirstTime, kLastTime, {Bytes(300, 'x')}}}}};
  for (const auto& events : blocks)
    EXPECT_EQ(read(events.front().first, written(events)).value(), events);
}

TEST(EventBlock, IsFullByEventsOrBytes) {
  EventBlockWriter block;
  uint32_t i = 0;
  while (block.add({.leaf = 1, .event = i}, i, i, {""})) ++i;
  EXPECT_EQ(i, kBlockEventsMax);
  EXPECT_EQ(read({.leaf = 1, .event = 0}, block.value()).value().size(), kBlockEventsMax);
  block.clear();
  EXPECT_TRUE(block.empty());
  EXPECT_TRUE(block.add({.leaf = 9, .event = 0}, 0, 0, {Bytes(kBlockBytesMax, 'x')}));
  EXPECT_FALSE(block.add({.leaf = 9, .event = 1}, 0, 0, {}));
  EXPECT_EQ(read(block.first(), block.value()).value().size(), 1U);
}

TEST(EventBlock, ADamagedOneIsAnError) {
  const Place first{.leaf = 1, .event = 0};
  const Place last{.leaf = UINT64_MAX, .event = UINT32_MAX};
  const auto is_damaged = [](Place from, const Bytes& value) {
    const auto events = read(from, value);
    return !events && events.error().code == Code::CORRUPT;
  };
  const Bytes one("\x02\x02\x02\x00", 4);  // both times 1, one empty scope
  const Bytes same("\x00\x00\x00", 3);     // the times and scopes of the event before
  EXPECT_FALSE(is_damaged(first, one));
  EXPECT_FALSE(is_damaged(first, one + Bytes("\x00\x00", 2) + same));
  EXPECT_TRUE(is_damaged(first, ""));
  for (size_t size = 1; size < one.size(); ++size)
    EXPECT_TRUE(is_damaged(first, one.substr(0, size)));
  EXPECT_TRUE(is_damaged(first, Bytes("\x02\x02\x01", 3)));           // as it was, written out
  EXPECT_TRUE(is_damaged(first, Bytes("\x02\x02\x02\x05", 4)));       // a scope beyond the end
  EXPECT_TRUE(is_damaged(first, "\x02\x02\xff\xff\xff\xff\x7f"));     // more scopes than bytes
  EXPECT_TRUE(is_damaged(last, one + Bytes("\x00\x00", 2) + same));   // an event beyond the last
  EXPECT_TRUE(is_damaged(last, one + Bytes("\x01\x00", 2) + same));   // and a leaf
  EXPECT_TRUE(is_damaged(first, one + Bytes("\x00\xff\xff\xff\xff\x1f", 6) + same));
  Bytes many = one;
  for (size_t i = 1; i < kBlockEventsMax; ++i) many += Bytes(5, '\0');
  EXPECT_FALSE(is_damaged(first, many));
  EXPECT_TRUE(is_damaged(first, many + Bytes(5, '\0')));
}

}  // namespace
}  // namespace suyuan::epcis
