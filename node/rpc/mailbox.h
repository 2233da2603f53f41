// How what other threads have made comes to the KJ loop of the network thread.
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
  virtual ~Delivery() noexcept(false) = default;  // as KJ has it
  virtual void deliver() = 0;  // on the network thread
};

// What other threads have made, on its way to the KJ loop. All that is ready when the network
// thread comes to look goes in one go: a group's answers cost one wake-up.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  explicit Mailbox(boost::asio::io_context& io) : io_(io) {}

  // From any thread. The delivery travels with the handler, so it dies on the network thread.
  void put(std::shared_ptr<Delivery> one) {
    {
      const std::scoped_lock lock(mutex_);
      ready_.push_back(std::move(one));
      if (ready_.size() > 1) return;  // a handler is on its way already
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
  std::mutex mutex_;  // guards ready_, for as long as it takes to move pointers
  std::vector<std::shared_ptr<Delivery>> ready_;
};

// A value that another thread makes and this one's KJ loop waits for. The fulfiller never leaves
// the network thread: the other side holds the slot, which holds it, and comes back through the
// mailbox.
template <class T>
class Slot final : public Delivery {
 public:
  explicit Slot(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}
  kj::Promise<T> promise() {
    auto pair = kj::newPromiseAndFulfiller<T>();
    fulfiller_ = kj::mv(pair.fulfiller);
    return kj::mv(pair.promise);
  }
  // From any thread, once.
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
