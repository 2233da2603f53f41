// A group's time is what a majority of the nodes' clocks say, whoever proposed it: one that lies
// holds nobody up, and sets log time no further ahead than by seconds.
#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

constexpr int64_t kHour = 60 * 60 * 1000;

class EtcdClocksTest : public EtcdOrderFixture {
 protected:
  static ClockWord says(const std::string& node, int64_t time_ms, uint64_t position = 0) {
    ClockWord word{.node = node, .position = position, .time_ms = time_ms};
    word.signature = sign(key_of_node(node).secret, signed_clock(identity().ledger, kLog, word));
    return word;
  }
  std::unique_ptr<Node> of_several(const std::string& name, size_t majority,
                                   int64_t clock = 1000) const {
    auto with = options(name);
    with.majority = [majority] { return majority; };
    // It goes on: a node that says the same for long is not heard.
    with.clock = [clock, asked = std::make_shared<std::atomic<int64_t>>(0)] {
      return clock + ++*asked;
    };
    return std::make_unique<Node>(std::move(with), kv(), identity().base);
  }
  // The time that a group with these clocks gets, which says that it is an hour ahead.
  int64_t time_with(const Node& reader, const std::vector<ClockWord>& clocks) {
    const size_t before = reader.follower.groups().size();
    add_group({.time_ms = 1000 + kHour, .node = "b", .proposals = {"b"}, .clocks = clocks});
    EXPECT_TRUE(eventually([&] { return reader.follower.groups().size() > before; }))
        << "it is held";
    EXPECT_EQ(reader.order.silence(), "");
    return reader.follower.groups().back().time_ms;
  }
};

TEST_F(EtcdClocksTest, WhoLiesAboutTimeSetsItNoFurtherThanAMajoritySaysAndHoldsNobodyUp) {
  const auto reader = of_several("a", 2);
  EXPECT_EQ(time_with(*reader, {says("late", 2000)}), 2000 + kClockSlackMs);
  EXPECT_EQ(time_with(*reader, {says("late", 1500), says("gap", 2500)}), 2500 + kClockSlackMs);
  EXPECT_EQ(time_with(*reader, {says("late", 2000)}), 2000 + kClockSlackMs) << "the same again";
}

TEST_F(EtcdClocksTest, WithTooFewClocksLogTimeStandsStillAndTheLogGoesOn) {
  const auto reader = of_several("a", 2);
  EXPECT_EQ(time_with(*reader, {}), 0);
  EXPECT_EQ(time_with(*reader, {says("b", 1000 + kHour)}), 0) << "its own once more";
  EXPECT_EQ(time_with(*reader, {says("stranger", 1000 + kHour)}), 0) << "of nobody";
  ClockWord false_word = says("late", 2000);
  false_word.time_ms = 1000 + kHour;
  EXPECT_EQ(time_with(*reader, {false_word}), 0) << "not what was signed";
  false_word = says("late", 1000 + kHour);
  false_word.node = "gap";
  EXPECT_EQ(time_with(*reader, {false_word}), 0) << "of another";
  EXPECT_EQ(time_with(*reader, {says("late", 2000, 1000)}), 0) << "of a place further on";
  EXPECT_EQ(time_with(*reader, {says("late", INT64_MAX)}), 0) << "of no time";
}

TEST_F(EtcdClocksTest, NoClockCountsTwice) {
  const auto reader = of_several("a", 3);
  const auto lie = says("late", 1000 + kHour);
  EXPECT_EQ(time_with(*reader, {lie, lie}), 0);
  EXPECT_EQ(time_with(*reader, {lie, says("gap", 2000)}), 2000 + kClockSlackMs);
}

TEST_F(EtcdClocksTest, WhoProposesComesToTheSameTimeAsTheOthers) {
  const auto right = of_several("b", 2);
  const auto is_about = [](int64_t time_ms, int64_t expected) {
    return time_ms >= expected && time_ms < expected + 10'000;
  };
  // As it heard nobody, time stands still.
  append(*right, "b 1");
  ASSERT_TRUE(eventually([&] { return right->follower.words() == 1; }));
  EXPECT_EQ(right->follower.groups().front().time_ms, 0);
  EXPECT_EQ(right->order.clocks_missing(), 1U);
  const auto ahead = of_several("a", 2, 1000 + kHour);
  ASSERT_TRUE(eventually([&] {
    return ahead->order.clocks_missing() == 0 && right->order.clocks_missing() == 0;
  }));
  append(*ahead, "a 1");
  for (const auto* node : {right.get(), ahead.get()}) {
    ASSERT_TRUE(eventually([&] { return node->follower.words() == 2; }));
    EXPECT_PRED2(is_about, node->follower.groups().back().time_ms, 1000 + kClockSlackMs);
  }
  append(*right, "b 2");
  for (const auto* node : {right.get(), ahead.get()}) {
    ASSERT_TRUE(eventually([&] { return node->follower.words() == 3; }));
    EXPECT_PRED2(is_about, node->follower.groups().back().time_ms, 1000) << "of its own clock";
  }
  EXPECT_EQ(right->follower.groups(), ahead->follower.groups());
}

// As one that died, or whose clock was wrong before it did.
TEST_F(EtcdClocksTest, WhatANodeSaidBeforeItWentAwayMovesNoTimeLater) {
  auto gone = of_several("late", 2, 1000 + kHour);
  const auto here = of_several("b", 2);
  ASSERT_TRUE(eventually([&] { return here->order.clocks_missing() == 0; }));
  gone.reset();
  ASSERT_TRUE(eventually([&] { return here->order.clocks_missing() == 1; }));
  append(*here, "b 1");
  ASSERT_TRUE(eventually([&] { return here->follower.words() == 1; }));
  EXPECT_EQ(here->follower.groups().back().time_ms, 0);
  const auto back = of_several("a", 2, 1000 + 2 * kHour);  // it finds that word in etcd
  append(*back, "a 1");
  ASSERT_TRUE(eventually([&] { return here->follower.words() == 2; }));
  EXPECT_LT(here->follower.groups().back().time_ms, 20'000) << "b says what time it is";
}

}  // namespace
}  // namespace suyuan::test
