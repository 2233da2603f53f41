// Scrub: slowly reads everything that the node holds, again and again, to find what the disk
// changed before somebody needs it. It checks every block's checksum in the store's files, every
// leaf, record and payload against the tree, and every attachment against its name. Opening finds
// none of these faults, and reading finds one only where it reads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <prometheus/metric_family.h>

#include "ledger/merkle/frontier.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/clock.h"

namespace suyuan {

class Scrub {
 public:
  struct Parts {
    const RocksStore& store;
    Clock clock;
    std::function<void(const Error&)> on_damage;  // on the scrub's thread
  };
  struct Pace {
    uint64_t bytes_per_second = 0;  // not 0
    std::chrono::seconds pause{0};  // before each pass
  };
  Scrub(Parts parts, Pace pace);
  ~Scrub();
  Scrub(const Scrub&) = delete;
  Scrub& operator=(const Scrub&) = delete;

  // Thread-safe.
  std::vector<prometheus::MetricFamily> families() const;

 private:
  void run();
  bool pass();
  bool read_files();
  bool read_log();
  bool read_bundle(uint64_t first, uint64_t size, Frontier& frontier);
  bool read_attachments();
  // Returns false if the node stops.
  bool spend(uint64_t bytes);
  void found(const Error& damage);

  const Parts parts_;
  const Pace pace_;
  std::atomic<uint64_t> bytes_ = 0;
  std::atomic<uint64_t> faults_ = 0;
  std::atomic<uint64_t> passes_ = 0;
  std::atomic<int64_t> last_ms_ = 0;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace suyuan
