// Three nodes of a log in a memory that behaves as etcd does, a seed at a time: answers are lost,
// requests do not arrive, lines are cut, watches break and tell things twice, nodes end and come
// back, groups are trimmed, clocks differ and jump, a fourth node lies about its own; how many of
// them a time needs, and by which key the fourth counts, changes at barriers. In two of three seeds
// nodes have several groups in flight, and requests take their time, so that they come to etcd in
// any order. Whatever comes: one log without a gap, of the same times, the same for all; nothing
// twice; what was not given back to its sender is in it; and the liar alone sets no time ahead.
#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/unit/order/etcd/etcd_fixture.h"
#include "tests/unit/order/etcd/memory_etcd.h"
#include "tests/unit/order/etcd/seed_voters.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::array kNames = {"a", "b", "late"};
constexpr size_t kSteps = 120;
constexpr std::array<size_t, 3> kFlightsMax = {1, 3, 8};  // of a node, by seed
constexpr int64_t kHourMs = 60 * 60 * 1000;

// What a node remembers over its lives: its store, and which words it gave back.
class Lives final : public Follower {
 public:
  void judge_by(SeedVoters& voters) { voters_ = &voters; }
  Result<Done> on_group(OrderedGroup group) override {
    const bool is_of_liar = voters_->majority() > 1 &&
                            group.time_ms > kSeedEpochMs + kSeedYearMs / 2;
    Seen seen{.at = {.position = group.position, .mark = group.mark},
              .time_ms = group.time_ms,
              .words = {}};
    for (const auto& one : group.proposals) {
      seen.words.push_back(as<Word>(*one).text());
      voters_->follow(seen.words.back());
    }
    const std::scoped_lock lock(mutex_);
    groups_.push_back(std::move(seen));
    if (is_of_liar) liar_moved_ = groups_.back().at.position;
    return Done{};
  }
  void on_dropped(Proposals proposals, const Error& reason) override {
    const std::scoped_lock lock(mutex_);
    for (const auto& one : proposals) given_back_.insert(as<Word>(*one).text());
    if (reason.code == Code::READ_ONLY) poisoned_ = to_text(reason);
  }
  OrderPlace at() const {
    const std::scoped_lock lock(mutex_);
    return groups_.empty() ? OrderPlace{.position = 0, .mark = mark_of("base")}
                           : groups_.back().at;
  }
  std::vector<Seen> groups() const {
    const std::scoped_lock lock(mutex_);
    return groups_;
  }
  std::set<std::string> given_back() const {
    const std::scoped_lock lock(mutex_);
    return given_back_;
  }
  std::string poisoned() const {
    const std::scoped_lock lock(mutex_);
    return poisoned_;
  }
  // A group whose time is what one node says of it; 0: none is.
  uint64_t liar_moved() const {
    const std::scoped_lock lock(mutex_);
    return liar_moved_;
  }

 private:
  SeedVoters* voters_ = nullptr;
  mutable std::mutex mutex_;  // guards all
  std::vector<Seen> groups_;
  std::set<std::string> given_back_;
  std::string poisoned_;
  uint64_t liar_moved_ = 0;
};

class Seed {
 public:
  // Node late has the fault.
  explicit Seed(uint32_t seed, SeedVoters::Fault fault = SeedVoters::Fault::none)
      : random_(seed),
        flights_max_(kFlightsMax[seed % kFlightsMax.size()]),
        voters_{SeedVoters(), SeedVoters(), SeedVoters(fault)} {
    MemoryKv kv(etcd_, 0);
    SUYUAN_CHECK(found_log(kv, "trace", {.ledger = mark_of("ledger"),
                                         .base = {.position = 0, .mark = mark_of("base")}}));
    for (size_t i = 0; i < kNames.size(); ++i) lives_[i].judge_by(voters_[i]);
    for (size_t i = 0; i < kNames.size(); ++i) begin(i);
  }

