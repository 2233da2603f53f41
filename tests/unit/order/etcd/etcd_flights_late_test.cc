// EtcdOrder with several groups in flight: requests that etcd does later than their answer,
// refuses, or never lets win, and keys that nobody should have put there.
#include <thread>

#include "tests/unit/order/etcd/tower.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

// Those behind a lost place are under way still when all are aimed again.
TEST_F(EtcdFlightsTest, WhatIsDoneLateBehindALostPlaceAddsNothing) {
  begin(flight_options());
  warm_up();
  send_three();
  add_foreign("b 1");
  tower_.pass(0);
  ASSERT_TRUE(tower_.has(4)) << "the first is aimed again";
  tower_.pass(3);
  ASSERT_TRUE(tower_.has(5));
  EXPECT_EQ(tower_.words_of(4), (std::vector<std::string>{"word 2", "word 3"}));
  tower_.pass(1);
  tower_.pass(4);
  tower_.pass(2);
  expect_words({"b 1", "word 1", "word 2", "word 3"});
  append("word 4");
  tower_.let_pass();
  expect_words({"b 1", "word 1", "word 2", "word 3", "word 4"});
  EXPECT_EQ(order_->counts().lost, 1U);
}

// A member of etcd that was slow does what its client has given up, after the same was sent again.
TEST_F(EtcdFlightsTest, WhatIsDoneAfterItWasGivenUpIsThereOnce) {
  begin(flight_options());
  warm_up();
  send_three();
  tower_.cut_others();
  for (const size_t i : {0U, 1U, 2U}) tower_.give_up(i);
  ASSERT_TRUE(tower_.has(4)) << "the first is sent again";
  for (const size_t i : {0U, 1U, 2U}) {
    ASSERT_TRUE(eventually([&] { return tower_.is_given_up(i); }));
  }
  for (const size_t i : {1U, 0U, 1U, 2U}) tower_.run(i);
  tower_.let_pass();
  expect_words({"word 1", "word 2", "word 3"});
  EXPECT_EQ(order_->counts().lost, 0U);
}

TEST_F(EtcdFlightsTest, WhatEtcdFindsTooLargeIsRefusedAndThoseBehindItComeAgain) {
  begin(flight_options());
  warm_up();
  send_three();
  tower_.refuse(0, {.code = Code::TOO_LARGE, .message = "too large"});
  for (const size_t i : {1U, 2U}) tower_.pass(i);
  ASSERT_TRUE(tower_.has(4));
  EXPECT_EQ(tower_.words_of(3), (std::vector<std::string>{"word 2", "word 3"}));
  tower_.let_pass();
  ASSERT_TRUE(eventually([&] { return words() == std::vector<std::string>{"word 2", "word 3"}; }));
  EXPECT_EQ(follower_.reason_of("word 1").code, Code::TOO_LARGE);
  EXPECT_EQ(follower_.dropped(), 1U);
}

// Another member of etcd, with another bound, may have taken it: and then those behind it too.
TEST_F(EtcdFlightsTest, WhatIsTooLargeAfterNoAnswerMayBeThere) {
  begin(flight_options());
  warm_up();
  send_three();
  tower_.cut_others();
  tower_.give_up(0);
  ASSERT_TRUE(tower_.has(4));
  tower_.refuse(3, {.code = Code::TOO_LARGE, .message = "too large"});
  ASSERT_TRUE(eventually([&] { return follower_.dropped() == 3; }));
  for (const char* word : {"word 1", "word 2", "word 3"}) {
    EXPECT_EQ(follower_.reason_of(word).code, Code::BUSY) << word;
  }
  for (const size_t i : {0U, 1U, 2U}) tower_.run(i);
  tower_.let_pass();
  EXPECT_TRUE(eventually([&] { return words().size() == 3; })) << "they were in the log";
  EXPECT_EQ(follower_.own(), 2U);
}

TEST_F(EtcdFlightsTest, AFullEtcdIsAskedAgainForTheFirstAndThoseBehindItWait) {
  begin(flight_options());
  warm_up();
  send_three();
  tower_.refuse(1, {.code = Code::BUSY, .message = "no space"});
  EXPECT_TRUE(tower_.stays_at(3));
  tower_.pass(2);
  tower_.pass(0);
  ASSERT_TRUE(tower_.has(5));
  EXPECT_EQ(tower_.words_of(3), std::vector<std::string>{"word 2"});
  tower_.let_pass();
  expect_words({"word 1", "word 2", "word 3"});
}

// A key that is no group's may be deleted again: then the same bytes land, and those behind them.
TEST_F(EtcdFlightsTest, AKeyThatIsNoGroupsHoldsUpWhatIsInFlightUntilItIsDeleted) {
  begin(flight_options());
  warm_up();
  tower_.cut_others();  // or the watch brings it
  const LogKeys keys{kFlightLog};
  etcd_.txn({.then = {KvPut{.key = keys.group(3), .value = "of nobody"}}});
  send_three();
  for (const size_t i : {0U, 1U, 2U}) tower_.pass(i);
  ASSERT_TRUE(tower_.has(4));
  EXPECT_EQ(tower_.words_of(3), std::vector<std::string>{"word 1"});
  etcd_.txn({.then = {KvDelete{.key = keys.group(3)}}});
  tower_.let_pass();
  expect_words({"word 1", "word 2", "word 3"});
  EXPECT_GE(order_->counts().lost, 1U);
}

// Next to nodes that are nearer to etcd a group may never win.
TEST_F(EtcdFlightsTest, WhatLosesAlwaysIsGivenBackInTime) {
  auto with = flight_options();
  with.patience = 100ms;
  begin(std::move(with));
  warm_up();
  append("word 1");
  for (size_t i = 0; follower_.dropped() == 0; ++i) {
    ASSERT_TRUE(eventually([&] { return tower_.count() > i || follower_.dropped() > 0; }));
    if (tower_.count() <= i) break;
    add_foreign("b " + std::to_string(i));
    tower_.pass(i);
  }
  EXPECT_EQ(follower_.reason_of("word 1").code, Code::BUSY);
  append("word 2");
  tower_.let_pass();
  EXPECT_TRUE(eventually([&] { return !words().empty() && words().back() == "word 2"; }));
}

TEST_F(EtcdFlightsTest, WhatWaitsWhenTheTimeToStopIsOverIsNotProposed) {
  auto with = flight_options();
  with.drain = 50ms;
  begin(std::move(with));
  warm_up();
  send_three();
  append("word 4");
  std::jthread stopping([&] { order_->stop(); });
  wait_until_it_stops();
  std::this_thread::sleep_for(100ms);
  for (const size_t i : {0U, 1U, 2U}) tower_.pass(i);
  stopping.join();
  EXPECT_EQ(tower_.count(), 3U);
  EXPECT_EQ(words(), (std::vector<std::string>{"word 1", "word 2", "word 3"}));
  EXPECT_EQ(follower_.reason_of("word 4").code, Code::STOPPING);
}

}  // namespace
}  // namespace suyuan::test
