// EtcdOrder on one real etcd: one order for all, own objects, bounds, trimming, refusals.
#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

class EtcdOrderTest : public EtcdOrderFixture {};

TEST_F(EtcdOrderTest, GivesTwoNodesThatBothProposeTheSameOrder) {
  constexpr size_t kEach = 300;
  auto a = node("a");
  auto b = node("b");
  {
    std::jthread of_a([&] {
      for (size_t i = 0; i < kEach; ++i) append(*a, "a " + std::to_string(i));
    });
    std::jthread of_b([&] {
      for (size_t i = 0; i < kEach; ++i) append(*b, "b " + std::to_string(i));
    });
  }
  for (auto* one : {&a, &b}) {
    ASSERT_TRUE(eventually([&] { return (*one)->follower.words() == 2 * kEach; }));
  }
  expect_same(a->follower, b->follower, 2 * kEach);
  EXPECT_EQ(a->follower.own(), kEach) << "our own come back as the same objects";
  EXPECT_EQ(b->follower.own(), kEach);
  EXPECT_EQ(a->order.tail().last, b->order.tail().last);
  EXPECT_EQ(a->follower.dropped() + b->follower.dropped(), 0U);
  // Each maker's words in the order of its appends.
  std::map<char, int> next;
  for (const auto& group : a->follower.groups()) {
    for (const auto& word : group.words) EXPECT_EQ(std::stoi(word.substr(2)), next[word[0]]++);
  }
}

TEST_F(EtcdOrderTest, GoesOnFromAPlaceAndReadsWhatWasMissed) {
  auto a = node("a");
  for (int i = 0; i < 30; ++i) {
    append(*a, "a " + std::to_string(i));
    if (i % 3 == 0) {
      ASSERT_TRUE(eventually([&] { return a->follower.words() == size_t(i) + 1; }));
    }
  }
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 30; }));
  const auto all = a->follower.groups();
  ASSERT_GT(all.size(), 10U);
  Node late(options("late"), kv(), all[4].at);
  ASSERT_TRUE(eventually([&] { return late.follower.groups().size() == all.size() - 5; }));
  EXPECT_EQ(late.follower.groups().front(), all[5]);
  EXPECT_EQ(late.follower.groups().back(), all.back());
}

TEST_F(EtcdOrderTest, GivesWhatGoesAloneAGroupOfItsOwnAndLeavesOutWhatIsRefused) {
  auto a = node("a");
  append(*a, "a 1");
  append(*a, "alone");
  append(*a, "a 2");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 3; }));
  add_group({.node = "b", .proposals = {"bad", "b 1", "alone among others"}});
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 4; }));
  auto b = node("b");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 4; }));
  bool alone = false;
  for (const auto& group : b->follower.groups()) {
    if (group.words == std::vector<std::string>{"alone"}) alone = true;
  }
  EXPECT_TRUE(alone);
  EXPECT_EQ(b->order.counts().undecoded, 2U);
}

TEST_F(EtcdOrderTest, TakesNothingThatTheOthersCouldNotReadAsItIs) {
  auto a = node("a");
  std::unique_ptr<Proposal> bad = std::make_unique<Word>("bad", false);
  const auto refused = a->order.append(bad);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::MALFORMED_SUBMISSION);
  EXPECT_NE(bad, nullptr);
}

TEST_F(EtcdOrderTest, CarriesProposalsOfTheLargestSize) {
  auto a = node("a");
  auto b = node("b");
  const size_t max = a->order.capabilities().max_entry_bytes;
  append(*a, "a " + std::string(max - 2, 'x'));
  std::unique_ptr<Proposal> larger = std::make_unique<Word>(std::string(max + 1, 'x'), false);
  const auto refused = a->order.append(larger);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::TOO_LARGE);
  EXPECT_NE(larger, nullptr);
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1 && b->follower.words() == 1; }));
  expect_same(a->follower, b->follower, 1);
}

TEST_F(EtcdOrderTest, LetsOneNodeLeadAndAnotherWhenItHasGone) {
  auto a = node("a");
  ASSERT_TRUE(eventually([&] { return a->order.leads(); }));
  auto b = node("b");
  append(*b, "b 1");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1; })) << "who does not lead proposes";
  EXPECT_FALSE(b->order.leads());
  a->order.stop();
  EXPECT_TRUE(eventually([&] { return b->order.leads(); }));
}

