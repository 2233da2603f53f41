// EtcdOrder when things go wrong: answers lost, etcd stopped, killed or put back, a node paused.
#include <latch>

#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

class EtcdFaultsTest : public EtcdOrderFixture {
 protected:
  // Words from both nodes while `during` runs, and some more after it; nobody's is lost.
  void load_through(Node& a, Node& b, const std::function<void()>& during) {
    std::atomic<bool> over = false;
    std::atomic<size_t> made = 0;
    {
      std::vector<std::jthread> makers;
      for (auto* one : {&a, &b}) {
        makers.emplace_back([&, one] {
          const std::string name = one == &a ? "a " : "b ";
          for (size_t i = 0; !over || i < 50; ++i) {
            append(*one, name + std::to_string(i));
            ++made;
            std::this_thread::sleep_for(1ms);
          }
        });
      }
      ASSERT_TRUE(eventually([&] { return a.follower.words() > 10; }));
      during();
      over = true;
    }
    made_ = made;
  }
  size_t made_ = 0;
};

TEST_F(EtcdFaultsTest, AnAnswerThatIsLostIsSettledByReadingAndNothingIsThereTwice) {
  auto between = std::make_unique<KvBetween>(kv());
  std::atomic<int> lost = 0;
  between->lose_answer = [&] { return ++lost % 2 == 1; };
  auto a = node("a", std::move(between));
  auto b = node("b");
  for (int i = 0; i < 40; ++i) {
    append(*a, "a " + std::to_string(i));
    append(*b, "b " + std::to_string(i));
    if (i % 4 == 0) std::this_thread::sleep_for(3ms);
  }
  for (auto* one : {&a, &b}) {
    ASSERT_TRUE(eventually([&] { return (*one)->follower.words() == 80; }));
  }
  expect_same(a->follower, b->follower, 80);
  EXPECT_EQ(a->follower.own(), 40U);
  EXPECT_GT(a->order.counts().unknown, 0U);
}

TEST_F(EtcdFaultsTest, AProposerPausedBeyondItsLeaseAddsItsGroupOnceAndLeavesNoGap) {
  auto between = std::make_unique<KvBetween>(kv());
  std::latch entered(1);
  std::latch release(1);
  std::atomic<bool> first = true;
  between->before_group = [&] {
    if (!first.exchange(false)) return;
    entered.count_down();
    release.wait();
  };
  between->before_lease = [&] {
    if (!first) release.wait();
  };
  auto a = node("a", std::move(between));
  ASSERT_TRUE(eventually([&] { return a->order.leads(); }));
  append(*a, "a 1");
  entered.wait();  // its transaction is made, and not yet sent
  auto b = node("b");
  ASSERT_TRUE(eventually([&] { return b->order.leads(); }));
  EXPECT_FALSE(a->order.leads());
  for (int i = 0; i < 5; ++i) {
    append(*b, "b " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return b->follower.words() == size_t(i) + 1; }));
  }
  release.count_down();
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 6 && b->follower.words() == 6; }));
  expect_same(a->follower, b->follower, 6);
  EXPECT_EQ(a->order.counts().lost, 1U);
  EXPECT_EQ(a->follower.own(), 1U);
}

TEST_F(EtcdFaultsTest, AProposerThatComesWhenItsPlaceWasTrimmedAddsItsGroupAtTheEnd) {
  auto between = std::make_unique<KvBetween>(kv());
  std::latch entered(1);
  std::latch release(1);
  std::atomic<bool> first = true;
  between->before_group = [&] {
    if (!first.exchange(false)) return;
    entered.count_down();
    release.wait();
  };
  auto a = node("a", std::move(between));
  append(*a, "a 1");
  entered.wait();
  auto b = node("b");
  for (int i = 0; i < 5; ++i) {
    append(*b, "b " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return b->follower.words() == size_t(i) + 1; }));
  }
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 5; })) << "it follows meanwhile";
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv_->txn({.then = {keys.groups_to(b->follower.groups().back().at.position)}}));
  release.count_down();
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 6 && b->follower.words() == 6; }));
  expect_same(a->follower, b->follower, 6);
}

TEST_F(EtcdFaultsTest, EtcdStoppedUnderLoadAndGoneOnLosesNothing) {
  auto a = node("a");
  auto b = node("b");
  load_through(*a, *b, [&] {
    for (int i = 0; i < 3; ++i) {
      cluster_->member(0).pause();
      std::this_thread::sleep_for(1000ms);  // longer than a call's patience: outcomes are unknown
      cluster_->member(0).resume();
      std::this_thread::sleep_for(100ms);
    }
  });
  for (auto* one : {&a, &b}) {
    ASSERT_TRUE(eventually([&] {
      return (*one)->follower.words() + a->follower.dropped() + b->follower.dropped() >= made_ &&
             a->order.load().proposals + b->order.load().proposals == 0;
    }));
  }
  ASSERT_TRUE(eventually([&] { return a->follower.words() == b->follower.words(); }));
  // Who was told BUSY may be in the log or not; who was not, is there once.
  if (a->follower.dropped() + b->follower.dropped() == 0) {
    expect_same(a->follower, b->follower, made_);
  } else {
    expect_same(a->follower, b->follower, a->follower.words());
  }
  EXPECT_GT(a->order.counts().unknown + b->order.counts().unknown, 0U);
}

