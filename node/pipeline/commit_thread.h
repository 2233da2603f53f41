// CommitThread: a thread that does one thing while its owner prepares the next.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "ledger/base/error.h"

namespace suyuan {

// Used by one thread at a time, its owner. The owner sees what the work wrote once wait() has
// returned; the work sees what the owner wrote before start(). They may share whatever neither
// writes in between.
class CommitThread {
 public:
  using Work = std::function<Result<Done>()>;
  CommitThread() = default;
  ~CommitThread();  // waits for the work
  CommitThread(const CommitThread&) = delete;
  CommitThread& operator=(const CommitThread&) = delete;

  // Returns when the started work has ended. Returns the first error that any work ended with,
  // from then on every time.
  Result<Done> wait();
  // REQUIRES: the last wait() returned no error, and nothing was started since.
  void start(Work work);

 private:
  void run();

  std::mutex mutex_;  // guards all except thread_; never held while work runs
  std::condition_variable changed_;
  Work work_;
  bool busy_ = false;
  bool stopping_ = false;
  std::optional<Error> failed_;
  std::thread thread_;  // made with the first work
};

}  // namespace suyuan
