// A group's time is what a majority of the nodes' clocks say, whoever proposed it: one that lies
// holds nobody up, and sets log time no further ahead than by seconds.
#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

constexpr int64_t kHour = 60 * 60 * 1000;

class EtcdClocksTest : public EtcdOrderFixture {
 protected:
  static ClockWord says(const std::string& node, int64_t time_ms) {
    ClockWord word{.node = node, .time_ms = time_ms};
    word.signature = sign(key_of_node(node).secret, signed_clock(identity().ledger, kLog, word));
    return word;
  }
  std::unique_ptr<Node> of_several(const std::string& name, size_t majority,
                                   int64_t clock = 1000) const {
    auto with = options(name);
    with.majority = [majority] { return majority; };
    with.clock = [clock] { return clock; };
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
}

TEST_F(EtcdClocksTest, NoClockCountsTwice) {
  const auto reader = of_several("a", 3);
  const auto lie = says("late", 1000 + kHour);
  EXPECT_EQ(time_with(*reader, {lie, lie}), 0);
  EXPECT_EQ(time_with(*reader, {lie, says("gap", 2000)}), 2000 + kClockSlackMs);
}

TEST_F(EtcdClocksTest, WhoProposesComesToTheSameTimeAsTheOthers) {
  const auto right = of_several("b", 2);
  // As it heard nobody, time stands still.
  append(*right, "b 1");
  ASSERT_TRUE(eventually([&] { return right->follower.words() == 1; }));
  EXPECT_EQ(right->follower.groups().front().time_ms, 0);
  const auto ahead = of_several("a", 2, 1000 + kHour);
  append(*ahead, "a 1");
  for (const auto* node : {right.get(), ahead.get()}) {
    ASSERT_TRUE(eventually([&] { return node->follower.words() == 2; }));
    EXPECT_EQ(node->follower.groups().back().time_ms, 1000 + kClockSlackMs);
  }
  append(*right, "b 2");
  for (const auto* node : {right.get(), ahead.get()}) {
    ASSERT_TRUE(eventually([&] { return node->follower.words() == 3; }));
    EXPECT_EQ(node->follower.groups().back().time_ms, 1000) << "of its own clock";
  }
}

}  // namespace
}  // namespace suyuan::test
