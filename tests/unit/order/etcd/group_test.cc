// The log's keys and bytes in etcd.
#include "ledger/order/etcd/group.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

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
  EXPECT_FALSE(keys.position_of("trace.00000000000000000007"));
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

// Nobody has signed it when it is decoded: it must not take many times its own bytes.
TEST(Group, OfMoreProposalsThanAnyNodeOrdersKeepsTheirNumberOnly) {
  GroupEntry group = example();
  group.proposals.assign(limits::kGroupBatchesMax, Bytes());
  const auto largest = decode_group(encode_group(group));
  ASSERT_TRUE(largest) << to_text(largest.error());
  EXPECT_EQ(*largest, group);
  group.proposals.emplace_back();
  const auto larger = decode_group(encode_group(group));
  ASSERT_TRUE(larger) << to_text(larger.error());
  EXPECT_TRUE(larger->proposals.empty());
  EXPECT_EQ(larger->too_many, limits::kGroupBatchesMax + 1);
  EXPECT_EQ(larger->node, group.node);
}

// What a program of this version wrote, every later one reads: see group.h.
TEST(Group, HasTheseBytes) {
  const GroupEntry group{.judging = 0x0102,
                         .before = Hash::from(Bytes(Hash::kSize, 'B')),
                         .time_ms = 5,
                         .node = "n1",
                         .proposals = {"ab", ""},
                         .clocks = {{.node = "n2",
                                     .position = 6,
                                     .time_ms = 7,
                                     .signature = Signature::from(Bytes(Signature::kSize, 'C'))}},
                         .signature = Signature::from(Bytes(Signature::kSize, 'S'))};
  const Bytes bytes = encode_group(group);
  EXPECT_EQ(to_hex(bytes),
            "04" "0102" + to_hex(Bytes(32, 'B')) + "8000000000000005" "000000026e31"
            "00000002" "000000026162" "00000000"
            "01" "000000026e32" "0000000000000006" "8000000000000007" + to_hex(Bytes(64, 'C')) +
            to_hex(Bytes(64, 'S')));
  EXPECT_EQ(to_hex(signed_text(Signed::group, mark_of("ledger"), "trace", bytes)),
            "73757975616e2f6f726465722f7369676e65642f67726f75702f76320a2e295c4da431ed996c4a"
            "47dc15a7b1ae375c989e44938aee056b192f7ef14678");
  EXPECT_EQ(to_hex(mark_of(bytes).view()),
            "a79567c9346e5f3024845f8ee627c414885f4f9481bfd8670e14b9e0b0d6d383");
  EXPECT_EQ(*decode_group(bytes), group);
}

TEST(Group, IsSignedForItsLogAndItsLedgerAlone) {
  const Bytes bytes = encode_group(example());
  const auto text = signed_text(Signed::group, mark_of("ledger"), "trace", bytes);
  EXPECT_NE(text, signed_text(Signed::told, mark_of("ledger"), "trace", bytes));
  EXPECT_NE(text, signed_text(Signed::group, mark_of("another"), "trace", bytes));
  EXPECT_NE(text, signed_text(Signed::group, mark_of("ledger"), "other", bytes));
  Bytes with_signature = bytes;
  set_signature(with_signature, Signature::from(Bytes(Signature::kSize, 'S')));
  EXPECT_EQ(text, signed_text(Signed::group, mark_of("ledger"), "trace", with_signature));
  EXPECT_NE(mark_of(bytes), mark_of(with_signature));
}

TEST(Told, ComesBackAsItWentAndCutIsRefused) {
  const Told told{.at = {.position = 12, .mark = mark_of("at")},
                  .generation = {.position = 7, .mark = mark_of("base")},
                  .time_ms = 9,
                  .clock = Signature::from(Bytes(Signature::kSize, 'C')),
                  .note = "note",
                  .signature = Signature::from(Bytes(Signature::kSize, 'S'))};
  const Bytes bytes = encode_told(told);
  EXPECT_EQ(to_hex(bytes), "04000000000000000c" + to_hex(mark_of("at").view()) +
                           "0000000000000007" + to_hex(mark_of("base").view()) +
                           "8000000000000009" + to_hex(Bytes(64, 'C')) +
                           to_hex(std::string("note")) + to_hex(Bytes(64, 'S')));
  ASSERT_TRUE(decode_told(bytes));
  EXPECT_EQ(*decode_told(bytes), told);
  EXPECT_FALSE(decode_told(BytesView(bytes).substr(0, 216)));
  EXPECT_FALSE(decode_told(""));
}

