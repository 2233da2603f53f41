// The sealer: one seal in flight, none without something new, none by itself without an interval.
#include "node/pipeline/sealer.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

class SealerTest : public ::testing::Test {
 protected:
  Sealer& sealer(std::chrono::milliseconds interval,
                 std::chrono::milliseconds idle = std::chrono::milliseconds(0)) {
    sealer_.emplace(Sealer::Parts{.io = io_,
                                  .interval = interval,
                                  .idle = idle,
                                  .order_seal = [this]() -> Result<Done> {
                                    ++ordered_;
                                    if (ended_) return fail(Code::STOPPING, "no more");
                                    if (busy_) return fail(Code::BUSY, "no answer");
                                    return Done{};
                                  },
                                  .patience = patience_});
    return *sealer_;
  }
  void grow(uint64_t leaves, uint64_t seal) {
    LedgerHead head;
    head.leaves = leaves;
    head.seal = seal;
    sealer_->grown(head);
    poll();
  }
  void publish() {
    sealer_->published();
    poll();
  }
  // What is due now, without waiting for any timer.
  void poll() {
    io_.restart();
    io_.poll();
  }
  void run_timers() {
    io_.restart();
    io_.run();
  }

  boost::asio::io_context io_;
  std::optional<Sealer> sealer_;
  int ordered_ = 0;
  bool ended_ = false;
  bool busy_ = false;
  std::function<std::chrono::milliseconds()> patience_;  // null: this node is alone
};

constexpr auto kLong = std::chrono::hours(1);
constexpr auto kShort = std::chrono::milliseconds(1);

TEST_F(SealerTest, OrdersASealAtOnceAfterAQuietTime) {
  sealer(kLong);
  grow(1, 0);
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, OrdersNoneWhereTheLastLeafIsASeal) {
  sealer(kLong);
  grow(2, 1);
  EXPECT_EQ(ordered_, 0);
}

TEST_F(SealerTest, WaitsForTheOneInFlight) {
  sealer(kShort);
  grow(1, 0);
  grow(2, 0);
  grow(3, 2);
  grow(4, 2);
  run_timers();
  EXPECT_EQ(ordered_, 1);
  publish();
  run_timers();
  EXPECT_EQ(ordered_, 2);
}

TEST_F(SealerTest, WaitsForTheInterval) {
  sealer(kLong);
  grow(1, 0);
  grow(2, 1);
  publish();
  grow(3, 1);
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, WaitsForASealThatWasInFlightAtTheStart) {
  sealer(kLong).resume(kShort, true);
  grow(3, 1);
  EXPECT_EQ(ordered_, 0);
  publish();
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, BesideANodeThatLeadsItWaitsLongerAndThenSealsItself) {
  auto patience = std::chrono::milliseconds(kLong);
  patience_ = [&patience] { return patience; };
  sealer(kShort);
  grow(1, 0);
  EXPECT_EQ(ordered_, 0);
  patience = kShort;  // this one leads now, or nearly
  grow(2, 0);
  run_timers();
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, CountsTheIntervalFromAnotherNodesSealToo) {
  patience_ = [] { return std::chrono::milliseconds(0); };
  sealer(kLong);
  grow(2, 1);  // another's
  grow(3, 1);
  EXPECT_EQ(ordered_, 0);
}

TEST_F(SealerTest, TriesAgainWhenTheOrderIsBusyOrLostIt) {
  patience_ = [] { return std::chrono::milliseconds(0); };
  busy_ = true;
  sealer(std::chrono::milliseconds(100));  // long enough that it is not due again in one poll
  grow(1, 0);
  EXPECT_EQ(ordered_, 1);
  busy_ = false;
  run_timers();
  EXPECT_EQ(ordered_, 2);
  sealer_->lost();
  run_timers();
  EXPECT_EQ(ordered_, 3);
}

TEST_F(SealerTest, WithoutAnIntervalSealsOnDemandAlone) {
  sealer(std::chrono::milliseconds(0));
  grow(2, 0);
  EXPECT_EQ(ordered_, 0);
  sealer_->demand();
  EXPECT_EQ(ordered_, 1);
  sealer_->demand();
  EXPECT_EQ(ordered_, 1) << "one is in flight";
  grow(3, 2);
  publish();
  EXPECT_EQ(ordered_, 1) << "all that was asked for is sealed";
  sealer_->demand();
  EXPECT_EQ(ordered_, 1) << "nothing came";
  grow(4, 2);
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, SealsWhatCameWhileItSealedForWhoAsksForIt) {
  sealer(std::chrono::milliseconds(0));
  grow(2, 0);
  sealer_->demand();
  grow(4, 2);
  sealer_->demand();
  publish();
  EXPECT_EQ(ordered_, 2);
}

TEST_F(SealerTest, SealsAfterTheIdleTimeWhatHasNotGrown) {
  sealer(kLong, kShort);
  grow(2, 1);
  run_timers();
  EXPECT_EQ(ordered_, 1);
  run_timers();
  EXPECT_EQ(ordered_, 1) << "one is in flight";
}

TEST_F(SealerTest, CountsTheIdleTimeFromTheLastLeafBeforeTheStart) {
  sealer(kLong, kLong).resume(kLong, false);
  grow(2, 1);
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, WithoutAnIntervalHasNoIdleTime) {
  sealer(std::chrono::milliseconds(0), kShort).resume(kLong, false);
  grow(2, 1);
  run_timers();
  EXPECT_EQ(ordered_, 0);
}

TEST_F(SealerTest, SealsWhatComesInAQuietTimeWithoutWaitingForItsEnd) {
  sealer(kLong, kLong);
  grow(2, 1);
  EXPECT_EQ(ordered_, 0);
  grow(3, 1);
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, EndsWithTheOrder) {
  ended_ = true;
  sealer(kShort);
  grow(1, 0);
  grow(2, 0);
  run_timers();
  EXPECT_EQ(ordered_, 1);
}

TEST_F(SealerTest, StopsForGood) {
  sealer(kShort).stop();
  grow(1, 0);
  EXPECT_EQ(ordered_, 0);
}

}  // namespace
}  // namespace suyuan
