// Who looks at a cluster from outside, through whatever befalls it: a client that goes on with
// another node, a watcher of what nodes publish, and the comparison of what they hold in the end.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "ledger/store/rocks/read_only.h"
#include "tests/crash/load.h"

namespace suyuan::test {

// From any thread. UNAVAILABLE: the node does not run.
using OpenNode = std::function<Result<std::unique_ptr<Connection>>(size_t node)>;

// Posts one event after the other, each until it is acknowledged: whoever does not take it is left
// for the next node. Half of the events are of a few codes, whose chains so have an order.
class SteadyLoad {
 public:
  // `load` and what `open` needs outlive it.
  SteadyLoad(Load& load, size_t nodes, size_t first, OpenNode open);
  ~SteadyLoad() { stop(); }
  SteadyLoad(const SteadyLoad&) = delete;
  SteadyLoad& operator=(const SteadyLoad&) = delete;

  // Waits for the answer to the last event, a while.
  void stop();
  size_t acknowledged() const { return acknowledged_; }
  size_t turned_away() const { return turned_away_; }
  // After stop(): what should not have been answered.
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  void run(size_t at);
  bool post(const Submission& batch, size_t& at, std::unique_ptr<Connection>& connection);

  Load& load_;
  const size_t nodes_;
  const OpenNode open_;
  std::atomic<size_t> acknowledged_{0};
  std::atomic<size_t> turned_away_{0};
  std::atomic<bool> stopping_{false};
  std::vector<std::string> faults_;
  std::thread thread_;
};

// Reads each node's newest checkpoint, again and again: no tree has two texts, whoever shows it,
// and no node goes back behind what it has shown.
class Watcher {
 public:
  Watcher(size_t nodes, OpenNode open);
  ~Watcher() { stop(); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Its disk is new.
  void forget(size_t node);
  void stop();
  // After stop(). Each tree that any node showed, by size; what broke a rule.
  const std::map<uint64_t, std::string>& shown() const { return shown_; }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  void watch(size_t node);
  void saw(size_t node, const std::string& text);

  const OpenNode open_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards what follows
  std::vector<uint64_t> newest_;  // by node
  std::map<uint64_t, std::string> shown_;
  std::vector<std::string> faults_;
  std::vector<std::thread> threads_;
};

// Every store audited by itself; all hold the same log and what follows of it, in the same order
// for each code; nothing is there twice. Of all: the number of leaves.
size_t expect_same_stores(std::span<const std::unique_ptr<ReadOnlyRocks>> stores);
// Each tree that was shown is a beginning of this store's.
void expect_begins_with(const Reader& reader, const std::map<uint64_t, std::string>& shown);

}  // namespace suyuan::test