TEST(AgreedTime, IsTheProposersWhereAMajorityOfClocksIsAboutThere) {
  EXPECT_EQ(agreed_time(5'000'000, {}, 1), 5'000'000) << "alone";
  EXPECT_EQ(agreed_time(5'000'000, {4'999'000}, 2), 5'000'000);
  EXPECT_EQ(agreed_time(5'000'000, {1'000, 9'000'000}, 2), 5'000'000);
  EXPECT_EQ(agreed_time(5'000'000, {9'000'000}, 2), 5'000'000) << "it never goes beyond it";
}

TEST(AgreedTime, IsThatOfAMajorityAndABitForWhoIsAhead) {
  EXPECT_EQ(agreed_time(5'000'000, {1'000'000}, 2), 1'000'000 + kClockSlackMs);
  EXPECT_EQ(agreed_time(5'000'000, {1'000'000, 2'000'000}, 2), 2'000'000 + kClockSlackMs);
  EXPECT_EQ(agreed_time(5'000'000, {2'000'000, 1'000'000}, 3), 1'000'000 + kClockSlackMs);
}

TEST(AgreedTime, StandsStillWhereTooFewClocksAreThere) {
  EXPECT_EQ(agreed_time(5'000'000, {}, 2), 0);
  EXPECT_EQ(agreed_time(5'000'000, {5'000'000}, 3), 0);
  EXPECT_EQ(agreed_time(5'000'000, {}, 0), 0);
}

TEST(SignedClock, IsForItsLogLedgerNodePositionAndTimeAlone) {
  const ClockWord word{.node = "n2", .position = 6, .time_ms = 7};
  const auto text = signed_clock(mark_of("ledger"), "trace", word);
  EXPECT_EQ(to_hex(text),
            "73757975616e2f6f726465722f7369676e65642f636c6f636b2f76320a5ed9bab27934a32fbab43a"
            "2c03c92953b87252859b00b9bc5686ba1a369a16b7");
  EXPECT_NE(text, signed_clock(mark_of("another"), "trace", word));
  EXPECT_NE(text, signed_clock(mark_of("ledger"), "other", word));
  for (const ClockWord& other : {ClockWord{.node = "n", .position = 6, .time_ms = 7},
                                 ClockWord{.node = "n2", .position = 5, .time_ms = 7},
                                 ClockWord{.node = "n2", .position = 6, .time_ms = 8}}) {
    EXPECT_NE(text, signed_clock(mark_of("ledger"), "trace", other));
  }
}

TEST(ClockWord, IsOfAPlaceBehindWhatItsNodeHadAndNoFurtherThanItCounts) {
  const auto at = [](uint64_t position, uint64_t group) {
    return is_of_place({.node = "n", .position = position}, group);
  };
  EXPECT_TRUE(at(6, 7));
  EXPECT_FALSE(at(7, 7)) << "it had reached a group that was not there";
  EXPECT_FALSE(at(8, 7));
  EXPECT_TRUE(at(0, kClockGroupsMax));
  EXPECT_FALSE(at(0, kClockGroupsMax + 1));
  EXPECT_TRUE(at(UINT64_MAX - 1, UINT64_MAX));
  EXPECT_FALSE(at(UINT64_MAX, 1)) << "nothing turns over";
}

TEST(Place, ThatNothingCanComeAfterIsRefused) {
  EXPECT_FALSE(decode_place(encode_place({.position = UINT64_MAX, .mark = {}})));
  EXPECT_TRUE(decode_place(encode_place({.position = UINT64_MAX - 1, .mark = {}})));
}

TEST(Group, CutOrLengthenedIsRefused) {
  auto group = example();
  group.clocks = {{.node = "a", .position = 1, .time_ms = 1}, {.node = "b", .time_ms = 2}};
  const Bytes bytes = encode_group(group);
  EXPECT_EQ(*decode_group(bytes), group);
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
  bytes.replace(bytes.size() - 5 - Signature::kSize, 4, 4, '\xFF');
  EXPECT_FALSE(decode_group(bytes));
}

TEST(Group, OfATimeThatNoLeafCanHaveIsRefused) {
  for (const int64_t time_ms : {int64_t{-1}, int64_t{253402300800000}, INT64_MIN, INT64_MAX}) {
    auto group = example();
    group.time_ms = time_ms;
    EXPECT_FALSE(decode_group(encode_group(group))) << time_ms;
  }
}

// A node's key would else stop all nodes. That it counts nowhere: ClockWords.
TEST(Group, WithAClockOfATimeThatNoLeafCanHaveIsRead) {
  for (const int64_t time_ms : {int64_t{-1}, int64_t{253402300800000}, INT64_MIN, INT64_MAX}) {
    auto group = example();
    group.clocks = {{.node = "a", .position = 1, .time_ms = time_ms}};
    const auto back = decode_group(encode_group(group));
    ASSERT_TRUE(back) << time_ms;
    EXPECT_EQ(*back, group);
    EXPECT_FALSE(is_clock_time(time_ms));
  }
}

TEST(Group, WithMoreClocksThanALedgerHasOtherNodesIsRefused) {
  auto group = example();
  group.clocks.resize(kClocksMax);
  Bytes bytes = encode_group(group);
  EXPECT_TRUE(decode_group(bytes));
  const size_t of_one = 4 + 8 + 8 + Signature::kSize;
  const size_t count_at = bytes.size() - Signature::kSize - kClocksMax * of_one - 1;
  ASSERT_EQ(static_cast<size_t>(bytes[count_at]), kClocksMax);
  bytes[count_at] = static_cast<char>(kClocksMax + 1);
  bytes.insert(count_at + 1, Bytes(of_one, '\0'));
  EXPECT_FALSE(decode_group(bytes));
}

TEST(Group, OfALaterVersionSaysThatTheProgramIsTooOld) {
  Bytes bytes = encode_group(example());
  bytes[0] = 5;
  const auto back = decode_group(bytes);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, Code::STORE_TOO_NEW);
  bytes[0] = 3;
  const auto old = decode_group(bytes);
  ASSERT_FALSE(old);
  EXPECT_NE(old.error().message.find("new log"), std::string::npos);
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
