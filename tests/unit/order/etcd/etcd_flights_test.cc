// EtcdOrder with several groups in flight, on an etcd in memory: whatever comes first, is lost or
// is not answered, each proposal is in the log once and in its order, and no healthy node stops.
#include <random>
#include <thread>

#include "tests/unit/order/etcd/tower.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kLog = "trace";

OrderPlace base() { return {.position = 0, .mark = mark_of("base")}; }

class EtcdFlightsTest : public ::testing::Test {
 protected:
  EtcdFlightsTest() {
    MemoryKv kv(etcd_, 0);
    SUYUAN_CHECK(found_log(kv, kLog, {.ledger = mark_of("ledger"), .base = base()}));
  }
  ~EtcdFlightsTest() override {
    tower_.let_pass();
    order_.reset();
  }
  static EtcdOrderOptions options(const std::string& node = "a") {
    return {.log = kLog,
            .ledger = mark_of("ledger"),
            .node = node,
            .clock = [] { return int64_t{1000}; },
            .decode = decode_word,
            .sign = [key = std::make_shared<KeyPair>(key_of_node(node))](
                        BytesView text) { return sign(key->secret, text); },
            .nodes = nodes_of_log(),
            .flights_max = 3,
            .flight_gap = 0ms,
            .patience = 5000ms,
            .lease = 1s,
            .pulse = 3ms,
            .drain = 5000ms};
  }
  void begin(EtcdOrderOptions with) {
    order_ = std::make_unique<EtcdOrder>(std::move(with), std::make_unique<TowerKv>(etcd_, tower_));
    order_->follow(base(), follower_);
  }
  void append(const std::string& text) {
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    ASSERT_TRUE(eventually([&] { return order_->append(word).has_value(); }));
  }
  // Two groups, after which three may be in flight.
  void warm_up() {
    for (size_t i = 1; i <= 2; ++i) {
      append("warm " + std::to_string(i));
      ASSERT_TRUE(eventually([&] { return follower_.words() == i && order_->counts().proposed == i; }));
    }
    tower_.hold();
  }
  // Three words in three groups, none of them done.
  void send_three() {
    for (size_t i = 1; i <= 3; ++i) {
      append("word " + std::to_string(i));
      ASSERT_TRUE(tower_.has(i));
    }
  }
  // What came behind the first two.
  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (const Seen& group : follower_.groups()) {
      all.insert(all.end(), group.words.begin(), group.words.end());
    }
    all.erase(all.begin(), all.begin() + std::min<ptrdiff_t>(2, std::ssize(all)));
    return all;
  }
  void expect_words(const std::vector<std::string>& expected) {
    EXPECT_TRUE(eventually([&] { return words() == expected; }))
        << ::testing::PrintToString(words());
    EXPECT_EQ(follower_.dropped(), 0U);
  }
  // Of node b, behind what is there.
  void add_foreign(const std::string& word) {
    const LogKeys keys{kLog};
    const auto tail =
        *decode_place(etcd_.txn({.then = {KvRange{.key = keys.tail()}}}).ranges[0][0].value);
    Bytes value = encode_group({.before = tail.mark, .node = "b", .proposals = {word}});
    set_signature(value, sign(key_of_node("b").secret,
                              signed_text(Signed::group, mark_of("ledger"), kLog, value)));
    const OrderPlace at{.position = tail.position + 1, .mark = mark_of(value)};
    etcd_.txn({.then = {KvPut{.key = keys.group(at.position), .value = value},
                        KvPut{.key = keys.tail(), .value = encode_place(at)}}});
  }

  MemoryEtcd etcd_;
  Tower tower_;
  Remembering follower_;
  std::unique_ptr<EtcdOrder> order_;
};

