// Which words of other nodes' clocks a group takes, and which count in one.
#include "ledger/order/etcd/clocks.h"

#include <gtest/gtest.h>

#include "ledger/crypto/ed25519.h"

namespace suyuan {
namespace {

constexpr int64_t kNow = 1'000'000'000;
constexpr int64_t kHourMs = 60 * 60 * 1000;

KeyPair clock_key(const std::string& node) { return key_from_seed(mark_of(node).view()); }

// Of node "a"; "b" to "e" are the others.
class ClockWordsTest : public ::testing::Test {
 protected:
  static ClockWord says(const std::string& node, uint64_t position, int64_t time_ms) {
    ClockWord word{.node = node, .position = position, .time_ms = time_ms};
    word.signature =
        sign(clock_key(node).secret, signed_clock(mark_of("ledger"), "trace", word));
    return word;
  }
  void hear(const std::vector<ClockWord>& words) {
    std::map<std::string, ClockWord> by_name;
    for (const ClockWord& word : words) by_name.emplace(word.node, word);
    clocks_.hear(by_name);
  }
  // The times of the words that a group of ours there would take.
  std::vector<int64_t> taken(uint64_t position, int64_t time_ms = kNow) {
    std::vector<int64_t> times;
    for (const ClockWord& word : clocks_.nearest(position, time_ms)) {
      times.push_back(word.time_ms);
    }
    return times;
  }
  int64_t time_of(uint64_t position, std::vector<ClockWord> words, int64_t proposed = kNow) {
    return clocks_.time_of({.time_ms = proposed, .node = "a", .clocks = std::move(words)},
                           position);
  }

