// FilePurge: what a notice erased leaves the store's files. The commit that erases removes the
// rows, and writes beside them which those were (kPurgeRows); RocksDB keeps the bytes in table
// files and logs until it happens to write them anew. This makes it write them, waits until the old
// files are gone, and takes the rows of kPurgeRows away last: so a crash anywhere in between is
// made up for at the next start.
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
  // `on_seen`: something that was erased is seen by an older view still. On the purge's thread.
  explicit FilePurge(RocksStore& store, std::function<void()> on_seen = {});
  ~FilePurge();
  FilePurge(const FilePurge&) = delete;
  FilePurge& operator=(const FilePurge&) = delete;

  // Nothing more begins, and whoever waits in settle() is told BUSY. From any thread.
  void stop();
  // Waits, for a bounded time, until no file holds anything that was erased before the call. BUSY;
  // IO. From any thread.
  Result<Done> settle();
  std::vector<prometheus::MetricFamily> families() const;  // from any thread

 private:
  void run();
  // How many sections left all files; nullopt: none was due.
  Result<std::optional<size_t>> pass();
  Result<size_t> take_away(const Purged& purged);
  Result<Done> look_for_absent();
  Result<Done> wait_for_files(const std::vector<std::string>& files);
  bool pause(int64_t ms);  // false: we stop

  RocksStore& store_;
  const std::function<void()> on_seen_;
  std::atomic<uint64_t> purged_ = 0;
  uint64_t absent_ = 0;  // of the purge's thread: what was said of it
  std::mutex mutex_;     // for changed_
  std::condition_variable changed_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace suyuan