TEST_F(EtcdOrderTest, TrimsWhatAllHoldAndSaysWhoComesTooLate) {
  auto a = node("a");
  for (int i = 0; i < 20; ++i) {
    append(*a, "a " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return a->follower.words() == size_t(i) + 1; }));
  }
  const auto all = a->follower.groups();
  a->order.trim(UINT64_MAX);
  ASSERT_TRUE(eventually([&] { return a->order.tail().first == all.size(); }));
  append(*a, "a 20");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 21; })) << "the log goes on";
  Node held(options("held"), kv(), all[all.size() - 2].at);
  ASSERT_TRUE(eventually([&] { return held.follower.words() == 2; }));
  auto late = node("late");
  ASSERT_TRUE(eventually([&] { return late->follower.reason().has_value(); }));
  EXPECT_EQ(late->follower.reason()->code, Code::READ_ONLY);
  EXPECT_NE(late->follower.reason()->message.find("does not hold group 1 any more"),
            std::string::npos);
}

TEST_F(EtcdOrderTest, LetsEtcdForgetWhatWasOverwrittenAndKeepsEveryGroup) {
  auto often = options("a");
  often.forget = std::chrono::milliseconds(100);
  Node a(std::move(often), kv(), identity().base);
  for (int i = 0; i < 10; ++i) {
    append(a, "a " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return a.follower.words() == size_t(i) + 1; }));
  }
  ASSERT_TRUE(eventually([&] {
    const auto watch = kv_->watch({.key = kLog, .end = std::string(kLog) + "0"}, 1);
    return watch && !(*watch)->next();
  })) << "the first revisions are gone";
  auto b = node("b");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 10; }));
  expect_same(a.follower, b->follower, 10);
}

TEST_F(EtcdOrderTest, TellsNodesWhatTheOthersSay) {
  std::mutex mutex;
  std::map<std::string, Bytes> heard;
  auto of_b = options("b");
  of_b.on_notes = [&](const std::map<std::string, Bytes>& notes) {
    const std::scoped_lock lock(mutex);
    heard = notes;
  };
  auto of_a = options("a");
  of_a.note = [] { return Bytes("here is a"); };
  const Node a(std::move(of_a), kv(), identity().base);
  const Node b(std::move(of_b), kv(), identity().base);
  EXPECT_TRUE(eventually([&] {
    const std::scoped_lock lock(mutex);
    return heard == std::map<std::string, Bytes>{{"a", "here is a"}};
  }));
}

TEST_F(EtcdOrderTest, FollowsNoLogOfAnotherLedgerAndNoneThatIsNotThere) {
  auto other = options("a");
  other.ledger = mark_of("another ledger");
  const Node wrong(std::move(other), kv(), identity().base);
  auto missing = options("a");
  missing.log = "nothing";
  const Node none(std::move(missing), kv(), identity().base);
  for (const auto* one : {&wrong, &none}) {
    ASSERT_TRUE(eventually([&] { return one->follower.reason().has_value(); }));
    EXPECT_EQ(one->follower.reason()->code, Code::READ_ONLY);
  }
  const auto again = found_log(*kv_, kLog, {.ledger = mark_of("another ledger"), .base = {}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::INVALID_FIELD);
  EXPECT_TRUE(found_log(*kv_, kLog, identity())) << "the same again is no fault";
}

// One group with a time far ahead would hold up all the others until that time has come.
TEST_F(EtcdOrderTest, OrdersNothingByAClockThatWentWrongSinceItWasAppended) {
  auto with = options("a");
  std::atomic<int> asked = 0;
  with.check_clock = [&]() -> Result<Done> {
    if (++asked < 2) return Done{};
    return fail(Code::BUSY, "the clock is ahead");
  };
  Node a(std::move(with), kv(), identity().base);
  std::unique_ptr<Proposal> word = std::make_unique<Word>("early", false);
  ASSERT_TRUE(a.order.append(word));
  ASSERT_TRUE(eventually([&] { return a.follower.dropped() == 1; }));
  EXPECT_EQ(a.follower.reason()->code, Code::BUSY);
  EXPECT_EQ(a.follower.words(), 0U);
  EXPECT_TRUE(kv_->txn({.then = {KvRange{.key = LogKeys{kLog}.group(1)}}})->ranges[0].empty());
}

TEST_F(EtcdOrderTest, DrainsAtStopAndTakesNoMore) {
  auto a = node("a");
  for (int i = 0; i < 200; ++i) append(*a, "a " + std::to_string(i));
  a->order.stop();
  EXPECT_EQ(a->follower.words(), 200U);
  EXPECT_EQ(a->follower.dropped(), 0U);
  std::unique_ptr<Proposal> late = std::make_unique<Word>("late", false);
  const auto refused = a->order.append(late);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::STOPPING);
}

}  // namespace
}  // namespace suyuan::test