TEST_F(EtcdFlightsTest, SeveralAreInFlightAtOnceUpToTheBoundAndLandInTheirOrder) {
  begin(options());
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
  begin(options());
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
  begin(options());
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
  begin(options());
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
  begin(options());
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
  auto with = options();
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
  begin(options());
  append("word 0");
  ASSERT_TRUE(eventually([&] { return follower_.words() == 1; }));
  const OrderPlace first = follower_.groups().back().at;
  append("word 00");
  ASSERT_TRUE(eventually([&] { return follower_.words() == 2 && order_->counts().proposed == 2; }));
  tower_.hold();
  send_three();
  tower_.cut_others();  // the pulse would find it too
  const LogKeys keys{kLog};
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
  begin(options());
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
  auto with = options();
  with.drain = 100ms;
  begin(std::move(with));
  warm_up();
  send_three();
  append("word 4");
  tower_.cut_others();
  std::jthread stopping([&] { order_->stop(); });
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
  begin(options());
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
  auto with = options();
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

// An etcd that is far away.
class FarWatch final : public KvWatch {
 public:
  FarWatch(std::unique_ptr<KvWatch> inner, std::chrono::microseconds way)
      : inner_(std::move(inner)), way_(way) {}
  Result<std::vector<KvPair>> next() override {
    auto pairs = inner_->next();
    std::this_thread::sleep_for(way_);
    return pairs;
  }
  void cancel() override { inner_->cancel(); }

 private:
  const std::unique_ptr<KvWatch> inner_;
  const std::chrono::microseconds way_;
};

class FarKv final : public Kv {
 public:
  FarKv(MemoryEtcd& etcd, std::chrono::microseconds way) : inner_(etcd, 1), way_(way) {}
  Result<KvAnswer> txn(const KvTxn& txn) override {
    std::this_thread::sleep_for(way_);
    auto answer = inner_.txn(txn);
    std::this_thread::sleep_for(way_);
    return answer;
  }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from) override {
    SUYUAN_TRY(watch, inner_.watch(range, from));
    return std::unique_ptr<KvWatch>(std::make_unique<FarWatch>(std::move(watch), way_));
  }
  Result<Done> compact(int64_t revision) override { return inner_.compact(revision); }
  Result<int64_t> grant_lease(std::chrono::seconds life) override {
    return inner_.grant_lease(life);
  }
  Result<Done> keep_lease(int64_t lease) override { return inner_.keep_lease(lease); }
  Result<Done> revoke_lease(int64_t lease) override { return inner_.revoke_lease(lease); }

 private:
  MemoryKv inner_;
  const std::chrono::microseconds way_;
};

struct FarNode {
  FarNode(MemoryEtcd& etcd, EtcdOrderOptions with, std::chrono::microseconds way)
      : order(std::move(with), std::make_unique<FarKv>(etcd, way)) {
    order.follow(base(), follower);
  }
  // Gives how long it took until it was followed.
  std::chrono::microseconds post(const std::string& text) {
    const auto begin = std::chrono::steady_clock::now();
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    EXPECT_TRUE(eventually([&] { return order.append(word).has_value(); }));
    EXPECT_TRUE(follower.waits_for(text));
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
  }
  class Waited final : public Follower {
   public:
    Result<Done> on_group(OrderedGroup group) override {
      {
        const std::scoped_lock lock(mutex_);
        ++groups;
        for (const auto& one : group.proposals) words_.insert(as<Word>(*one).text());
      }
      moved_.notify_all();
      return Done{};
    }
    void on_dropped(Proposals, const Error& reason) override {
      EXPECT_EQ(reason.code, Code::STOPPING) << to_text(reason);
    }
    bool waits_for(const std::string& word) {
      std::unique_lock lock(mutex_);
      return moved_.wait_for(lock, 30s, [&] { return words_.contains(word); });
    }
    std::atomic<size_t> groups = 0;

   private:
    std::mutex mutex_;  // guards the words
    std::condition_variable moved_;
    std::set<std::string> words_;
  };
  Waited follower;
  EtcdOrder order;
};

