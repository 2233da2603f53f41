// CommitThread: a thread that does one thing while its owner prepares the next.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "ledger/base/error.h"

namespace suyuan {

// Of one owner at a time. What a work wrote is seen by whoever waited for it, and what the owner
// wrote before start() by the work: the two share all that neither touches meanwhile.
class CommitThread {
 public:
  using Work = std::function<Result<Done>()>;
  CommitThread() = default;
  ~CommitThread();  // waits for the work
  CommitThread(const CommitThread&) = delete;
  CommitThread& operator=(const CommitThread&) = delete;

  bool is_busy() const;
  // Until the work that was started has ended. The first error that any of them ended with: it
  // stays.
  Result<Done> wait();
  // After a wait() that went well.
  void start(Work work);

 private:
  void run();

  mutable std::mutex mutex_;  // guards all but thread_, never while a work runs
  std::condition_variable changed_;
  Work work_;
  bool busy_ = false;
  bool stopping_ = false;
  std::optional<Error> failed_;
  std::thread thread_;  // made with the first work
};

}  // namespace suyuan
