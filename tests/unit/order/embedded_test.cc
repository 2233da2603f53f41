// EmbeddedOrder: one order, rising positions, bounds, a whole drain at stop, and no life after a
// failed group. Threads meet at latches; nothing waits for time to pass.
#include "ledger/order/embedded.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <map>

namespace suyuan {
namespace {

class Numbered final : public Proposal {
 public:
  Numbered(uint64_t maker, uint64_t number, size_t size = 10)
      : maker_(maker), number_(number), size_(size) {}
  size_t bytes() const override { return size_; }
  Bytes encode() const override { return std::to_string(number_); }
  uint64_t maker() const { return maker_; }
  uint64_t number() const { return number_; }

 private:
  uint64_t maker_;
  uint64_t number_;
  size_t size_;
};

class Heavy final : public Proposal {
 public:
  explicit Heavy(size_t weight) : weight_(weight) {}
  size_t bytes() const override { return 10; }
  size_t weight() const override { return weight_; }
  Bytes encode() const override { return {}; }

 private:
  const size_t weight_;
};

class Alone final : public Proposal {
 public:
  size_t bytes() const override { return 1; }
  bool alone() const override { return true; }
  Bytes encode() const override { return {}; }
};

class Alien final : public Proposal {
 public:
  size_t bytes() const override { return 1; }
  Bytes encode() const override { return {}; }
};

// Keeps what it gets; can hold the sequencer in its first group, and fail at a position.
class Recorder final : public Follower {
 public:
  Result<Done> on_group(OrderedGroup group) override {
    groups.push_back(std::move(group));
    if (hold && groups.size() == 1) {
      entered.count_down();
      release.wait();
    }
    if (groups.back().position == fail_at) return fail(Code::IO, "disk gone");
    return Done{};
  }
  void on_dropped(Proposals proposals, const Error& reason) override {
    drop_reason = reason;
    for (auto& one : proposals) dropped.push_back(std::move(one));
  }
  std::vector<uint64_t> numbers() const {
    std::vector<uint64_t> all;
    for (const auto& group : groups) {
      for (const auto& one : group.proposals) all.push_back(as<Numbered>(*one).number());
    }
    return all;
  }

  bool hold = false;
  uint64_t fail_at = UINT64_MAX;
  std::latch entered{1};
  std::latch release{1};
  // Written by the sequencer; read after stop() or release.
  std::vector<OrderedGroup> groups;
  Proposals dropped;
  std::optional<Error> drop_reason;
};

Result<Done> append(Order& order, uint64_t number, size_t size = 10) {
  std::unique_ptr<Proposal> proposal = std::make_unique<Numbered>(0, number, size);
  return order.append(proposal);
}

void expect_code(const Result<Done>& result, Code code) {
  ASSERT_FALSE(result);
  EXPECT_EQ(info(result.error().code).name, info(code).name) << to_text(result.error());
}

EmbeddedOrderOptions with_clock() {
  return {.clock = [] { return int64_t{1000}; }};
}

// A log whose sequencer is busy with proposal 0 until `recorder.release`.
class HeldOrder : public ::testing::Test {
 protected:
  void start(EmbeddedOrderOptions options) {
    recorder_.hold = true;
    order_.emplace(std::move(options));
    order_->follow({.position = 0}, recorder_);
    ASSERT_TRUE(append(*order_, 0));
    recorder_.entered.wait();
  }
  void finish() {
    recorder_.release.count_down();
    order_->stop();
  }

  Recorder recorder_;
  std::optional<EmbeddedOrder> order_;
};

TEST(EmbeddedOrderTest, HandsOverWhatWasAppendedInOrderWithTheSameObjects) {
  Recorder recorder;
  EmbeddedOrder order(with_clock());
  std::unique_ptr<Proposal> first = std::make_unique<Numbered>(0, 1);
  const Proposal* address = first.get();
  ASSERT_TRUE(order.append(first));
  for (uint64_t i = 2; i <= 100; ++i) ASSERT_TRUE(append(order, i));
  order.follow({.position = 0}, recorder);
  order.stop();
  ASSERT_EQ(recorder.numbers().size(), 100U);
  EXPECT_TRUE(std::is_sorted(recorder.groups.front().proposals.begin(),
                             recorder.groups.front().proposals.end(),
                             [](const auto& a, const auto& b) {
                               return as<Numbered>(*a).number() < as<Numbered>(*b).number();
                             }));
  EXPECT_EQ(recorder.groups.front().proposals.front().get(), address);
}

TEST(EmbeddedOrderTest, ContinuesBehindTheStoresLastPosition) {
  Recorder recorder;
  EmbeddedOrder order(with_clock());
  ASSERT_TRUE(append(order, 1));
  order.follow({.position = 41}, recorder);
  order.stop();
  ASSERT_EQ(recorder.groups.size(), 1U);
  EXPECT_EQ(recorder.groups[0].position, 42U);
  EXPECT_EQ(order.tail().last, 42U);
  EXPECT_GT(order.tail().first, order.tail().last);
}

TEST_F(HeldOrder, GroupsWhatArrivedWhileTheFollowerWasBusy) {
  start(with_clock());
  for (uint64_t i = 1; i <= 50; ++i) ASSERT_TRUE(append(*order_, i));
  EXPECT_EQ(order_->load().proposals, 50U);
  EXPECT_EQ(order_->load().weight, 500U);
  finish();
  ASSERT_EQ(recorder_.groups.size(), 2U);
  EXPECT_EQ(recorder_.groups[1].proposals.size(), 50U);
  EXPECT_EQ(order_->load().weight, 0U);
}

TEST_F(HeldOrder, LimitsAGroupByCountAndByBytes) {
  auto options = with_clock();
  options.group_proposals_max = 4;
  options.group_bytes_max = 100;
  start(options);
  for (uint64_t i = 1; i <= 5; ++i) ASSERT_TRUE(append(*order_, i, 10));
  ASSERT_TRUE(append(*order_, 6, 90));
  ASSERT_TRUE(append(*order_, 7, 100));
  finish();
  std::vector<size_t> sizes;
  for (const auto& group : recorder_.groups) sizes.push_back(group.proposals.size());
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 4, 2, 1}));
}

