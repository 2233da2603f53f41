#include "ledger/order/etcd/senders.h"

#include <system_error>
#include <utility>

namespace suyuan {

Senders::Senders(size_t max, Ask ask, Answered answered)
    : max_(max), ask_(std::move(ask)), answered_(std::move(answered)) {
  threads_.emplace_back([this] { run(); });
}

Senders::~Senders() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    requests_.clear();
  }
  moved_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Senders::send(uint64_t sending, KvTxn txn) {
  bool is_short = false;
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back({.sending = sending, .txn = std::move(txn)});
    is_short = requests_.size() > idle_;
  }
  moved_.notify_one();
  if (!is_short || threads_.size() >= max_) return;
  try {
    threads_.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: those that there are take the requests one after another.
  }
}

void Senders::run() {
  for (;;) {
    Request request;
    {
      std::unique_lock lock(mutex_);
      ++idle_;
      moved_.wait(lock, [this] { return ended_ || !requests_.empty(); });
      --idle_;
      if (ended_) return;
      request = std::move(requests_.front());
      requests_.pop_front();
    }
    answered_(request.sending, ask_(request.txn));
  }
}

}  // namespace suyuan