  // What is wrong; empty: nothing.
  std::string run() {
    for (size_t step = 0; step < kSteps; ++step) {
      one_step();
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 1500));
    }
    calm_ = true;
    if (!come_to_rest()) return "the nodes do not come to one end: " + ends();
    for (auto& node : nodes_) node.reset();
    return compare();
  }
  size_t groups() const { return lives_[0].groups().size(); }
  size_t given_back() const {
    size_t all = 0;
    for (const auto& one : lives_) all += one.given_back().size();
    return all;
  }

 private:
  EtcdOrderOptions options(size_t i) {
    const auto key = std::make_shared<const KeyPair>(key_of_node(kNames[i]));
    return {.log = "trace",
            .ledger = mark_of("ledger"),
            .node = kNames[i],
            .clock = [this, i] { return clock_of(i); },
            .decode = decode_word,
            .sign = [key](BytesView text) { return sign(key->secret, text); },
            .key_of = [this, i](const auto& node) { return voters_[i].key_of(node); },
            .majority = [this, i] { return voters_[i].majority(); },
            .group_proposals_max = flights_max_ > 1 ? size_t{2} : size_t{8},
            .flights_max = flights_max_,
            .flight_gap = std::chrono::milliseconds(flights_max_ > 3 ? 0 : 1),
            .patience = 150ms,
            .lease = 1s,
            .pulse = 3ms,
            .drain = 20ms,
            .ahead = std::chrono::hours(24 * 365 * 10)};  // nobody is held: times are compared
  }
  int64_t clock_of(size_t i) const {
    const auto since = std::chrono::steady_clock::now() - began_;
    return kSeedEpochMs + offsets_ms_[i] +
           std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  }
  void begin(size_t i) {
    auto kv = std::make_unique<KvBetween>(std::make_unique<MemoryKv>(etcd_, random_()));
    // Of the threads of this life alone; a seed gives what befalls each request in their order.
    struct Luck {
      std::mutex mutex;
      std::mt19937 random;
    };
    auto luck = std::make_shared<Luck>();
    luck->random.seed(random_());
    const auto one_in = [this, luck](uint32_t n) {
      const std::scoped_lock lock(luck->mutex);
      return !calm_ && luck->random() % n == 0;
    };
    kv->before_any = [this, i, one_in]() -> Result<Done> {
      const bool is_cut = !calm_ && std::chrono::steady_clock::now() < cut_until_[i].load();
      if (is_cut || one_in(40)) return fail(Code::UNAVAILABLE, "it did not arrive");
      return Done{};
    };
    const auto dawdle = [this, luck] {
      if (flights_max_ == 1) return;
      uint32_t us = 0;
      {
        const std::scoped_lock lock(luck->mutex);
        us = static_cast<uint32_t>(luck->random() % 700);
      }
      std::this_thread::sleep_for(std::chrono::microseconds(us));
    };
    kv->before_group = dawdle;
    kv->lose_answer = [one_in, dawdle] {
      dawdle();
      return one_in(6);
    };
    nodes_[i] = std::make_unique<EtcdOrder>(options(i), std::move(kv));
    nodes_[i]->follow(lives_[i].at(), lives_[i]);
  }
  void one_step() {
    const size_t i = random_() % kNames.size();
    const auto what = random_() % 100;
    if (what < 3) {
      nodes_[i].reset();
      begin(i);
    } else if (what < 6) {
      cut_until_[i] =
          std::chrono::steady_clock::now() + std::chrono::milliseconds(random_() % 250);
    } else if (what < 10) {
      uint64_t all_have = UINT64_MAX;
      for (const auto& one : lives_) all_have = std::min(all_have, one.at().position);
      for (const auto& node : nodes_) node->trim(all_have);
    } else if (what < 14) {
      const std::array<int64_t, 6> jumps = {0, 0, 20'000, -20'000, 3 * kHourMs, -3 * kHourMs};
      offsets_ms_[i] = jumps[random_() % jumps.size()] + static_cast<int64_t>(random_() % 5000);
    } else if (what < 18) {
      append(i, "alone barrier majority " + std::to_string(1 + random_() % 3));
    } else if (what < 21) {
      append(i, "alone barrier gap " + std::to_string(random_() % 3));
    } else if (what < 27) {
      liar_.say();
    } else if (what < 33) {
      of_liar_.insert("word gap " + std::to_string(++words_));
      liar_.add("word gap " + std::to_string(words_));
    } else {
      const size_t count = flights_max_ > 1 ? 1 + random_() % 3 : 1;
      for (size_t n = 0; n < count; ++n) {
        append(i, std::string(random_() % 10 == 0 ? "alone " : "word ") + kNames[i]);
      }
    }
  }
  // Gives the word; empty: it was not taken.
  std::string append(size_t i, const std::string& what) {
    const std::string text = what + " " + std::to_string(++words_);
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    if (!nodes_[i]->append(word)) return "";
    appended_.insert(text);
    return text;
  }
  // A follower does not see the liar's last groups where they do not count: one word comes behind.
  bool come_to_rest() {
    const LogKeys keys{"trace"};
    std::string last;
    return eventually([&] {
      if (last.empty() || lives_[0].given_back().contains(last)) last = append(0, "word last");
      const auto answer = etcd_.txn({.then = {KvRange{.key = keys.tail()}}});
      const auto tail = decode_place(answer.ranges[0][0].value);
      bool rests = !last.empty() && missing().empty();
      for (size_t i = 0; i < kNames.size(); ++i) {
        rests = rests && nodes_[i]->load().proposals == 0 && lives_[i].at() == *tail;
      }
      return rests;
    });
  }
  // Words that were taken, not given back, and are not there.
  std::vector<std::string> missing() const {
    std::set<std::string> held;
    for (const Seen& group : lives_[0].groups()) {
      held.insert(group.words.begin(), group.words.end());
    }
    for (const auto& one : lives_) held.merge(one.given_back());
    std::vector<std::string> all;
    std::ranges::set_difference(appended_, held, std::back_inserter(all));
    return all;
  }
  std::string ends() const {
    std::string text = std::to_string(missing().size()) + " words missing; nodes at";
    for (const auto& one : lives_) {
      text += " " + std::to_string(one.at().position);
      if (!one.poisoned().empty()) text += " (" + one.poisoned() + ")";
    }
    return text;
  }
  std::string compare() const {
    const auto first = lives_[0].groups();
    for (const auto& one : lives_) {
      if (!one.poisoned().empty()) return "a node stopped: " + one.poisoned();
      if (const auto moved = one.liar_moved()) {
        return "who lies moved time at " + std::to_string(moved);
      }
      const auto groups = one.groups();
      for (size_t i = 0; i < std::min(groups.size(), first.size()); ++i) {
        if (groups[i] == first[i]) continue;
        return (groups[i].time_ms != first[i].time_ms ? "two nodes came to two times at "
                                                      : "two nodes followed two logs at ") +
               std::to_string(first[i].at.position);
      }
      if (groups.size() != first.size()) return "two nodes followed two logs to their end";
    }
    uint64_t position = 0;
    std::set<std::string> seen;
    for (const Seen& group : first) {
      if (group.at.position <= position) return "back at " + std::to_string(position);
      position = group.at.position;
      for (const auto& word : group.words) {
        if (!seen.insert(word).second) return "twice: " + word;
        if (!appended_.contains(word) && !of_liar_.contains(word)) return "of nobody: " + word;
        if (word.starts_with("alone") && group.words.size() > 1) return "not alone: " + word;
      }
    }
    if (position - first.size() > of_liar_.size()) return "groups were left out";
    return "";
  }

  std::mt19937 random_;
  const size_t flights_max_;
  MemoryEtcd etcd_;
  LyingNode liar_{etcd_, random_};
  std::array<SeedVoters, kNames.size()> voters_;
  const SteadyTime began_ = std::chrono::steady_clock::now();
  std::array<std::atomic<int64_t>, kNames.size()> offsets_ms_{};
  std::atomic<bool> calm_{false};
  std::array<std::atomic<SteadyTime>, kNames.size()> cut_until_{};
  std::array<Lives, kNames.size()> lives_;
  std::set<std::string> appended_;
  std::set<std::string> of_liar_;
  size_t words_ = 0;
  std::array<std::unique_ptr<EtcdOrder>, kNames.size()> nodes_;  // last: they use all of the above
};