TEST_F(HeldOrder, LimitsAGroupByWhatItsProposalsWeighAndTakesOneThatWeighsMoreByItself) {
  auto options = with_clock();
  options.group_bytes_max = 100;
  start(options);
  for (const size_t weight : {60U, 40U, 10U, 1000U, 10U}) {
    std::unique_ptr<Proposal> heavy = std::make_unique<Heavy>(weight);
    ASSERT_TRUE(order_->append(heavy));
  }
  EXPECT_EQ(order_->load().weight, 1120U) << "many times their 50 bytes";
  finish();
  EXPECT_EQ(order_->load().weight, 0U);
  std::vector<size_t> sizes;
  for (const auto& group : recorder_.groups) sizes.push_back(group.proposals.size());
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 2, 1, 1, 1}));
}

TEST_F(HeldOrder, GivesAProposalThatGoesAloneAGroupOfItsOwnInItsPlace) {
  auto options = with_clock();
  options.queue_proposals_max = 4;
  start(options);
  ASSERT_TRUE(append(*order_, 1));
  ASSERT_TRUE(append(*order_, 2));
  std::unique_ptr<Proposal> alone = std::make_unique<Alone>();
  ASSERT_TRUE(order_->append(alone));
  ASSERT_TRUE(append(*order_, 3));
  alone = std::make_unique<Alone>();
  ASSERT_TRUE(order_->append(alone)) << "a full queue does not hold it back";
  finish();
  std::vector<size_t> sizes;
  for (const auto& group : recorder_.groups) sizes.push_back(group.proposals.size());
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 2, 1, 1, 1}));
  EXPECT_TRUE(recorder_.groups[2].proposals[0]->alone());
  EXPECT_TRUE(recorder_.groups[4].proposals[0]->alone());
}

TEST_F(HeldOrder, IsBusyWhenTheQueueIsFullAndLeavesTheProposalWithItsMaker) {
  auto options = with_clock();
  options.queue_proposals_max = 3;
  start(options);
  for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(append(*order_, i));
  std::unique_ptr<Proposal> fourth = std::make_unique<Numbered>(0, 4);
  expect_code(order_->append(fourth), Code::BUSY);
  EXPECT_NE(fourth, nullptr);
  expect_code(order_->check_room(1), Code::BUSY);
  finish();
  EXPECT_EQ(recorder_.numbers(), (std::vector<uint64_t>{0, 1, 2, 3}));
}

TEST_F(HeldOrder, IsBusyWhenTheQueueHoldsTooManyBytes) {
  auto options = with_clock();
  options.group_bytes_max = 100;
  options.queue_bytes_max = 150;
  start(options);
  ASSERT_TRUE(append(*order_, 1, 100));
  expect_code(append(*order_, 2, 51), Code::BUSY);
  expect_code(order_->check_room(51), Code::BUSY);
  EXPECT_TRUE(order_->check_room(50));
  EXPECT_TRUE(append(*order_, 3, 50));
  finish();
}

TEST(EmbeddedOrderTest, RefusesAProposalThatFitsNoGroup) {
  auto options = with_clock();
  options.group_bytes_max = 100;
  EmbeddedOrder order(options);
  EXPECT_EQ(order.capabilities().max_entry_bytes, 100U);
  EXPECT_TRUE(append(order, 1, 100));
  expect_code(append(order, 2, 101), Code::TOO_LARGE);
}

