// The log's keys and bytes in etcd.
#include "ledger/order/etcd/group.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

GroupEntry example() {
  GroupEntry group{.before = mark_of("before"), .time_ms = 5, .node = "node-1", .proposals = {}};
  group.proposals = {Bytes("first"), Bytes(), Bytes(300, 'x')};
  return group;
}

TEST(LogKeys, SortAsThePositionsDo) {
  const LogKeys keys{"trace"};
  EXPECT_EQ(keys.group(7), "trace/00000000000000000007");
  EXPECT_LT(keys.group(9), keys.group(10));
  EXPECT_LT(keys.group(UINT64_MAX), keys.groups_from(0).end);
  for (const uint64_t position : {uint64_t{0}, uint64_t{41}, UINT64_MAX}) {
    EXPECT_EQ(keys.position_of(keys.group(position)), position);
  }
  for (const auto& other : {keys.identity(), keys.tail(), keys.leader(), keys.node("n")}) {
    EXPECT_FALSE(keys.position_of(other)) << other;
    const auto all = keys.groups_from(0);
    EXPECT_FALSE(other >= all.key && other < all.end) << other;
  }
  EXPECT_FALSE(keys.position_of("trace/99999999999999999999"));
  EXPECT_FALSE(keys.position_of("other/00000000000000000007"));
}

TEST(Group, ComesBackAsItWent) {
  const auto group = example();
  const Bytes bytes = encode_group(group);
  const auto back = decode_group(bytes);
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(*back, group);
  EXPECT_NE(mark_of(bytes), mark_of(encode_group({.before = {},
                                                  .time_ms = group.time_ms,
                                                  .node = group.node,
                                                  .proposals = group.proposals})));
}

TEST(Group, CutOrLengthenedIsRefused) {
  const Bytes bytes = encode_group(example());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_group(BytesView(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_group(bytes + "x"));
}

TEST(Group, WithoutProposalsOrWithTooManyIsRefused) {
  auto group = example();
  group.proposals.clear();
  Bytes bytes = encode_group(group);
  EXPECT_FALSE(decode_group(bytes));
  bytes.replace(bytes.size() - 4, 4, 4, '\xFF');
  EXPECT_FALSE(decode_group(bytes));
}

TEST(Group, OfATimeThatNoLeafCanHaveIsRefused) {
  for (const int64_t time_ms : {int64_t{-1}, int64_t{253402300800000}, INT64_MIN, INT64_MAX}) {
    auto group = example();
    group.time_ms = time_ms;
    EXPECT_FALSE(decode_group(encode_group(group))) << time_ms;
  }
}

TEST(Group, OfALaterVersionSaysThatTheProgramIsTooOld) {
  Bytes bytes = encode_group(example());
  bytes[0] = 2;
  const auto back = decode_group(bytes);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, Code::STORE_TOO_NEW);
}

TEST(LogIdentity, ComesBackAsItWent) {
  const LogIdentity identity{.ledger = mark_of("ledger"),
                             .base = {.position = 12, .mark = mark_of("base")}};
  const Bytes bytes = encode_identity(identity);
  const auto back = decode_identity(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, identity);
  EXPECT_FALSE(decode_identity(BytesView(bytes).substr(1)));
  EXPECT_FALSE(decode_place(encode_place(identity.base) + "x"));
}

}  // namespace
}  // namespace suyuan
