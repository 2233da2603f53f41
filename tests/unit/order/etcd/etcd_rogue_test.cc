// EtcdOrder against who may write in etcd, who holds a node's key, and an etcd that was put back:
// nodes stop, and do not fork.
#include <latch>

#include "ledger/order/etcd/log_view.h"
#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

constexpr int64_t kLastTime = 253402300799999;

class EtcdRogueTest : public EtcdOrderFixture {
 protected:
  static void expect_reason(const Node& node, const std::string& words) {
    ASSERT_TRUE(eventually([&] { return node.follower.reason().has_value(); }));
    EXPECT_NE(node.follower.reason()->message.find(words), std::string::npos)
        << node.follower.reason()->message;
  }
  void put(const std::vector<KvStep>& steps) { ASSERT_TRUE(kv_->txn({.then = steps})); }
  void grow(Node& node, size_t words) {
    for (size_t i = 1; i <= words; ++i) {
      append(node, "a " + std::to_string(i));
      ASSERT_TRUE(eventually([&] { return node.follower.words() == i; }));
    }
  }
  const LogKeys keys_{kLog};
};

TEST_F(EtcdRogueTest, WhoHoldsNoNodesKeyMakesNoGroup) {
  auto a = node("a");
  for (int i = 0; i < 50; ++i) {
    add_group({.time_ms = kLastTime, .node = "nobody", .proposals = {"alone"}});
  }
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1; }));
  EXPECT_EQ(a->follower.groups().front().at.position, 51U);
  EXPECT_EQ(a->follower.groups().front().time_ms, 1000) << "the proposer's clock alone";
  auto b = node("b");
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 1; }));
  EXPECT_EQ(a->follower.groups(), b->follower.groups());
}

TEST_F(EtcdRogueTest, AGroupOfANodeThatSignsForAnotherOrHasTooManyIsLeftOut) {
  auto a = node("a");
  GroupEntry large{.node = "b", .proposals = {}};
  large.proposals.assign(limits::kGroupBatchesMax + 1, "b");
  add_group(large);
  large.proposals.pop_back();
  add_group(large);
  ASSERT_TRUE(eventually([&] { return a->follower.words() == limits::kGroupBatchesMax; }));
  EXPECT_EQ(a->follower.groups().front().at.position, 2U);
}

// Whoever may write in etcd could otherwise keep all nodes busy with parties that they do not know.
TEST_F(EtcdRogueTest, AGroupOfNobodyIsNothingThatIsStillToBeFollowed) {
  auto a = node("a");
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1; }));
  add_group({.node = "nobody", .proposals = {"alone"}});
  EXPECT_TRUE(eventually([&] { return a->order.has_followed(2); }));
  EXPECT_FALSE(a->order.has_followed(3));
}

TEST_F(EtcdRogueTest, ANodesTimeIsNotTakenOver) {
  auto a = node("a");
  add_group({.time_ms = 60'000, .node = "b", .proposals = {"bad"}});
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 1; }));
  EXPECT_EQ(a->follower.groups().front().time_ms, 1000);
}

TEST_F(EtcdRogueTest, AGroupFarAheadOfOurClockIsHeldUntilTheClockIsThere) {
  std::atomic<int64_t> now = 1000;
  auto with_clock = options("a");
  with_clock.clock = [&] { return now.load(); };
  Node a(std::move(with_clock), kv(), identity().base);
  const int64_t ahead = 1000 + 6 * 60 * 1000;
  add_group({.time_ms = ahead, .node = "b", .proposals = {"b 1"}});
  ASSERT_TRUE(eventually([&] { return !a.order.silence().empty(); }));
  EXPECT_NE(a.order.silence().find("ahead of this node's clock"), std::string::npos);
  std::unique_ptr<Proposal> word = std::make_unique<Word>("a 1", false);
  const auto refused = a.order.append(word);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::BUSY);
  EXPECT_EQ(a.follower.words(), 0U);
  now = ahead - 5 * 60 * 1000;
  ASSERT_TRUE(eventually([&] { return a.follower.words() == 1; }));
  EXPECT_EQ(a.order.silence(), "");
  append(a, "a 1");
  EXPECT_TRUE(eventually([&] { return a.follower.words() == 2; }));
}