// Seeds from one on, some side by side: they wait more than they reckon. Gives what was wrong: of
// nodes with a fault, of the first that show it.
std::vector<std::string> run_seeds(size_t from, size_t count, SeedVoters::Fault fault) {
  std::atomic<size_t> next = 0;
  std::atomic<size_t> groups = 0;
  std::atomic<size_t> given_back = 0;
  std::mutex mutex;  // guards wrong
  std::vector<std::string> wrong;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (size_t n = next++; n < count; n = next++) {
        Seed seed(static_cast<uint32_t>(from + n), fault);
        const std::string found = seed.run();
        groups += seed.groups();
        given_back += seed.given_back();
        if (found.empty()) continue;
        const std::scoped_lock lock(mutex);
        wrong.push_back("seed " + std::to_string(from + n) + ": " + found);
        if (fault != SeedVoters::Fault::none) next = count;  // one is enough
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::printf("up to %zu seeds from %zu, %zu groups, %zu words given back, %zu seeds wrong\n",
              count, from, groups.load(), given_back.load(), wrong.size());
  return wrong;
}

// SUYUAN_ORDER_SEEDS: how many, and SUYUAN_SEED: from which on.
TEST(OrderSeeds, OneLogWithoutAGapAndOfOneTimeWhateverComes) {
  const auto number = [](const char* name, size_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
  };
  const auto wrong = run_seeds(number("SUYUAN_SEED", 1), number("SUYUAN_ORDER_SEEDS", 60),
                               SeedVoters::Fault::none);
  for (const auto& one : wrong) ADD_FAILURE() << one;
}

// What the test above is worth.
TEST(OrderSeeds, FindANodeThatForgetsAMajorityOrAKeyThatCameByABarrier) {
  EXPECT_FALSE(run_seeds(1, 60, SeedVoters::Fault::forgets_majority).empty());
  EXPECT_FALSE(run_seeds(1, 60, SeedVoters::Fault::forgets_key).empty());
}

}  // namespace
}  // namespace suyuan::test
