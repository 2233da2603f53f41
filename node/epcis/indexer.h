// The indexer: a thread that follows the log and keeps the EPCIS index behind it. Batches never
// wait for it; a query waits, bounded, until it has come as far as the query must see.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "node/epcis/index.h"

namespace suyuan::epcis {

class Indexer {
 public:
  struct Parts {
    const Store& store;
    Index& index;
    std::function<void(uint64_t size)> on_indexed;   // on its thread
    std::function<void(const Error&)> on_fault;      // on its thread; it has ended then
  };
  explicit Indexer(Parts parts) : parts_(std::move(parts)) {}
  ~Indexer() { stop(); }
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  void start();
  // From any thread: the log has so many leaves.
  void grown(uint64_t size);
  // Somebody waits until it has come so far.
  void want(uint64_t size);
  void stop();

 private:
  void run();
  Result<Done> follow(uint64_t size);

  const Parts parts_;
  std::mutex mutex_;  // guards the four below, for as long as it takes to read them
  uint64_t size_ = 0;
  uint64_t wanted_ = 0;
  uint64_t wake_at_ = 0;  // a smaller size wakes nobody: leaves are gathered
  bool stopping_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace suyuan::epcis
