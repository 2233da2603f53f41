#include "node/pipeline/commit_thread.h"

#include <utility>

#include "ledger/base/check.h"

namespace suyuan {

CommitThread::~CommitThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<Done> CommitThread::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
  if (failed_) return Unexpected(*failed_);
  return Done{};
}

void CommitThread::start(Work work) {
  {
    const std::lock_guard lock(mutex_);
    SUYUAN_CHECK(!busy_ && !failed_);
    work_ = std::move(work);
    busy_ = true;
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

void CommitThread::run() {
  for (;;) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return busy_ || stopping_; });
      if (!busy_) return;
      work = std::exchange(work_, nullptr);
    }
    auto done = work();
    work = nullptr;  // frees what it holds before its owner hears that it has ended
    {
      const std::lock_guard lock(mutex_);
      if (!done) failed_ = std::move(done).error();
      busy_ = false;
    }
    changed_.notify_all();
  }
}

}  // namespace suyuan
