// EtcdOrder with several groups in flight, on an etcd in memory: whatever comes first, is lost or
// is not answered, each proposal is in the log once and in its order, and no healthy node stops.
#include <thread>

#include "tests/unit/order/etcd/tower.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

TEST_F(EtcdFlightsTest, SeveralAreInFlightAtOnceUpToTheBoundAndLandInTheirOrder) {
  begin(flight_options());
  warm_up();
  send_three();
  append("word 4");
  EXPECT_TRUE(tower_.stays_at(3)) << "three at most";
  for (const size_t i : {0U, 1U, 2U}) tower_.run(i);
  for (const size_t i : {2U, 1U}) tower_.answer(i);
  EXPECT_TRUE(tower_.stays_at(3));
  tower_.answer(0);
  ASSERT_TRUE(tower_.has(4));
  tower_.pass(3);
  expect_words({"word 1", "word 2", "word 3", "word 4"});
  EXPECT_EQ(follower_.own(), 6U) << "the same objects";
  EXPECT_EQ(order_->counts().lost + order_->counts().unknown, 0U);
}

TEST_F(EtcdFlightsTest, WhatComesBeforeTheOneInFrontOfItIsSentAgainBehindIt) {
  begin(flight_options());
  warm_up();
  send_three();
  for (const size_t i : {2U, 1U}) tower_.pass(i);
  append("word 4");
  EXPECT_TRUE(tower_.stays_at(3)) << "the first was not answered: theirs say nothing";
  tower_.pass(0);
  ASSERT_TRUE(tower_.has(5));
  EXPECT_EQ(tower_.words_of(3), std::vector<std::string>{"word 2"});
  EXPECT_EQ(tower_.words_of(4), std::vector<std::string>{"word 3"});
  tower_.pass(4);  // it comes too early once more
  tower_.pass(3);
  ASSERT_TRUE(tower_.has(6));
  EXPECT_EQ(tower_.words_of(5), std::vector<std::string>{"word 3"});
  tower_.let_pass();
  expect_words({"word 1", "word 2", "word 3", "word 4"});
  EXPECT_EQ(order_->counts().lost, 0U);
}

TEST_F(EtcdFlightsTest, BehindALostPlaceAllComeAgainInOrderAndOneIsInFlight) {
  begin(flight_options());
  warm_up();
  send_three();
  add_foreign("b 1");
  for (const size_t i : {0U, 1U, 2U}) tower_.pass(i);
  ASSERT_TRUE(tower_.has(4));
  EXPECT_EQ(tower_.words_of(3), std::vector<std::string>{"word 1"});
  append("word 4");
  EXPECT_TRUE(tower_.stays_at(4)) << "the window is one";
  tower_.pass(3);
  ASSERT_TRUE(tower_.has(5));
  EXPECT_EQ(tower_.words_of(4), (std::vector<std::string>{"word 2", "word 3", "word 4"}))
      << "what waits makes one group";
  append("word 5");
  ASSERT_TRUE(tower_.has(6)) << "one was added, so two may be in flight";
  append("word 6");
  EXPECT_TRUE(tower_.stays_at(6));
  tower_.let_pass();
  expect_words({"b 1", "word 1", "word 2", "word 3", "word 4", "word 5", "word 6"});
  EXPECT_EQ(order_->counts().lost, 1U);
  EXPECT_EQ(follower_.own(), 8U);
}

TEST_F(EtcdFlightsTest, AnotherNodesGroupTakesTheWindowBackToOne) {
  begin(flight_options());
  warm_up();
  add_foreign("b 1");
  ASSERT_TRUE(eventually([&] { return follower_.words() == 3; }));
  append("word 1");
  ASSERT_TRUE(tower_.has(1));
  append("word 2");
  EXPECT_TRUE(tower_.stays_at(1));
  tower_.let_pass();
  expect_words({"b 1", "word 1", "word 2"});
}

TEST_F(EtcdFlightsTest, AFirstWithoutAnAnswerIsSentAgainAndThoseBehindItWait) {
  begin(flight_options());
  warm_up();
  send_three();
  tower_.cut_others();  // or the watch tells
  for (const size_t i : {0U, 1U, 2U}) tower_.run(i);
  tower_.lose_answer(0);
  tower_.answer(1);
  tower_.lose_answer(2);
  ASSERT_TRUE(tower_.has(4));
  EXPECT_EQ(tower_.words_of(3), std::vector<std::string>{"word 1"});
  append("word 4");
  EXPECT_TRUE(tower_.stays_at(4)) << "nothing leaves behind one that is sent again";
  tower_.let_pass();
  expect_words({"word 1", "word 2", "word 3", "word 4"});
  EXPECT_EQ(order_->counts().lost, 0U);
  EXPECT_GE(order_->counts().unknown, 2U);
}