TEST_F(EtcdRogueTest, AGroupThatStaysAheadStopsTheNodeInFrontOfIt) {
  auto brief = options("a");
  brief.hold = 300ms;
  const Node a(std::move(brief), kv(), identity().base);
  add_group({.time_ms = kLastTime, .node = "b", .proposals = {"bad"}});
  expect_reason(a, "ahead of this node's clock");
  EXPECT_EQ(a.follower.words(), 0U);
}

TEST_F(EtcdRogueTest, WhatThisProgramCannotJudgeStopsItAndIsNotPassed) {
  auto later = options("a");
  later.decode = [](BytesView bytes) -> Result<std::unique_ptr<Proposal>> {
    if (bytes.starts_with("\x03")) return fail(Code::STORE_TOO_NEW, "a later kind");
    return decode_word(bytes);
  };
  const Node a(std::move(later), kv(), identity().base);
  auto b = node("b");
  add_group({.node = "b", .proposals = {"\x03x"}});
  expect_reason(a, "STORE_TOO_NEW");
  EXPECT_TRUE(eventually([&] {
    const auto told = kv_->txn({.then = {KvRange{.key = keys_.node("a")}}});
    return told && told->ranges[0].size() == 1 &&
           decode_told(told->ranges[0][0].value)->at.position == 0;
  })) << "it is not passed, and the others hear how far we are";
  ASSERT_TRUE(eventually([&] { return b->follower.words() == 1; })) << "who knows it goes on";
  add_group({.judging = 2, .node = "a", .proposals = {"a 1"}});
  expect_reason(*b, "version 2 of the rules that decide");
  EXPECT_EQ(b->follower.words(), 1U);
}

TEST_F(EtcdRogueTest, AnEtcdPutBackIsNoticedByANodeThatWasBehind) {
  auto a = node("a");
  grow(*a, 5);
  const auto all = a->follower.groups();
  ASSERT_EQ(all.size(), 5U);
  put({KvDelete{.key = keys_.group(4)}, KvDelete{.key = keys_.group(5)},
       KvPut{.key = keys_.tail(), .value = encode_place(all[2].at)}});
  expect_reason(*a, "ROLLED_BACK");
  Node b(options("b"), kv(), all[2].at);
  std::unique_ptr<Proposal> word = std::make_unique<Word>("b 1", false);
  (void)b.order.append(word);
  expect_reason(b, "ROLLED_BACK");
  EXPECT_EQ(b.follower.words(), 0U) << "nothing was acknowledged";
}

TEST_F(EtcdRogueTest, ARevisionThatGoesBackIsAnEtcdThatWasPutBack) {
  auto between = std::make_unique<KvBetween>(kv());
  std::atomic<bool> back = false;
  between->change_answer = [&](KvAnswer& answer) {
    if (back) answer.revision = 0;
  };
  auto a = node("a", std::move(between));
  grow(*a, 1);
  back = true;
  expect_reason(*a, "ROLLED_BACK");
}

TEST_F(EtcdRogueTest, AnotherGroupAtAPlaceThatWasFollowedIsNoticed) {
  auto a = node("a");
  grow(*a, 2);
  const Bytes other = signed_group(
      {.before = identity().base.mark, .time_ms = 1000, .node = "b", .proposals = {"b 1"}});
  put({KvPut{.key = keys_.group(1), .value = other}});
  expect_reason(*a, "ROLLED_BACK");
}

TEST_F(EtcdRogueTest, ATailOfAnotherLogAtOurPlaceIsNoticed) {
  auto a = node("a");
  grow(*a, 2);
  put({KvPut{.key = keys_.tail(),
             .value = encode_place({.position = 2, .mark = mark_of("another")})}});
  expect_reason(*a, "ROLLED_BACK");
}

TEST_F(EtcdRogueTest, AnotherNodesWordOfAnotherGroupAtOurPlaceIsNoticedOnlyIfItSignedIt) {
  auto a = node("a");
  grow(*a, 2);
  Bytes told = encode_told({.at = {.position = 1, .mark = mark_of("another")}, .note = {}});
  put({KvPut{.key = keys_.node("b"), .value = told}});
  append(*a, "a 3");
  ASSERT_TRUE(eventually([&] { return a->follower.words() == 3; }));
  EXPECT_FALSE(a->follower.reason()) << "anybody may have written it";
  const auto text = signed_text(Signed::told, identity().ledger, kLog, told);
  set_signature(told, sign(key_of_node("b").secret, text));
  put({KvPut{.key = keys_.node("b"), .value = told}});
  expect_reason(*a, "ROLLED_BACK");
}

