// FilePurge: removes what a notice erased from the store's files. The erasing commit removes the
// rows, and writes next to them which ones they were (kPurgeRows). RocksDB keeps the bytes in table
// files and logs until it happens to rewrite them. This makes it rewrite them, waits until the old
// files are gone, and removes the rows of kPurgeRows last: after a crash at any point, the next
// start completes it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include <prometheus/metric_family.h>

#include "ledger/store/rocks/rocks_store.h"
#include "node/ops/purge_rows.h"

namespace suyuan {

class FilePurge {
 public:
  // `on_seen`: an older view still sees something erased. On the purge's thread.
  explicit FilePurge(RocksStore& store, std::function<void()> on_seen = {});
  ~FilePurge();
  FilePurge(const FilePurge&) = delete;
  FilePurge& operator=(const FilePurge&) = delete;

  // Nothing more begins, and waiters in settle() get BUSY. Thread-safe.
  void stop();
  // Waits, for a bounded time, until no file holds anything that was erased before the call.
  // Errors: BUSY, IO. Thread-safe.
  Result<Done> settle();
  std::vector<prometheus::MetricFamily> families() const;  // thread-safe

 private:
  void run();
  // The number of sections that left all files; nullopt: none was due.
  Result<std::optional<size_t>> pass();
  Result<size_t> take_away(const Purged& purged);
  Result<Done> look_for_absent();
  Result<Done> wait_for_files(const std::vector<std::string>& files);
  bool pause(int64_t ms);  // false: we stop

  RocksStore& store_;
  const std::function<void()> on_seen_;
  std::atomic<uint64_t> purged_ = 0;
  uint64_t absent_ = 0;  // of the purge's thread: the number last reported
  std::mutex mutex_;     // for changed_
  std::condition_variable changed_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace suyuan
