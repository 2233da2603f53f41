#include "node/pipeline/size_waiters.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace suyuan {

void SizeWaiters::advance(uint64_t size) {
  size_.store(size,
              std::memory_order_release);  // One writer: the committer, or the start.
  boost::asio::post(io_, [this] { wake(); });
}

void SizeWaiters::when(uint64_t size, std::chrono::milliseconds wait,
                       std::function<void(bool)> then) {
  if (size <= this->size()) return then(true);
  if (wait.count() <= 0 || waiters_.size() >= waiters_max_) return then(false);
  auto waiter = std::make_shared<Waiter>(io_, size, std::move(then));
  waiters_.push_back(waiter);
  waiter->timer.expires_after(wait);
  // The timer may already have fired when the size is reached: a waiter answered then has no `then`
  // left.
  waiter->timer.async_wait([this, weak = std::weak_ptr(waiter)](boost::system::error_code error) {
    const auto late = weak.lock();
    if (!error && late && late->then) drop(late);
  });
}

void SizeWaiters::drop(const std::shared_ptr<Waiter>& waiter) {
  waiters_.remove(waiter);
  std::exchange(waiter->then, nullptr)(false);
}

void SizeWaiters::wake() {
  Waiters reached;
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    const auto next = std::next(waiter);
    if ((*waiter)->size <= size()) reached.splice(reached.end(), waiters_, waiter);
    waiter = next;
  }
  for (const auto& waiter : reached) std::exchange(waiter->then, nullptr)(true);
}

void SizeWaiters::stop() {
  while (!waiters_.empty()) drop(std::shared_ptr(waiters_.front()));
}

}  // namespace suyuan
