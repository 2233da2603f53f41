// Flights: how many may be in flight, and which of them an answer belongs to.
#include "ledger/order/etcd/flights.h"

#include <gtest/gtest.h>

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

class FlightsTest : public ::testing::Test {
 protected:
  Flight& add(Flights& flights, bool barrier = false) {
    Flight flight;
    flight.at.position = ++position_;
    flight.barrier = barrier;
    Flight& added = flights.add(std::move(flight), now_);
    sending_ = flights.sent(added);
    return added;
  }
  bool may_add(const Flights& flights) const {
    const auto at = flights.next_at();
    return at && now_ >= *at;
  }
  // One after the other, so that the window is as wide as it gets.
  void widen(Flights& flights) {
    for (int i = 0; i < 10; ++i) {
      add(flights);
      flights.landed(now_);
    }
  }

  Flight::Time now_ = Flight::Time() + 1h;
  uint64_t position_ = 0;
  uint64_t sending_ = 0;
};

TEST_F(FlightsTest, TheWindowGrowsByOneForEachThatLandedAndFallsToOne) {
  Flights flights(3, 0ms);
  EXPECT_EQ(flights.window(), 1U);
  add(flights);
  EXPECT_FALSE(may_add(flights));
  flights.landed(now_);
  EXPECT_EQ(flights.window(), 2U);
  add(flights);
  EXPECT_TRUE(may_add(flights));
  widen(flights);
  EXPECT_EQ(flights.window(), 3U) << "its bound";
  flights.fall_back();
  EXPECT_EQ(flights.window(), 1U);
}

TEST_F(FlightsTest, OneMoreFollowsAfterTheGapSinceTheYoungestLeft) {
  Flights flights(8, 5ms);
  widen(flights);
  add(flights);
  ASSERT_TRUE(flights.next_at());
  EXPECT_EQ(*flights.next_at(), now_ + 5ms);
  now_ += 5ms;
  add(flights);
  EXPECT_EQ(*flights.next_at(), now_ + 5ms);
}

TEST_F(FlightsTest, NothingFollowsABarrierOrWhatMustBeSentAgain) {
  Flights flights(8, 0ms);
  widen(flights);
  add(flights, true);
  EXPECT_FALSE(may_add(flights)) << "a barrier";
  flights.landed(now_);
  Flight& first = add(flights);
  Flight& second = add(flights);
  EXPECT_TRUE(may_add(flights));
  flights.answered(sending_, KvAnswer{.held = false});
  EXPECT_TRUE(second.is_open());
  EXPECT_FALSE(may_add(flights)) << "it came before the first";
  flights.sent(second);
  EXPECT_FALSE(may_add(flights)) << "it is sent again";
  flights.landed(now_);
  flights.landed(now_);
  EXPECT_TRUE(flights.empty());
  add(flights);
  EXPECT_TRUE(may_add(flights));
  flights.pause_until(now_ + 1s);
  EXPECT_FALSE(may_add(flights)) << "the first had no answer";
  (void)first;
}

TEST_F(FlightsTest, AnAnswerBelongsToTheLastSendingOnly) {
  Flights flights(8, 0ms);
  Flight& first = add(flights);
  const uint64_t before = sending_;
  const uint64_t after = flights.sent(first);
  flights.answered(before, KvAnswer{.held = true});
  EXPECT_FALSE(flights.is_answered());
  flights.answered(after, fail(Code::UNAVAILABLE, "lost"));
  EXPECT_TRUE(flights.is_answered());
  flights.pause_until(now_);
  EXPECT_FALSE(flights.is_answered()) << "it was looked at";
  flights.remove_first(now_);
  flights.answered(after, KvAnswer{.held = true});
  EXPECT_TRUE(flights.empty());
}

TEST_F(FlightsTest, OnlyTheFirstIsSentBehindAKnownPlace) {
  Flights flights(8, 0ms);
  widen(flights);
  Flight& first = add(flights);
  Flight& second = add(flights);
  EXPECT_TRUE(first.behind_known);
  EXPECT_FALSE(second.behind_known);
  flights.landed(now_);
  EXPECT_FALSE(second.behind_known) << "it was sent before";
  flights.sent(second);
  EXPECT_TRUE(second.behind_known);
}

TEST_F(FlightsTest, ThoseBehindTheFirstAreRemovedInTheirOrder) {
  Flights flights(8, 0ms);
  widen(flights);
  for (int i = 0; i < 4; ++i) add(flights);
  const auto behind = flights.remove_behind();
  ASSERT_EQ(behind.size(), 3U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(behind[i].at.position, position_ - 2 + i);
  EXPECT_EQ(flights.size(), 1U);
  EXPECT_EQ(flights.first().at.position, position_ - 3);
}

// Another node, which sees each group late, would never find the log's end at rest.
TEST_F(FlightsTest, AfterARunAllMustLandAndNothingLeavesForTheTimeOfAFlight) {
  Flights flights(4, 0ms);
  widen(flights);
  add(flights);
  size_t left = 1;
  while (may_add(flights)) {
    add(flights);
    ++left;
    flights.landed(now_);
  }
  EXPECT_EQ(left, 16U);
  now_ += 40ms;
  while (!flights.empty()) flights.landed(now_);
  EXPECT_FALSE(may_add(flights));
  now_ += 40ms;
  EXPECT_TRUE(may_add(flights));
  add(flights);
  EXPECT_TRUE(may_add(flights)) << "a new run";
}

TEST_F(FlightsTest, OneAtATimeIsNoRunAndNoneForAMomentIsNoRest) {
  Flights flights(2, 0ms);
  widen(flights);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(may_add(flights)) << "one at a time never rests";
    add(flights);
    now_ += 40ms;
    flights.landed(now_);
  }
  size_t behind = 0;
  for (int i = 0; i < 100 && may_add(flights); ++i) {
    add(flights);
    add(flights);
    ++behind;
    now_ += 40ms;
    flights.landed(now_);
    flights.landed(now_);
  }
  EXPECT_EQ(behind, 7U);
  now_ += 40ms;
  EXPECT_TRUE(may_add(flights));
}

}  // namespace
}  // namespace suyuan::test
