// Observes a cluster from outside during faults: a client that fails over to another node, a
// watcher of what nodes publish, and a comparison of what they hold in the end.
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

// Thread-safe. Errors: UNAVAILABLE (the node does not run).
using OpenNode = std::function<Result<std::unique_ptr<Connection>>(size_t node)>;

// Posts one event after the other, each until it is acknowledged; if a node does not take it, the
// next node is asked. Half of the events are of a few codes, whose chains thus have an order.
class SteadyLoad {
 public:
  // `load` and what `open` uses must outlive it.
  SteadyLoad(Load& load, size_t nodes, size_t first, OpenNode open);
  ~SteadyLoad() { stop(); }
  SteadyLoad(const SteadyLoad&) = delete;
  SteadyLoad& operator=(const SteadyLoad&) = delete;

  // Waits a bounded time for the answer to the last event.
  void stop();
  size_t acknowledged() const { return acknowledged_; }
  size_t turned_away() const { return turned_away_; }
  // After stop(): answers that should not have been given.
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

// Reads each node's newest checkpoint repeatedly: no tree has two texts, on any node, and no node
// falls behind what it has shown.
class Watcher {
 public:
  Watcher(size_t nodes, OpenNode open);
  ~Watcher() { stop(); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // The node's disk is new.
  void forget(size_t node);
  void stop();
  // After stop(): each tree that any node showed, by size; and violations.
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

// Audits every store. Verifies that all hold the same log and derived rows, in the same order for
// each code, and that nothing is there twice. Returns the number of leaves.
size_t expect_same_stores(std::span<const std::unique_ptr<ReadOnlyRocks>> stores);
// Verifies that each shown tree is a prefix of this store's.
void expect_begins_with(const Reader& reader, const std::map<uint64_t, std::string>& shown);

}  // namespace suyuan::test
