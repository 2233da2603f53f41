#include "ledger/order/etcd/senders.h"

#include <utility>

namespace suyuan {

Senders::Senders(size_t count, Ask ask, Answered answered)
    : ask_(std::move(ask)), answered_(std::move(answered)) {
  for (size_t i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
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
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back({.sending = sending, .txn = std::move(txn)});
  }
  moved_.notify_one();
}

void Senders::run() {
  for (;;) {
    Request request;
    {
      std::unique_lock lock(mutex_);
      moved_.wait(lock, [this] { return ended_ || !requests_.empty(); });
      if (ended_) return;
      request = std::move(requests_.front());
      requests_.pop_front();
    }
    answered_(request.sending, ask_(request.txn));
  }
}

}  // namespace suyuan
