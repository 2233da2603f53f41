// A cluster that is used and watched while a test injects faults.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <random>

#include "ledger/proof/checkpoint.h"
#include "tests/crash/cluster.h"
#include "tests/crash/outside.h"

namespace suyuan::test {

// How often each test repeats its fault: once in CI; tests/crash/cluster.sh repeats more.
inline size_t fault_rounds() {
  const char* rounds = std::getenv("SUYUAN_CLUSTER_ROUNDS");
  return rounds == nullptr ? 1 : std::max<size_t>(1, std::strtoul(rounds, nullptr, 10));
}

inline uint32_t fault_seed() {
  const char* seed = std::getenv("SUYUAN_SEED");
  if (seed == nullptr) return std::random_device{}();
  return static_cast<uint32_t>(std::strtoul(seed, nullptr, 10));
}

// Limits a process to a tenth of the CPU time, in slices.
class SlowedDown {
 public:
  explicit SlowedDown(pid_t pid) : pid_(pid) {
    thread_ = std::thread([this] {
      while (!is_over_) {
        ::kill(pid_, SIGSTOP);
        std::this_thread::sleep_for(std::chrono::milliseconds(90));
        ::kill(pid_, SIGCONT);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
  }
  ~SlowedDown() {
    is_over_ = true;
    thread_.join();
  }
  SlowedDown(const SlowedDown&) = delete;
  SlowedDown& operator=(const SlowedDown&) = delete;

 private:
  const pid_t pid_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

class FaultyCluster : public Cluster {
 protected:
  void TearDown() override {
    posting_.clear();
    watcher_.reset();
    Cluster::TearDown();
  }

  // Starts three clients that post, each as its own party, and a watcher of what nodes show.
  void begin() {
    constexpr std::array kParties = {"maker", "other-maker", "third-maker"};
    constexpr std::array kProducts = {"09521104301011", "09521103200018", "09521107200014"};
    for (size_t i = 0; i < kNodes; ++i) {
      const Inside inside(network(i));
      loads_.push_back(std::make_unique<Load>(data(0), rpc(i), kParties[i], kProducts[i]));
    }
    {
      const Inside inside(network(0));
      probe_ = std::make_unique<Load>(data(0), rpc(0), "prober", "09521101530001");
    }
    ASSERT_TRUE(settle()) << "all know the parties";
    const OpenNode open = [this](size_t i) { return try_open(i); };
    watcher_ = std::make_unique<Watcher>(kNodes, open);
    for (size_t i = 0; i < kNodes; ++i) {
      posting_.push_back(std::make_unique<SteadyLoad>(*loads_[i], kNodes, i, open));
    }
  }
  size_t acknowledged() const {
    size_t all = 0;
    for (const auto& one : posting_) all += one->acknowledged();
    return all;
  }
  // Waits until `more` further events are acknowledged, through any node.
  bool goes_on(size_t more = 30) const {
    const size_t before = acknowledged();
    return eventually([&] { return acknowledged() >= before + more; });
  }
  // Returns what node `i` answers to one more event; empty if it takes it.
  std::string refusal(size_t i) {
    const auto answer = ask(i)->submit(probe_->next());
    return answer.outcome ? "" : to_text(answer.outcome.error().front());
  }
  bool says(size_t i, std::string_view word) {
    return eventually([&] { return refusal(i).find(word) != std::string::npos; });
  }
  bool takes(size_t i) {
    return eventually([&] { return refusal(i).empty(); });
  }
  // Returns true once `i` has what the others had at the time of the call.
  bool follows(size_t i) const {
    const uint64_t leaves = stand((i + 1) % kNodes).leaves;
    return leaves > 0 && eventually([&] { return stand(i).leaves >= leaves; });
  }

  // Ends the nodes, and verifies that everything acknowledged is on all nodes, at its leaf; that
  // there is one ledger; and that nothing shown was withdrawn. Adds the counts to the results if
  // requested.
  void end(const std::string& what) {
    for (auto& one : posting_) one->stop();
    size_t turned_away = 0;
    for (const auto& one : posting_) {
      turned_away += one->turned_away();
      for (const auto& fault : one->faults()) ADD_FAILURE() << fault;
    }
    ASSERT_TRUE(settle());
    watcher_->stop();
    for (const auto& fault : watcher_->faults()) ADD_FAILURE() << fault;
    size_t acknowledged = 0;
    for (const auto& load : loads_) acknowledged += expect_all_hold(*load);
    for (size_t i = 0; i < kNodes; ++i) EXPECT_EQ(stop(i), 0) << "node " << i;
    const std::array stores = {store(0), store(1), store(2)};
    const size_t leaves = expect_same_stores(stores);
    expect_begins_with(stores[0]->reader(), watcher_->shown());
    const std::string counts = what + ": " + std::to_string(acknowledged) + " acknowledged, " +
                               std::to_string(turned_away) + " turned away and sent again, " +
                               std::to_string(leaves) + " leaves, " +
                               std::to_string(watcher_->shown().size()) + " checkpoints seen" +
                               (HasFailure() ? "; FAILED" : "; nothing lost, twice or withdrawn");
    std::printf("%s\n", counts.c_str());
    if (const char* results = std::getenv("SUYUAN_CLUSTER_RESULTS")) {
      std::ofstream(results, std::ios::app) << counts << "\n";
    }
  }
  size_t expect_all_hold(const Load& load) const {
    for (size_t i = 0; i < kNodes; ++i) {
      const auto connection = ask(i);
      for (const auto& [id, receipt] : load.acknowledged()) {
        const auto found = connection->receipt(id);
        if (!found.value || found.value->leaf != receipt.leaf) {
          ADD_FAILURE() << "node " << i << " does not have what was acknowledged";
          break;
        }
      }
    }
    return load.acknowledged().size();
  }

  std::vector<std::unique_ptr<Load>> loads_;
  std::unique_ptr<Load> probe_;
  std::vector<std::unique_ptr<SteadyLoad>> posting_;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace suyuan::test