  size_t majority_ = 2;
  std::map<std::string, PublicKey> keys_ = [] {
    std::map<std::string, PublicKey> keys;
    for (const char* node : {"a", "b", "c", "d", "e"}) keys.emplace(node, clock_key(node).key);
    return keys;
  }();
  ClockWords clocks_{{.ledger = mark_of("ledger"),
                      .log = "trace",
                      .node = "a",
                      .key_of = [this](const std::string& node) {
                        const auto found = keys_.find(node);
                        return found == keys_.end() ? std::nullopt : std::optional(found->second);
                      },
                      .majority = [this] { return majority_; }}};
};

TEST_F(ClockWordsTest, AWordCountsInTheGroupsBehindItsPlaceAndNoFurther) {
  EXPECT_EQ(time_of(11, {says("b", 10, kNow)}), kNow);
  EXPECT_EQ(time_of(10 + kClockGroupsMax, {says("b", 10, kNow)}), kNow);
  EXPECT_EQ(time_of(11 + kClockGroupsMax, {says("b", 10, kNow)}), 0) << "too old";
  EXPECT_EQ(time_of(10, {says("b", 10, kNow)}), 0) << "of a group that was not there";
  EXPECT_EQ(time_of(9, {says("b", 10, kNow)}), 0);
}

// A liar beside the word of an honest node from when its clock was an hour ahead.
TEST_F(ClockWordsTest, AWordOfAClockThatWasWrongIsOfNoUseLater) {
  const ClockWord old = says("b", 10, kNow + kHourMs);
  ASSERT_EQ(time_of(20, {old}, kNow + kHourMs), kNow + kHourMs);
  EXPECT_EQ(time_of(10'000, {old}, kNow + kHourMs), 0);
  ClockWord moved = old;
  moved.position = 9'999;
  EXPECT_EQ(time_of(10'000, {moved}, kNow + kHourMs), 0) << "its place is signed";
  EXPECT_EQ(time_of(10'000, {old, says("c", 9'999, kNow)}, kNow + kHourMs), kNow + kClockSlackMs);
}

TEST_F(ClockWordsTest, AWordOfATimeThatNoLeafCanHaveDoesNotCount) {
  EXPECT_EQ(time_of(11, {says("b", 10, 253402300800000)}), 0);
  EXPECT_EQ(time_of(11, {says("b", 10, INT64_MAX)}), 0);
  EXPECT_EQ(time_of(11, {says("b", 10, -1)}), 0);
  EXPECT_EQ(time_of(11, {says("b", 10, INT64_MAX), says("c", 10, kNow)}), kNow);
}

TEST_F(ClockWordsTest, AFalseWordOfANodeDoesNotKeepItsTrueOneFromCounting) {
  ClockWord altered = says("b", 10, kNow);
  altered.time_ms += 1;
  EXPECT_EQ(time_of(11, {altered}), 0);
  EXPECT_EQ(time_of(11, {altered}), 0) << "the second time as the first";
  EXPECT_EQ(time_of(11, {altered, says("b", 10, kNow)}), kNow);
  EXPECT_EQ(time_of(11, {says("b", 2000, kNow), says("b", 10, kNow)}), kNow);
}

TEST_F(ClockWordsTest, AWordIsJudgedByTheKeyInForce) {
  const ClockWord word = says("b", 10, kNow);
  EXPECT_EQ(time_of(11, {word}), kNow);
  keys_.at("b") = clock_key("another").key;
  EXPECT_EQ(time_of(11, {word}), 0);
  keys_.erase("b");
  EXPECT_EQ(time_of(11, {word}), 0);
  keys_.emplace("b", clock_key("b").key);
  EXPECT_EQ(time_of(11, {word}), kNow);
}

TEST_F(ClockWordsTest, ManyWordsOfOneNodeAreEachJudgedRight) {
  for (int round = 0; round < 3; ++round) {
    for (int64_t i = 0; i < 8; ++i) {
      ClockWord word = says("b", 10, kNow + i);
      EXPECT_EQ(time_of(11, {word}), kNow);
      word.signature = says("b", 10, kNow + i + 1).signature;
      EXPECT_EQ(time_of(11, {word}), 0);
    }
  }
}

TEST_F(ClockWordsTest, WhatStoodThereAtTheStartIsTakenOnceItsNodeSaysAnother) {
  hear({says("b", 10, kNow), says("c", 10, kNow)});
  EXPECT_EQ(taken(11), std::vector<int64_t>()) << "it may be of yesterday";
  EXPECT_EQ(clocks_.missing(11), 1U);
  hear({says("b", 10, kNow + 1), says("c", 10, kNow)});
  EXPECT_EQ(taken(11), std::vector{kNow + 1});
  EXPECT_EQ(clocks_.missing(11), 0U);
}

TEST_F(ClockWordsTest, ANodeThatSaysNothingNewIsNotAskedAfterSomePulses) {
  hear({});
  const ClockWord last = says("b", 10, kNow);
  hear({last});
  EXPECT_EQ(taken(11), std::vector{kNow}) << "nothing stood there before";
  for (int pulse = 0; pulse < 5; ++pulse) hear({last});
  EXPECT_EQ(taken(11), std::vector{kNow});
  hear({last});
  EXPECT_EQ(taken(11), std::vector<int64_t>());
  EXPECT_EQ(clocks_.missing(11), 1U);
  for (int pulse = 0; pulse < 10; ++pulse) hear({});
  EXPECT_EQ(taken(11), std::vector<int64_t>());
  hear({says("b", 10, kNow + 1)});
  EXPECT_EQ(taken(11), std::vector{kNow + 1});
}

// As whoever writes in etcd may put one back.
TEST_F(ClockWordsTest, AnEarlierWordOfANodeNeverReplacesALaterOne) {
  hear({});
  hear({says("b", 10, kNow)});
  hear({says("b", 9, kNow + kHourMs)});
  EXPECT_EQ(taken(11), std::vector{kNow});
  hear({says("b", 10, kNow - 1)});
  EXPECT_EQ(taken(11), std::vector{kNow});
  for (int pulse = 0; pulse < 5; ++pulse) {
    hear({says("b", 9, kNow + pulse)});
  }
  EXPECT_EQ(taken(11), std::vector<int64_t>()) << "nor is its node heard by it";
  hear({says("b", 11, kNow - kHourMs)});
  EXPECT_EQ(taken(12), std::vector{kNow - kHourMs}) << "its clock was set back";
}

TEST_F(ClockWordsTest, WordsNearestToOurClockAreTakenAsManyAsAMajorityNeeds) {
  hear({});
  hear({says("b", 10, kNow + kHourMs), says("c", 10, kNow - 5), says("d", 10, kNow + 7),
        says("e", 10, 0), says("a", 10, kNow)});
  EXPECT_EQ(taken(11), std::vector{kNow - 5}) << "never our own";
  majority_ = 3;
  EXPECT_EQ(taken(11), (std::vector{kNow - 5, kNow + 7}));
  EXPECT_EQ(taken(11, kNow + kHourMs), (std::vector{kNow + kHourMs, kNow + 7}));
  majority_ = 1;
  EXPECT_EQ(taken(11), std::vector<int64_t>());
  EXPECT_EQ(clocks_.missing(11), 0U);
  majority_ = 9;
  EXPECT_EQ(taken(11).size(), 4U);
  EXPECT_EQ(clocks_.missing(11), 4U);
}

TEST_F(ClockWordsTest, WhatWouldNotCountIsNotTaken) {
  hear({});
  ClockWord altered = says("c", 10, kNow);
  altered.time_ms += 1;
  hear({says("b", 10, kNow), altered, says("stranger", 10, kNow)});
  majority_ = 4;
  EXPECT_EQ(taken(11), std::vector{kNow});
  EXPECT_EQ(taken(10), std::vector<int64_t>()) << "of a node that is ahead of us";
  EXPECT_EQ(taken(11 + kClockGroupsMax), std::vector<int64_t>()) << "of one that is far behind";
}

}  // namespace
}  // namespace suyuan
