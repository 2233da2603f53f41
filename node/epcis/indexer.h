// The indexer: a thread that follows the log and keeps the EPCIS index up to date. Batches never
// wait for it. A query waits, with a time limit, until the index covers what the query must see.
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
    std::function<void(uint64_t size)> on_indexed;  // called on its thread
    std::function<void(const Error&)> on_fault;     // called on its thread, which has ended then
  };
  explicit Indexer(Parts parts) : parts_(std::move(parts)) {}
  ~Indexer() { stop(); }
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  void start();
  // Tells the indexer that the log has `size` leaves. Thread-safe.
  void grown(uint64_t size);
  // Tells the indexer that somebody waits for this size.
  void want(uint64_t size);
  void stop();

 private:
  void run();
  Result<Done> follow(uint64_t size);

  const Parts parts_;
  std::mutex mutex_;  // guards the four below; held only while they are read
  uint64_t size_ = 0;
  uint64_t wanted_ = 0;
  uint64_t wake_at_ = 0;  // a smaller size wakes nobody, so that leaves are indexed in groups
  bool stopping_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace suyuan::epcis
