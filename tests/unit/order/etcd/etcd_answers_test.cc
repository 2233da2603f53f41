// What senders are told when the log does not go on: what is known of their words, and no more.
#include <latch>

#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

class EtcdAnswersTest : public EtcdOrderFixture {
 protected:
  // A node that reads what is there when it starts, and hears of nothing that is added later.
  std::unique_ptr<Node> deaf_node(std::unique_ptr<KvBetween> between) {
    between->before_watch = [this] {
      if (!watched_.exchange(true)) begun_.count_down();
      end_.wait();
    };
    auto deaf = node("a", std::move(between));
    begun_.wait();
    return deaf;
  }
  // Before the node ends, whatever the test found.
  struct Hears {
    std::latch& end;
    ~Hears() { end.count_down(); }
  };

  std::atomic<bool> watched_ = false;
  std::latch begun_{1};
  std::latch end_{1};
};

TEST_F(EtcdAnswersTest, WhatMayBeInTheLogIsSaidToBeNotKnownAndWhatIsNotIsNot) {
  auto between = std::make_unique<KvBetween>(kv());
  std::latch added(1);
  std::latch queued(1);
  std::atomic<bool> put_back = false;
  between->lose_answer = [&] {
    if (put_back) return false;
    added.count_down();
    queued.wait();
    put_back = true;
    return true;
  };
  // From then on etcd seems to have been put back.
  between->change_answer = [&](KvAnswer& answer) {
    if (put_back) answer.revision = 1;
  };
  auto a = deaf_node(std::move(between));
  const Hears again{end_};
  append(*a, "a proposed");
  added.wait();
  append(*a, "a waiting");
  queued.count_down();
  ASSERT_TRUE(eventually([&] { return a->follower.dropped() == 2; }));
  const Error proposed = a->follower.reason_of("a proposed");
  EXPECT_EQ(proposed.code, Code::READ_ONLY);
  EXPECT_NE(proposed.message.find("is in the ordered log is not known here: send the same again to "
                                  "another node, it is accepted once"),
            std::string::npos)
      << proposed.message;
  EXPECT_NE(proposed.message.find("ROLLED_BACK"), std::string::npos) << "and why";
  const Error waiting = a->follower.reason_of("a waiting");
  EXPECT_EQ(waiting.code, Code::READ_ONLY);
  EXPECT_EQ(waiting.message.find("not known"), std::string::npos) << waiting.message;
  const auto b = node("b");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 1; }))
      << "it was in the log: the answer was right not to deny it";
}

TEST_F(EtcdAnswersTest, AWordWhosePlaceIsTakenByNobodyIsTriedWithPausesAndThenGivenBack) {
  auto a = deaf_node(std::make_unique<KvBetween>(kv()));
  const Hears again{end_};
  // Something lies at the next place, and the tail says that nothing does.
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv_->txn({.then = {KvPut{.key = keys.group(identity().base.position + 1),
                                       .value = "noise"}}}));
  const auto begin = std::chrono::steady_clock::now();
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.dropped() == 1; }));
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  const Error reason = a->follower.reason_of("a 1");
  EXPECT_EQ(reason.code, Code::BUSY);
  EXPECT_NE(reason.message.find("Send the same again: it is accepted once"), std::string::npos)
      << reason.message;
  const uint64_t tries = a->order.counts().lost;
  EXPECT_GE(tries, 1U);
  EXPECT_LE(tries, static_cast<uint64_t>(passed.count()) / 20 + 5)
      << "each after 50 ms, or where something moved";
}

}  // namespace
}  // namespace suyuan::test