struct Load {
  size_t senders = 64;  // each waits for its answer, then thinks for up to so long
  std::chrono::microseconds thinks{};
  size_t bytes = 0;  // of a word
  std::chrono::milliseconds lasts{};
};
struct Rate {
  double words = 0;  // a second
  double answered_ms = 0;
  double groups = 0;  // a second
};
Rate rate_of(FarNode& node, const Load& load) {
  std::atomic<size_t> done = 0;
  std::atomic<int64_t> waited_us = 0;
  const size_t groups = node.follower.groups;
  const auto begin = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (size_t n = 0; n < load.senders; ++n) {
      threads.emplace_back([&, n] {
        std::mt19937 random(static_cast<uint32_t>(n));
        for (size_t i = 0; std::chrono::steady_clock::now() < begin + load.lasts; ++i) {
          std::this_thread::sleep_for(load.thinks * (random() % 1000) / 1000);
          waited_us += node.post(std::to_string(n) + " " + std::to_string(i) + " " +
                                 std::to_string(begin.time_since_epoch().count()) + " " +
                                 std::string(load.bytes, 'x')).count();
          ++done;
        }
      });
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return {.words = static_cast<double>(done) / took.count(),
          .answered_ms = static_cast<double>(waited_us) / 1000 / static_cast<double>(done),
          .groups = static_cast<double>(node.follower.groups - groups) / took.count()};
}

// SUYUAN_FLIGHT_MS: another distance, and for longer.
TEST_F(EtcdFlightsTest, AFarEtcdTakesMoreWithSeveralInFlight) {
  const char* text = std::getenv("SUYUAN_FLIGHT_MS");
  const auto flight = std::chrono::milliseconds(text == nullptr ? 20 : std::atoi(text));
  const auto lasts = text == nullptr ? 500ms : 5000ms;
  std::map<size_t, double> large;
  for (const size_t max : {1U, 8U}) {
    MemoryEtcd etcd;
    MemoryKv kv(etcd, 0);
    ASSERT_TRUE(found_log(kv, kLog, {.ledger = mark_of("ledger"), .base = base()}));
    auto with = options();
    with.flights_max = max;
    with.flight_gap = EtcdOrderOptions{}.flight_gap;
    FarNode node(etcd, std::move(with), flight / 2);
    node.post("first");
    rate_of(node, {.bytes = 700, .lasts = lasts});  // until the window is open
    const std::map<std::string, Load> loads = {
        {"batches of 256", {.bytes = 256 * 700, .lasts = lasts}},
        {"singles", {.bytes = 700, .lasts = lasts}},
        {"singles now and then", {.thinks = 3 * flight, .bytes = 700, .lasts = lasts}}};
    for (const auto& [what, load] : loads) {
      const Rate rate = rate_of(node, load);
      std::printf("%s, %zu in flight: %.0f a second in %.0f groups, answered after %.1f ms\n",
                  what.c_str(), max, rate.words, rate.groups, rate.answered_ms);
      if (load.bytes > 700) large[max] = rate.words;
    }
  }
  EXPECT_GT(large[8], 1.2 * large[1]);
}

// A node that fills the line leaves room for another, which knows the log's end only late.
TEST_F(EtcdFlightsTest, ANodeUnderLoadDoesNotStarveAnother) {
  auto of_a = options();
  of_a.flight_gap = 1ms;
  of_a.flights_max = 8;
  FarNode a(etcd_, std::move(of_a), 4ms);
  FarNode b(etcd_, options("b"), 4ms);
  a.post("a first");
  std::atomic<bool> over = false;
  std::vector<std::jthread> makers;
  for (int n = 0; n < 16; ++n) {
    makers.emplace_back([&, n] {
      for (size_t i = 0; !over; ++i) a.post("a " + std::to_string(n) + " " + std::to_string(i));
    });
  }
  std::this_thread::sleep_for(200ms);
  std::chrono::microseconds longest{};
  for (int i = 0; i < 10; ++i) {
    longest = std::max(longest, b.post("b " + std::to_string(i)));
    std::this_thread::sleep_for(100ms);
  }
  over = true;
  makers.clear();
  std::printf("b waited for %.0f ms at most\n", static_cast<double>(longest.count()) / 1000);
  EXPECT_LT(longest, 2s);
}

}  // namespace
}  // namespace suyuan::test
