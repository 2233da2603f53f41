// EtcdOrder and an etcd that is far away: what several groups in flight bring, and what they leave
// to other nodes.
#include <random>
#include <thread>

#include "tests/unit/order/etcd/tower.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

// An etcd that is far away.
class FarWatch final : public PassingWatch {
 public:
  FarWatch(std::unique_ptr<KvWatch> inner, std::chrono::microseconds way)
      : PassingWatch(std::move(inner)), way_(way) {}
  Result<std::vector<KvPair>> next() override {
    auto pairs = PassingWatch::next();
    std::this_thread::sleep_for(way_);
    return pairs;
  }

 private:
  const std::chrono::microseconds way_;
};

class FarKv final : public PassingKv {
 public:
  // `most`: becomes how many groups were under way at once.
  FarKv(MemoryEtcd& etcd, std::chrono::microseconds way, std::atomic<size_t>& most)
      : PassingKv(std::make_unique<MemoryKv>(etcd, 1)), way_(way), most_(most) {}
  Result<KvAnswer> txn(const KvTxn& txn) override {
    const bool adds = txn.when.size() == 2;  // a group
    if (adds) most_ = std::max<size_t>(most_, ++adding_);
    std::this_thread::sleep_for(way_);
    auto answer = inner().txn(txn);
    std::this_thread::sleep_for(way_);
    if (adds) --adding_;
    return answer;
  }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from) override {
    SUYUAN_TRY(watch, inner().watch(range, from));
    return std::unique_ptr<KvWatch>(std::make_unique<FarWatch>(std::move(watch), way_));
  }

 private:
  const std::chrono::microseconds way_;
  std::atomic<size_t> adding_ = 0;
  std::atomic<size_t>& most_;
};

struct FarNode {
  FarNode(MemoryEtcd& etcd, EtcdOrderOptions with, std::chrono::microseconds way)
      : order(std::move(with), std::make_unique<FarKv>(etcd, way, most)) {
    order.follow(flight_base(), follower);
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
  std::atomic<size_t> most = 0;  // groups under way at once
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
TEST(EtcdFar, AFarEtcdTakesMoreWithSeveralInFlight) {
  const char* text = std::getenv("SUYUAN_FLIGHT_MS");
  const auto flight = std::chrono::milliseconds(text == nullptr ? 20 : std::atoi(text));
  const auto lasts = text == nullptr ? 500ms : 5000ms;
  for (const size_t max : {1U, 8U}) {
    MemoryEtcd etcd;
    found_flight_log(etcd);
    auto with = flight_options();
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
    }
    EXPECT_EQ(node.most > 1, max > 1) << node.most;
  }
}

// How long b waits at most while a, with so many in flight, is loaded.
std::chrono::microseconds longest_next_to(size_t flights_max) {
  auto of_a = flight_options();
  of_a.flight_gap = 1ms;
  of_a.flights_max = flights_max;
  MemoryEtcd etcd;
  found_flight_log(etcd);
  FarNode a(etcd, std::move(of_a), 4ms);
  FarNode b(etcd, flight_options("b"), 4ms);
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
  return longest;
}

// A node that fills the line leaves room for another, which knows the log's end only late.
TEST(EtcdFar, ANodeUnderLoadDoesNotStarveAnother) {
  for (const size_t max : {1U, 8U}) {
    const auto longest = longest_next_to(max);  // each is answered
    std::printf("next to a node with %zu in flight one waited for %.0f ms at most\n", max,
                static_cast<double>(longest.count()) / 1000);
  }
}

}  // namespace
}  // namespace suyuan::test
