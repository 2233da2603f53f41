// A pool of threads with a bounded queue: signature checks and questions run here, off the network
// thread.
#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <utility>

namespace suyuan {

class Workers {
 public:
  Workers(size_t threads, size_t queued_max) : pool_(threads), queued_max_(queued_max) {}
  ~Workers() { stop(); }

  // Returns false if the queue is full and nothing was taken (answer BUSY).
  template <class Work>
  [[nodiscard]] bool post(Work work) {
    if (queued_.fetch_add(1, std::memory_order_relaxed) >= queued_max_) {
      queued_.fetch_sub(1, std::memory_order_relaxed);
      return false;
    }
    boost::asio::post(pool_, [this, work = std::move(work)]() mutable {
      work();
      queued_.fetch_sub(1, std::memory_order_relaxed);
    });
    return true;
  }

  size_t queued() const { return queued_.load(std::memory_order_relaxed); }
  // Ends when everything that was taken is done.
  void stop() { pool_.join(); }

 private:
  boost::asio::thread_pool pool_;
  const size_t queued_max_;
  std::atomic<size_t> queued_{0};
};

}  // namespace suyuan