TEST(EmbeddedOrderTest, StampsEachGroupWithTheClockItWasGiven) {
  Recorder recorder;
  int64_t now = 5;
  EmbeddedOrder order({.clock = [&] { return now++; }, .group_proposals_max = 1});
  for (uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(append(order, i));
  order.follow({.position = 0}, recorder);
  order.stop();
  ASSERT_EQ(recorder.groups.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(recorder.groups[i].time_ms, static_cast<int64_t>(5 + i));
    EXPECT_EQ(recorder.groups[i].position, i + 1);
  }
}

TEST_F(HeldOrder, DrainsAtStopAndTakesNoMore) {
  start(with_clock());
  for (uint64_t i = 1; i <= 20; ++i) ASSERT_TRUE(append(*order_, i));
  finish();
  EXPECT_EQ(recorder_.numbers().size(), 21U);
  expect_code(append(*order_, 21), Code::STOPPING);
  order_->stop();
}

TEST(EmbeddedOrderTest, EndsWithoutEverHavingBeenFollowed) {
  EmbeddedOrder order(with_clock());
  ASSERT_TRUE(append(order, 1));
  order.stop();
  expect_code(append(order, 2), Code::STOPPING);
}

TEST_F(HeldOrder, IsReadOnlyAfterAFailedGroupAndDropsWhatWaited) {
  recorder_.fail_at = 1;
  start(with_clock());
  for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(append(*order_, i));
  finish();
  EXPECT_EQ(recorder_.groups.size(), 1U);
  EXPECT_EQ(recorder_.dropped.size(), 3U);
  ASSERT_TRUE(recorder_.drop_reason);
  EXPECT_EQ(recorder_.drop_reason->code, Code::READ_ONLY);
  EXPECT_NE(recorder_.drop_reason->message.find("disk gone"), std::string::npos);
  expect_code(append(*order_, 4), Code::READ_ONLY);
  EXPECT_EQ(order_->load().proposals, 0U);
}

// Whoever follows is to know that nothing is ordered any more, though nobody waits for an answer.
TEST(EmbeddedOrderTest, SaysThatItEndedAfterAFailedGroupWhereNothingWaited) {
  Recorder recorder;
  recorder.fail_at = 1;
  EmbeddedOrder order(with_clock());
  ASSERT_TRUE(append(order, 1));
  order.follow({.position = 0}, recorder);
  order.stop();
  ASSERT_TRUE(recorder.drop_reason);
  EXPECT_EQ(recorder.drop_reason->code, Code::READ_ONLY);
  EXPECT_TRUE(recorder.dropped.empty());
}

TEST(EmbeddedOrderTest, KeepsEachMakersOrderAndLosesNothingUnderLoad) {
  constexpr uint64_t kMakers = 4;
  constexpr uint64_t kEach = 2000;
  Recorder recorder;
  auto options = with_clock();
  options.queue_proposals_max = 64;  // so that BUSY happens
  EmbeddedOrder order(options);
  order.follow({.position = 0}, recorder);
  {
    std::vector<std::jthread> makers;
    for (uint64_t maker = 0; maker < kMakers; ++maker) {
      makers.emplace_back([&order, maker] {
        for (uint64_t i = 0; i < kEach; ++i) {
          std::unique_ptr<Proposal> proposal = std::make_unique<Numbered>(maker, i);
          while (!order.append(proposal)) std::this_thread::yield();
        }
      });
    }
  }
  order.stop();

  std::map<uint64_t, uint64_t> next;
  uint64_t position = 0;
  for (const auto& group : recorder.groups) {
    EXPECT_GT(group.position, position);
    position = group.position;
    EXPECT_FALSE(group.proposals.empty());
    for (const auto& one : group.proposals) {
      const auto& numbered = as<Numbered>(*one);
      ASSERT_EQ(numbered.number(), next[numbered.maker()]++);
    }
  }
  for (uint64_t maker = 0; maker < kMakers; ++maker) EXPECT_EQ(next[maker], kEach);
}

TEST(EmbeddedOrderTest, TakesOrRefusesEveryAppendThatRacesWithStop) {
  for (int round = 0; round < 50; ++round) {
    Recorder recorder;
    EmbeddedOrder order(with_clock());
    order.follow({.position = 0}, recorder);
    std::atomic<uint64_t> taken = 0;
    std::vector<std::jthread> makers;
    for (uint64_t maker = 0; maker < 2; ++maker) {
      makers.emplace_back([&] {
        while (append(order, 1)) ++taken;
      });
    }
    while (taken < 10) std::this_thread::yield();
    order.stop();
    makers.clear();
    ASSERT_EQ(recorder.numbers().size(), taken.load());
  }
}

TEST(ProposalDeathTest, OfAnotherTypeIsAMistakeOfOurs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Alien alien;
  EXPECT_DEATH(as<Numbered>(alien), "broken invariant");
}

}  // namespace
}  // namespace suyuan
