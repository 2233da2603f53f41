// EtcdOrder and an etcd that is small, full, or asks for a password.
#include <sys/wait.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "tests/support/own_folder.h"
#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

class EtcdLimitsTest : public EtcdOrderFixture {
 protected:
  EtcdOrderOptions small(size_t kept) const {
    auto small = options("a");
    small.forget = 100ms;
    small.ask_status = 100ms;
    small.kept_bytes_max = kept;
    return small;
  }
  static std::string word(size_t i) { return "a " + std::to_string(i) + std::string(900'000, 'x'); }
};

// Twice its quota goes through it, though nobody says that the groups may go.
TEST_F(EtcdLimitsTest, TheLogKeepsItsBoundInBytesWhoeverIsAway) {
  begin_cluster(1, {"--quota-backend-bytes", "67108864"});
  Node a(small(4 << 20), kv(), identity().base);
  for (size_t i = 1; i <= 150; ++i) {
    append(a, word(i));
    ASSERT_TRUE(eventually([&] { return a.follower.words() == i; })) << a.order.silence();
    // As fast as it is trimmed: the quota is that of minutes, and here of a second.
    ASSERT_TRUE(eventually([&] { return i < 8 || a.order.tail().first > i - 8; }));
  }
  EXPECT_EQ(a.follower.dropped(), 0U);
  EXPECT_GT(a.order.tail().first, 130U);
  const auto etcd = a.order.counts().etcd;
  ASSERT_TRUE(etcd);
  EXPECT_FALSE(etcd->is_full);
  EXPECT_GT(etcd->bytes_in_use, 0U);
  EXPECT_GE(etcd->bytes, etcd->bytes_in_use);
}

TEST_F(EtcdLimitsTest, AFullEtcdMakesSendersBusyAndIsTrimmedStill) {
  begin_cluster(1, {"--quota-backend-bytes", "16777216"});
  Node a(small(512 << 20), kv(), identity().base);
  for (size_t i = 1; i <= 40 && a.follower.dropped() == 0; ++i) {
    std::unique_ptr<Proposal> one = std::make_unique<Word>(word(i), false);
    if (!a.order.append(one)) break;
    ASSERT_TRUE(eventually([&] { return a.follower.words() + a.follower.dropped() == i; }));
  }
  ASSERT_TRUE(eventually([&] { return !a.order.silence().empty(); }));
  EXPECT_EQ(a.follower.reason()->code, Code::BUSY);
  EXPECT_NE(a.order.silence().find("space"), std::string::npos) << a.order.silence();
  EXPECT_TRUE(eventually([&] {
    const auto etcd = a.order.counts().etcd;
    return etcd && etcd->is_full && etcd->bytes > 8'000'000;
  }));
  a.order.trim(UINT64_MAX);
  EXPECT_TRUE(eventually([&] { return a.order.tail().first == a.order.tail().last; }));
}

// Nothing leaves the queue of a log that nobody follows.
TEST_F(EtcdLimitsTest, AFullQueueSaysSoBeforeABatchIsVerified) {
  auto of_two = options("a");
  of_two.queue_proposals_max = 2;
  of_two.queue_bytes_max = 100;
  EtcdOrder a(of_two, kv());
  const auto append_word = [&a](const std::string& text) {
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    return a.append(word);
  };
  ASSERT_TRUE(append_word("a 1"));
  EXPECT_TRUE(a.check_room(97));
  EXPECT_FALSE(a.check_room(98)) << "a 1 has three bytes";
  ASSERT_TRUE(append_word("a 2"));
  const auto room = a.check_room(1);
  ASSERT_FALSE(room);
  EXPECT_EQ(room.error().code, Code::BUSY);
  EXPECT_TRUE(append_word("alone")) << "the bounds are for what others send";
}

TEST_F(EtcdLimitsTest, AnEtcdWhoseRequestsAreTooSmallIsNamedAtTheStart) {
  begin_cluster(1, {"--max-request-bytes", "100000"});
  const Node a(options("a"), kv(), identity().base);
  ASSERT_TRUE(eventually([&] { return a.follower.reason().has_value(); }));
  EXPECT_NE(a.follower.reason()->message.find("--max-request-bytes"), std::string::npos);
}

// Takes nothing until it is let go.
class HeldFollower final : public Follower {
 public:
  Result<Done> on_group(OrderedGroup group) override {
    {
      std::unique_lock lock(mutex_);
      moved_.wait(lock, [this] { return !is_held_; });
    }
    return seen.on_group(std::move(group));
  }
  void on_dropped(Proposals proposals, const Error& reason) override {
    seen.on_dropped(std::move(proposals), reason);
  }
  void let_go() {
    {
      const std::scoped_lock lock(mutex_);
      is_held_ = false;
    }
    moved_.notify_all();
  }
  Remembering seen;

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  bool is_held_ = true;
};

TEST_F(EtcdLimitsTest, ANodeHasTwoGroupsUnderWayAndMakesOneOfWhatComesMeanwhile) {
  HeldFollower held;
  EtcdOrder a(options("a"), kv());
  a.follow(identity().base, held);
  const std::shared_ptr<void> at_the_end(nullptr, [&held](void*) { held.let_go(); });
  const auto b = node("b");
  const auto append_to_a = [&](const std::string& text) {
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    ASSERT_TRUE(eventually([&] { return a.append(word).has_value(); }));
  };
  for (size_t i = 1; i <= 2; ++i) {
    append_to_a("a " + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return b->follower.words() == i; }));
  }
  append_to_a("a 3");
  append(*b, "b 1");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 3; }));
  append_to_a("a 4");
  append(*b, "b 2");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 4; }));
  EXPECT_EQ(a.counts().proposed, 2U) << "neither of the last two";
  held.let_go();
  ASSERT_TRUE(eventually([&] { return held.seen.words() == 6 && b->follower.words() == 6; }));
  EXPECT_TRUE(eventually([&] { return a.counts().proposed == 3U; })) << "both in one";
  EXPECT_EQ(held.seen.groups(), b->follower.groups());
  EXPECT_EQ(held.seen.dropped(), 0U);
}

