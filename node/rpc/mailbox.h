// Hands results of other threads to the KJ loop of the network thread.
#pragma once

#include <kj/async.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace suyuan {

class Delivery {
 public:
  virtual ~Delivery() noexcept(false) = default;  // as KJ declares it
  virtual void deliver() = 0;                     // on the network thread
};

// A queue of results for the KJ loop. The network thread takes everything that is ready at once, so
// a group's answers cost one wake-up.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  explicit Mailbox(boost::asio::io_context& io) : io_(io) {}

  // Thread-safe. The delivery travels with the handler, so it is destroyed on the network thread.
  void put(std::shared_ptr<Delivery> one) {
    {
      const std::scoped_lock lock(mutex_);
      ready_.push_back(std::move(one));
      if (ready_.size() > 1) return;  // a handler is already on its way
    }
    boost::asio::post(io_, [self = shared_from_this()] { self->deliver_all(); });
  }

 private:
  void deliver_all() {
    std::vector<std::shared_ptr<Delivery>> ready;
    {
      const std::scoped_lock lock(mutex_);
      ready.swap(ready_);
    }
    for (const auto& one : ready) one->deliver();
  }

  boost::asio::io_context& io_;
  std::mutex mutex_;  // guards ready_; held only while pointers are moved
  std::vector<std::shared_ptr<Delivery>> ready_;
};

// A value that another thread makes and this thread's KJ loop waits for. The fulfiller never leaves
// the network thread: the other side holds the slot, which holds the fulfiller, and returns it
// through the mailbox.
template <class T>
class Slot final : public Delivery {
 public:
  explicit Slot(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}
  kj::Promise<T> promise() {
    auto pair = kj::newPromiseAndFulfiller<T>();
    fulfiller_ = kj::mv(pair.fulfiller);
    return kj::mv(pair.promise);
  }
  // Thread-safe. Called once.
  static void put(std::shared_ptr<Slot> self, T value) {
    self->value_.emplace(std::move(value));
    const auto mailbox = self->mailbox_;  // the slot may be gone before put() returns
    mailbox->put(std::move(self));
  }
  void deliver() override {
    const auto fulfiller = kj::mv(fulfiller_);
    const_cast<kj::PromiseFulfiller<T>&>(*fulfiller).fulfill(*std::move(value_));
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  kj::Own<kj::PromiseFulfiller<T>> fulfiller_;
  std::optional<T> value_;
};

}  // namespace suyuan
