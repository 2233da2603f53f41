// SizeWaiters: waits for the ledger to reach a size. Lives on the network thread; advance() is
// thread-safe.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>

namespace suyuan {

class SizeWaiters {
 public:
  explicit SizeWaiters(boost::asio::io_context& io, size_t waiters_max = 4096)
      : io_(io), waiters_max_(waiters_max) {}
  SizeWaiters(const SizeWaiters&) = delete;
  SizeWaiters& operator=(const SizeWaiters&) = delete;

  // Thread-safe.
  void advance(uint64_t size);
  // Network thread only. Calls `then(true)` once the ledger has `size` leaves, or `then(false)`
  // when `wait` has passed, or at once if too many wait already.
  void when(uint64_t size, std::chrono::milliseconds wait, std::function<void(bool)> then);
  // The newest size given to advance(). Thread-safe.
  uint64_t size() const { return size_.load(std::memory_order_acquire); }
  // Network thread only: all waiters get false.
  void stop();

 private:
  struct Waiter {
    Waiter(boost::asio::io_context& io, uint64_t s, std::function<void(bool)> t)
        : size(s), timer(io), then(std::move(t)) {}
    uint64_t size;
    boost::asio::steady_timer timer;
    std::function<void(bool)> then;  // empty once it was called
  };
  using Waiters = std::list<std::shared_ptr<Waiter>>;
  void wake();
  void drop(const std::shared_ptr<Waiter>& waiter);

  boost::asio::io_context& io_;
  const size_t waiters_max_;
  std::atomic<uint64_t> size_{0};
  Waiters waiters_;
};

}  // namespace suyuan
