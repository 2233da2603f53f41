// A small thread pool that runs its tasks in order, for the parallel parts of an audit.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace suyuan {

class Pool {
 public:
  explicit Pool(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  // Drops tasks that have not begun and waits for those that run.
  ~Pool() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
      waiting_.clear();
    }
    changed_.notify_all();
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Queues a task. The caller bounds the number of queued tasks.
  template <class Work>
  auto give(Work work) -> std::future<decltype(work())> {
    auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
    auto done = task->get_future();  // shared, because std::function copies its captures
    {
      const std::scoped_lock lock(mutex_);
      waiting_.emplace_back([task] { (*task)(); });
    }
    changed_.notify_one();
    return done;
  }

 private:
  void run() {
    for (;;) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        work = std::move(waiting_.front());
        waiting_.pop_front();
      }
      work();
    }
  }

  std::mutex mutex_;  // guards the two members below; held only while a task is queued or taken
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::condition_variable changed_;
  std::vector<std::jthread> threads_;  // last, so that they end before what they use
};

}  // namespace suyuan
