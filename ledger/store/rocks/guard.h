// Guard: remembers the first fault of a RocksDB. After a fault nothing more is committed.
#pragma once

#include <rocksdb/listener.h>

#include <atomic>
#include <mutex>

#include "ledger/base/error.h"

namespace suyuan {

// RocksDB reports background errors from its own threads; the store reports failed commits. RocksDB
// would resume after some errors. We never do: a failed sync may have lost the data it covered.
class Guard final : public rocksdb::EventListener {
 public:
  void trip(const std::string& what);
  bool tripped() const { return tripped_.load(std::memory_order_acquire); }
  std::string fault() const;

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status status,
                            bool* auto_recovery) override;

 private:
  mutable std::mutex mutex_;  // guards fault_; held only while it is copied
  std::string fault_;
  std::atomic<bool> tripped_ = false;
};

}  // namespace suyuan
