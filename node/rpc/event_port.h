// EventPort: a KJ event loop that runs on a Boost.Asio io_context, so that Cap'n Proto RPC and HTTP
// share one thread. Rules: one io_context, one thread, one EventPort; every KJ object (promises,
// fulfillers, capabilities) is created, used and destroyed on that thread. Other threads hand work
// over only with boost::asio::post(port.io(), ...).
#pragma once

#include <kj/async.h>
#include <kj/timer.h>
#include <boost/asio/io_context.hpp>

namespace suyuan {

class EventPort final : public kj::EventPort, public kj::Timer {
 public:
  explicit EventPort(boost::asio::io_context& io);
  ~EventPort() noexcept(false);
  EventPort(const EventPort&) = delete;
  EventPort& operator=(const EventPort&) = delete;

  boost::asio::io_context& io() { return io_; }
  // For Promise::wait() at start-up and in tests; never inside a handler.
  kj::WaitScope& wait_scope() { return scope_; }

  // kj::EventPort. Only Promise::wait() calls wait() and poll(); KJ then turns its own queue.
  bool wait() override;
  bool poll() override;
  void setRunnable(bool runnable) override;
  // No kj::Executor is used here: work from other threads comes through Asio.
  void wake() const override;

  // kj::Timer
  kj::TimePoint now() const override;
  kj::Promise<void> atTime(kj::TimePoint time) override;
  kj::Promise<void> afterDelay(kj::Duration delay) override;

 private:
  void pump();

  boost::asio::io_context& io_;
  kj::EventLoop loop_;
  kj::WaitScope scope_;
  bool scheduled_ = false;
  bool nested_ = false;
};

}  // namespace suyuan