TEST_F(EtcdRogueTest, AWordFromBeforeTheLogBeganAnewStopsNobodyAndOneFromALaterBeginningDoes) {
  auto anew = options("a");
  anew.generation = {.position = 5, .mark = mark_of("generation")};
  Node a(std::move(anew), kv(), identity().base);
  grow(a, 2);
  const auto say = [&](const OrderPlace& generation) {
    Bytes told = encode_told({.at = {.position = 9, .mark = mark_of("another")},
                              .generation = generation,
                              .note = {}});
    const auto text = signed_text(Signed::told, identity().ledger, kLog, told);
    set_signature(told, sign(key_of_node("b").secret, text));
    put({KvPut{.key = keys_.node("b"), .value = told}});
  };
  say({});
  append(a, "a 3");
  ASSERT_TRUE(eventually([&] { return a.follower.words() == 3; }));
  std::this_thread::sleep_for(200ms);  // some pulses
  EXPECT_FALSE(a.follower.reason());
  say({.position = 6, .mark = mark_of("later")});
  expect_reason(a, "ROLLED_BACK");
}

TEST_F(EtcdRogueTest, KeysThatHideTheGroupsAreNoticed) {
  auto a = node("a");
  grow(*a, 1);
  a->order.stop();
  put({KvDelete{.key = keys_.group(1)}});
  for (int i = 1; i < 10; ++i) {
    put({KvPut{.key = keys_.group(1) + std::to_string(i), .value = "junk"}});
  }
  const auto b = node("b");
  expect_reason(*b, "keys among the log's groups");
}

// One member of etcd is enough for this, or its port where TLS is not used.
TEST_F(EtcdRogueTest, KeysThatWereNotAskedForAreLeftOut) {
  const auto b = node("b");
  put({KvPut{.key = keys_.shown("b"), .value = "a line"}});
  ASSERT_TRUE(put_address(*kv_, kLog, "b", "an address"));
  ASSERT_TRUE(put_head(*kv_, kLog, "b", "a head"));
  for (const std::string other : {"", "x", "another/key/of/etcd/that/is/longer"}) {
    const auto rename = [&](KvAnswer& answer) {
      for (auto& pairs : answer.ranges) {
        for (auto& [key, value] : pairs) {
          if (key != keys_.tail() && key != keys_.identity() && !keys_.position_of(key)) {
            key = other;
          }
        }
      }
    };
    std::atomic<size_t> pulses = 0;
    std::atomic<size_t> heard = 0;
    auto with = options("a");
    with.on_notes = [&](const std::map<std::string, Bytes>& notes) {
      ++pulses;
      heard += notes.size();
    };
    auto between = std::make_unique<KvBetween>(kv());
    between->change_answer = rename;
    Node a(std::move(with), std::move(between), identity().base);
    ASSERT_TRUE(eventually([&] { return pulses > 3; }));
    EXPECT_EQ(heard, 0U);
    EXPECT_FALSE(a.follower.reason());
    const auto shown = a.order.show({});
    ASSERT_TRUE(shown);
    EXPECT_TRUE(shown->empty());
    KvBetween looking(kv());
    looking.change_answer = rename;
    const auto view = view_log(looking, kLog, {});
    ASSERT_TRUE(view) << to_text(view.error());
    EXPECT_TRUE(view->heads.empty() && view->addresses.empty());
  }
}

TEST_F(EtcdRogueTest, ARevisionThatCannotBeIsNoAnswer) {
  auto between = std::make_unique<KvBetween>(kv());
  std::atomic<int64_t> other = 0;
  between->change_answer = [&](KvAnswer& answer) {
    if (other != 0) answer.revision = other;
  };
  auto a = node("a", std::move(between));
  grow(*a, 1);
  for (const int64_t one : {INT64_MAX, INT64_MIN, int64_t{-1}}) {
    other = one;
    std::this_thread::sleep_for(200ms);  // some pulses
  }
  other = 0;
  append(*a, "a 2");
  EXPECT_TRUE(eventually([&] { return a->follower.words() == 2; }));
  EXPECT_EQ(a->follower.reason_of("a 2").message, "was not dropped");
}