TEST_F(EtcdFaultsTest, EtcdKilledAndStartedAgainLosesNothing) {
  auto a = node("a");
  auto b = node("b");
  load_through(*a, *b, [&] {
    cluster_->member(0).end(SIGKILL);
    cluster_->member(0).start();
    ASSERT_TRUE(cluster_->member(0).wait_until_it_listens());
  });
  ASSERT_TRUE(eventually([&] {
    return a->follower.words() == b->follower.words() &&
           a->follower.words() + a->follower.dropped() + b->follower.dropped() >= made_;
  }));
  expect_same(a->follower, b->follower, a->follower.words());
}

TEST_F(EtcdFaultsTest, AMemberOfThreeThatDiesIsPassedOver) {
  begin_cluster(3);
  auto a = node("a");
  auto b = node("b");
  load_through(*a, *b, [&] { cluster_->member(0).end(SIGKILL); });
  ASSERT_TRUE(eventually([&] {
    return a->follower.words() == b->follower.words() &&
           a->follower.words() + a->follower.dropped() + b->follower.dropped() >= made_;
  }));
  expect_same(a->follower, b->follower, a->follower.words());
}

TEST_F(EtcdFaultsTest, SilentEtcdMakesSendersBusyAndWhatItHoldsComesLater) {
  auto a = node("a");
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1; }));
  cluster_->member(0).pause();
  append(*a, "a 2");
  ASSERT_TRUE(eventually([&] { return a->follower.dropped() == 1; }));
  EXPECT_EQ(a->follower.reason()->code, Code::BUSY);
  EXPECT_FALSE(a->order.silence().empty());
  std::unique_ptr<Proposal> third = std::make_unique<Word>("a 3", false);
  const auto refused = a->order.append(third);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::BUSY);
  EXPECT_NE(refused.error().message.find("reading continues"), std::string::npos);
  const auto takes = a->order.check_takes();
  ASSERT_FALSE(takes);
  EXPECT_EQ(takes.error().code, Code::BUSY);
  cluster_->member(0).resume();
  append(*a, "a 3");
  ASSERT_TRUE(eventually([&] { return a->follower.groups().back().words.back() == "a 3"; }));
  EXPECT_TRUE(a->order.check_takes());
  const auto b = node("b");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == a->follower.words(); }));
  expect_same(a->follower, b->follower, a->follower.words());
}

TEST_F(EtcdFaultsTest, AnEtcdThatWasPutBackIsNoticedAndNotForked) {
  auto a = node("a");
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1; }));
  const OrderPlace first = a->follower.groups().back().at;
  append(*a, "a 2");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 2; }));
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv_->txn({.then = {KvDelete{.key = keys.group(first.position + 1)},
                                 KvPut{.key = keys.tail(), .value = encode_place(first)}}}));
  std::unique_ptr<Proposal> third = std::make_unique<Word>("a 3", false);
  (void)a->order.append(third);  // unless the pulse comes before
  ASSERT_TRUE(eventually([&] { return a->follower.reason().has_value(); }));
  EXPECT_NE(a->follower.reason()->message.find("ROLLED_BACK"), std::string::npos);
  // Who comes back with what was there, and finds less or other, does not follow either.
  for (const auto& at : {OrderPlace{.position = 2, .mark = first.mark},
                         OrderPlace{.position = 1, .mark = mark_of("other")}}) {
    const Node back(options("back"), kv(), at);
    ASSERT_TRUE(eventually([&] { return back.follower.reason().has_value(); }));
    EXPECT_NE(back.follower.reason()->message.find("ROLLED_BACK"), std::string::npos);
  }
}

TEST_F(EtcdFaultsTest, AGroupThatIsMissingOrAnotherIsNoticed) {
  auto a = node("a");
  for (int i = 0; i < 5; ++i) {
    append(*a, "a " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return a->follower.words() == size_t(i) + 1; }));
  }
  a->order.stop();
  const LogKeys keys{kLog};
  const auto third = kv_->txn({.then = {KvRange{.key = keys.group(3)}}});
  ASSERT_TRUE(third && third->ranges[0].size() == 1);
  ASSERT_TRUE(kv_->txn({.then = {KvDelete{.key = keys.group(3)}}}));
  auto gap = node("gap");
  ASSERT_TRUE(eventually([&] { return gap->follower.reason().has_value(); }));
  EXPECT_LE(gap->follower.words(), 2U);
  auto entry = decode_group(third->ranges[0][0].value);
  ASSERT_TRUE(entry);
  entry->proposals = {"forged"};
  ASSERT_TRUE(kv_->txn({.then = {KvPut{.key = keys.group(3), .value = signed_group(*entry)}}}));
  auto forged = node("forged");
  ASSERT_TRUE(eventually([&] { return forged->follower.reason().has_value(); }));
  EXPECT_NE(forged->follower.reason()->message.find("group 3"), std::string::npos)
      << "group 4 names another before it";
}

TEST_F(EtcdFaultsTest, AFollowerThatFailsEndsTheLog) {
  class Failing final : public Follower {
   public:
    Result<Done> on_group(OrderedGroup) override { return fail(Code::IO, "disk gone"); }
    void on_dropped(Proposals, const Error& reason) override { message = reason.message; }
    std::string message;
  };
  Failing follower;
  EtcdOrder order(options("a"), kv());
  order.follow(identity().base, follower);
  std::unique_ptr<Proposal> word = std::make_unique<Word>("a 1", false);
  ASSERT_TRUE(order.append(word));
  ASSERT_TRUE(eventually([&] {
    std::unique_ptr<Proposal> next = std::make_unique<Word>("a 2", false);
    const auto refused = order.append(next);
    return !refused && refused.error().code == Code::READ_ONLY;
  }));
  order.stop();
  EXPECT_NE(follower.message.find("disk gone"), std::string::npos);
}

}  // namespace
}  // namespace suyuan::test