void post(const std::string& endpoint, const std::string& path, const std::string& body) {
  const std::string command = "curl -sf -m 10 --noproxy '*' -o /dev/null http://" + endpoint +
                              "/v3/auth/" + path + " -d '" + body + "'";
  ASSERT_TRUE(eventually([&] { return WEXITSTATUS(std::system(command.c_str())) == 0; })) << path;
}

TEST_F(EtcdLimitsTest, WithAPasswordAMemberThatIsDeadAtTheStartIsPassedOver) {
  begin_cluster(3);
  const auto endpoints = cluster_->endpoints();
  post(endpoints[0], "user/add", R"({"name":"root","password":"secret"})");
  post(endpoints[0], "role/add", R"({"name":"root"})");
  post(endpoints[0], "user/grant", R"({"user":"root","role":"root"})");
  post(endpoints[0], "enable", "{}");
  cluster_->member(0).end(SIGKILL);
  auto with_password = open_etcd({.endpoints = endpoints, .user = "root", .password = "secret",
                                  .patience = 800ms});
  ASSERT_TRUE(with_password);
  ASSERT_TRUE(eventually([&] {
    return (*with_password)->txn({.then = {KvRange{.key = "k"}}}).has_value();
  }));
  auto a = node("a", *std::move(with_password));
  append(*a, "a 1");
  EXPECT_TRUE(eventually([&] { return a->follower.words() == 1; }));
  const auto wrong = open_etcd({.endpoints = endpoints, .user = "root", .password = "wrong"});
  EXPECT_FALSE((*wrong)->txn({.then = {KvRange{.key = "k"}}}));
}

TEST_F(EtcdLimitsTest, APasswordLeavesTheMachineUnderTlsAlone) {
  for (const char* host : {"10.0.0.1:2379", "etcd.example.org:2379", "localhost.example.org:2379",
                           "127.0.0.1.example.org:2379"}) {
    const auto opened = open_etcd({.endpoints = {"127.0.0.1:2379", host}, .user = "u"});
    ASSERT_FALSE(opened) << host;
    EXPECT_NE(opened.error().message.find("--etcd-ca"), std::string::npos);
  }
  EXPECT_TRUE(open_etcd({.endpoints = {"127.0.0.1:2379", "localhost:1", "[::1]:2"}, .user = "u"}));
}

// An empty text would count as not given, and every public authority would be trusted.
TEST(EtcdTlsTest, AnOptionWhoseFileIsEmptyIsRefused) {
  const std::string folder = make_own_folder("etcd-tls");
  const std::string empty = folder + "/empty.pem";
  std::ofstream(empty).close();
  for (const auto& [file, option] :
       {std::pair{&EtcdOptions::ca, "--etcd-ca"}, std::pair{&EtcdOptions::cert, "--etcd-cert"},
        std::pair{&EtcdOptions::key, "--etcd-key"}}) {
    EtcdOptions one{.endpoints = {"127.0.0.1:2379"}};
    one.*file = empty;
    const auto opened = open_etcd(one);
    ASSERT_FALSE(opened) << option;
    EXPECT_EQ(opened.error().code, Code::INVALID_FIELD) << option;
    EXPECT_EQ(opened.error().field, option);
    EXPECT_NE(opened.error().message.find(empty), std::string::npos);
  }
  std::filesystem::remove_all(folder);
}

TEST_F(EtcdLimitsTest, WhatWasForgottenBeforeIsDone) {
  const auto put = kv_->txn({.then = {KvPut{.key = "k", .value = "v"}}});
  ASSERT_TRUE(put);
  EXPECT_TRUE(kv_->compact(put->revision));
  EXPECT_TRUE(kv_->compact(put->revision));
  EXPECT_TRUE(kv_->compact(put->revision - 1));
}

}  // namespace
}  // namespace suyuan::test