// An etcd that says of two groups of ours that they have one place. The watch has shown the first.
TEST_F(EtcdRogueTest, AGroupOfOursWhosePlaceAnotherOfOursTookIsAnswered) {
  std::latch taken(1);
  std::latch release(1);
  std::latch end(1);
  std::atomic<std::thread::id> tailer;
  std::atomic<std::thread::id> proposer;
  std::atomic<int> groups = 0;
  std::atomic<bool> is_held = false;
  auto between = std::make_unique<KvBetween>(kv());
  between->before_watch = [&] { tailer = std::this_thread::get_id(); };
  between->before_lease = [&] {
    if (groups > 0) end.wait();  // no pulse looks at the log meanwhile
  };
  between->before_group = [&] {
    proposer = std::this_thread::get_id();
    ++groups;
  };
  between->change_answer = [&](KvAnswer& answer) {
    if (std::this_thread::get_id() != proposer.load()) return;
    answer.held = groups > 1;
    if (groups > 1) return;
    taken.wait();
    answer.ranges = {{{.key = keys_.tail(), .value = encode_place(identity().base)}},
                     {{.key = keys_.group(1), .value = "another"}}};
  };
  auto with = options("a");
  with.majority = [&] {
    if (std::this_thread::get_id() == tailer.load() && !is_held.exchange(true)) {
      taken.count_down();
      release.wait();
    }
    return size_t{1};
  };
  Node a(std::move(with), std::move(between), identity().base);
  append(a, "a 1");
  EXPECT_TRUE(eventually([&] { return is_held.load(); }));
  append(a, "a 2");
  EXPECT_TRUE(eventually([&] { return a.follower.words() == 1; }));
  release.count_down();
  EXPECT_TRUE(eventually([&] { return a.follower.dropped() == 1; }));
  EXPECT_EQ(a.follower.reason_of("a 1").code, Code::BUSY);
  end.count_down();
}

// It lands behind a tail that is not of the group that turns out to stand there.
TEST_F(EtcdRogueTest, AGroupOfOursThatMeetsAForkIsAnswered) {
  auto between = std::make_unique<KvBetween>(kv());
  std::latch release(1);
  std::atomic<bool> watches = false;
  between->before_watch = [&] {
    watches = true;
    release.wait();
  };
  auto a = node("a", std::move(between));
  const Bytes other = signed_group(
      {.before = identity().base.mark, .time_ms = 1000, .node = "b", .proposals = {"b 1"}});
  ASSERT_TRUE(eventually([&] { return watches.load(); })) << "it has read the empty log";
  put({KvPut{.key = keys_.group(1), .value = other},
       KvPut{.key = keys_.tail(),
             .value = encode_place({.position = 1, .mark = mark_of("another")})}});
  append(*a, "a 1");
  EXPECT_TRUE(eventually([&] { return a->order.counts().proposed == 1; }));
  release.count_down();
  expect_reason(*a, "ROLLED_BACK");
  // "b 1" is followed or dropped, ours is dropped.
  ASSERT_TRUE(eventually([&] { return a->follower.words() + a->follower.dropped() == 2; }));
  EXPECT_GE(a->follower.dropped(), 1U);
}

TEST_F(EtcdRogueTest, WhatEtcdFindsTooLargeIsRefusedAndTheLogGoesOn) {
  auto between = std::make_unique<KvBetween>(kv());
  std::atomic<bool> refuse = true;
  between->refuse_group = [&]() -> Result<Done> {
    if (refuse.exchange(false)) return fail(Code::TOO_LARGE, "etcd: request is too large");
    return Done{};
  };
  auto a = node("a", std::move(between));
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.dropped() == 1; }));
  EXPECT_EQ(a->follower.reason()->code, Code::TOO_LARGE);
  append(*a, "a 2");
  EXPECT_TRUE(eventually([&] { return a->follower.words() == 1; }));
}

TEST_F(EtcdRogueTest, AGroupThatEtcdNeverTakesIsAnsweredBusyWithinPatience) {
  auto between = std::make_unique<KvBetween>(kv());
  between->refuse_group = [] { return Result<Done>(fail(Code::UNAVAILABLE, "refused")); };
  auto a = node("a", std::move(between));
  const auto began = std::chrono::steady_clock::now();
  append(*a, "a 1");
  ASSERT_TRUE(eventually([&] { return a->follower.dropped() == 1; }));
  EXPECT_EQ(a->follower.reason()->code, Code::BUSY);
  EXPECT_NE(a->follower.reason()->message.find("refused"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 20s);
  const auto stopping = std::chrono::steady_clock::now();
  append(*a, "a 2");
  a->order.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - stopping, 20s);
}

}  // namespace
}  // namespace suyuan::test
