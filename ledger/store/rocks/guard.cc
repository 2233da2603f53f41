// Guard: the first fault wins and stays.
#include "ledger/store/rocks/guard.h"

namespace suyuan {
namespace {

std::string_view word(rocksdb::BackgroundErrorReason reason) {
  using Reason = rocksdb::BackgroundErrorReason;
  switch (reason) {
    case Reason::kFlush:
    case Reason::kFlushNoWAL: return "flush";
    case Reason::kCompaction: return "compaction";
    case Reason::kWriteCallback: return "write callback";
    case Reason::kMemTable: return "memtable";
    case Reason::kManifestWrite:
    case Reason::kManifestWriteNoWAL: return "manifest write";
  }
  return "background work";
}

}  // namespace

void Guard::trip(const std::string& what) {
  const std::scoped_lock lock(mutex_);
  if (tripped_) return;
  fault_ = what;
  tripped_.store(true, std::memory_order_release);
}

std::string Guard::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

void Guard::OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) {
  trip("a " + std::string(word(reason)) + " of the store failed: " + status->ToString());
}

void Guard::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                 rocksdb::Status /*status*/, bool* auto_recovery) {
  *auto_recovery = false;
}

}  // namespace suyuan