TEST_F(EtcdFlightsTest, WhenTheFirstStaysUnknownAllAreGivenBackAsNotKnown) {
  auto with = flight_options();
  with.patience = 200ms;
  begin(std::move(with));
  warm_up();
  send_three();
  append("word 4");
  tower_.cut_others();
  for (size_t i = 0; follower_.dropped() < 4; ++i) {
    ASSERT_TRUE(eventually([&] { return tower_.count() > i || follower_.dropped() == 4; }));
    if (tower_.count() <= i) break;
    tower_.run(i);
    tower_.lose_answer(i);
  }
  EXPECT_EQ(follower_.dropped(), 4U);
  for (const char* word : {"word 1", "word 2", "word 3", "word 4"}) {
    const auto reason = follower_.reason_of(word);
    EXPECT_EQ(reason.code, Code::BUSY) << word;
    EXPECT_NE(reason.message.find("Send the same again: it is accepted once"), std::string::npos);
  }
  tower_.let_pass();
  EXPECT_TRUE(eventually([&] { return words().size() == 3; })) << "they were in the log";
  EXPECT_EQ(follower_.own(), 2U);
}

TEST_F(EtcdFlightsTest, AnEtcdThatWasPutBackIsNoticedWithSeveralInFlight) {
  begin(flight_options());
  append("word 0");
  ASSERT_TRUE(eventually([&] { return follower_.words() == 1; }));
  const OrderPlace first = follower_.groups().back().at;
  append("word 00");
  ASSERT_TRUE(eventually([&] { return follower_.words() == 2 && order_->counts().proposed == 2; }));
  tower_.hold();
  send_three();
  tower_.cut_others();  // the pulse would find it too
  const LogKeys keys{kFlightLog};
  etcd_.txn({.then = {KvDelete{.key = keys.group(first.position + 1)},
                      KvPut{.key = keys.tail(), .value = encode_place(first)}}});
  for (const size_t i : {2U, 1U}) tower_.pass(i);
  EXPECT_TRUE(tower_.stays_at(3));
  EXPECT_EQ(follower_.dropped(), 0U) << "they may have come too early";
  tower_.pass(0);
  ASSERT_TRUE(eventually([&] { return follower_.dropped() == 3; }));
  for (const char* word : {"word 1", "word 2", "word 3"}) {
    const auto reason = follower_.reason_of(word);
    EXPECT_EQ(reason.code, Code::READ_ONLY);
    EXPECT_NE(reason.message.find("ROLLED_BACK"), std::string::npos) << reason.message;
    EXPECT_NE(reason.message.find("not known here"), std::string::npos) << reason.message;
  }
}

TEST_F(EtcdFlightsTest, StopWaitsForAllInFlightAndForTheQueue) {
  begin(flight_options());
  warm_up();
  send_three();
  append("word 4");
  std::jthread stopping([&] { order_->stop(); });
  tower_.pass(1);
  std::this_thread::sleep_for(20ms);
  tower_.let_pass();
  stopping.join();
  expect_words({"word 1", "word 2", "word 3", "word 4"});
}

TEST_F(EtcdFlightsTest, StopGivesBackWhatEtcdDoesNotAnswer) {
  auto with = flight_options();
  with.drain = 100ms;
  begin(std::move(with));
  warm_up();
  send_three();
  append("word 4");
  tower_.cut_others();
  std::jthread stopping([&] { order_->stop(); });
  wait_until_it_stops();
  std::this_thread::sleep_for(150ms);
  for (const size_t i : {0U, 1U, 2U}) {
    tower_.run(i);
    tower_.lose_answer(i);
  }
  stopping.join();
  for (const char* word : {"word 1", "word 2", "word 3", "word 4"}) {
    EXPECT_EQ(follower_.reason_of(word).code, Code::BUSY) << word;
  }
}

// What comes behind a barrier in flight would be signed and timed by rules that it may change.
TEST_F(EtcdFlightsTest, NothingLeavesBehindABarrierInFlight) {
  begin(flight_options());
  warm_up();
  append("word 1");
  ASSERT_TRUE(tower_.has(1));
  append("alone barrier");
  ASSERT_TRUE(tower_.has(2));
  append("word 2");
  EXPECT_TRUE(tower_.stays_at(2));
  tower_.let_pass();
  expect_words({"word 1", "alone barrier", "word 2"});
}

TEST_F(EtcdFlightsTest, AnEtcdThatAnswersBeforeTheGapHasOneInFlight) {
  auto with = flight_options();
  with.flights_max = 8;
  with.flight_gap = 10s;
  begin(std::move(with));
  for (size_t i = 1; i <= 8; ++i) {
    append("first " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return follower_.words() == i; }));
  }
  {
    std::vector<std::jthread> makers;
    for (int maker = 0; maker < 4; ++maker) {
      makers.emplace_back([this, maker] {
        for (int i = 0; i < 100; ++i) {
          append("word " + std::to_string(maker) + " " + std::to_string(i));
          if (i % 5 == 0) std::this_thread::sleep_for(500us);
        }
      });
    }
  }
  ASSERT_TRUE(eventually([&] { return follower_.words() == 408; }));
  EXPECT_EQ(tower_.most(), 1U);
}

}  // namespace
}  // namespace suyuan::test
