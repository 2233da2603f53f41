#include "node/rpc/event_port.h"

#include <kj/debug.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

namespace suyuan {
namespace {

namespace asio = boost::asio;

// Turns of the KJ loop for each Asio handler, so that a busy connection cannot starve accepts and
// timers.
constexpr uint kTurnsMax = 4096;

// Lives exactly as long as the KJ promise. The Asio timer may outlive it and then finds `live`
// false.
class TimerAdapter {
 public:
  TimerAdapter(kj::PromiseFulfiller<void>& fulfiller, asio::io_context& io,
               std::chrono::nanoseconds delay)
      : fulfiller_(fulfiller), timer_(std::make_shared<asio::steady_timer>(io, delay)) {
    timer_->async_wait([this, live = live_, timer = timer_](boost::system::error_code error) {
      if (*live && !error) fulfiller_.fulfill();
    });
  }
  ~TimerAdapter() {
    *live_ = false;
    timer_->cancel();
  }
  TimerAdapter(const TimerAdapter&) = delete;
  TimerAdapter& operator=(const TimerAdapter&) = delete;

 private:
  kj::PromiseFulfiller<void>& fulfiller_;
  std::shared_ptr<bool> live_ = std::make_shared<bool>(true);
  std::shared_ptr<asio::steady_timer> timer_;
};

// While KJ itself waits, handlers must not turn its queue: the loop is not re-entrant.
class Nested {
 public:
  explicit Nested(bool& flag) : flag_(flag), before_(flag) { flag_ = true; }
  ~Nested() { flag_ = before_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  bool& flag_;
  bool before_;
};

}  // namespace

EventPort::EventPort(asio::io_context& io) : io_(io), loop_(*this), scope_(loop_) {}
EventPort::~EventPort() noexcept(false) = default;

bool EventPort::wait() {
  Nested nested(nested_);
  auto guard = asio::make_work_guard(io_);
  if (io_.stopped()) io_.restart();
  io_.run_one();
  return false;
}

bool EventPort::poll() {
  Nested nested(nested_);
  io_.poll();
  return false;
}

void EventPort::setRunnable(bool runnable) {
  if (!runnable || scheduled_) return;
  asio::post(io_, [this] {
    scheduled_ = false;
    if (!nested_)
      pump();
    else if (loop_.isRunnable())
      setRunnable(true);
  });
  scheduled_ = true;
}

void EventPort::wake() const { KJ_FAIL_REQUIRE("no kj::Executor here: post to the io_context"); }

void EventPort::pump() {
  // KJ reports only the change from idle to runnable, and it may never have been idle. If an event
  // throws, those after it are not its; and only a whole run tells KJ that it is idle.
  bool is_whole = false;
  KJ_DEFER(if (!is_whole || loop_.isRunnable()) setRunnable(true));
  loop_.run(kTurnsMax);
  is_whole = true;
}

kj::TimePoint EventPort::now() const {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return kj::origin<kj::TimePoint>() +
         std::chrono::duration_cast<std::chrono::nanoseconds>(since).count() * kj::NANOSECONDS;
}

kj::Promise<void> EventPort::atTime(kj::TimePoint time) {
  return afterDelay(kj::max(time - now(), 0 * kj::NANOSECONDS));
}

kj::Promise<void> EventPort::afterDelay(kj::Duration delay) {
  return kj::newAdaptedPromise<void, TimerAdapter>(
      io_, std::chrono::nanoseconds(delay / kj::NANOSECONDS));
}

}  // namespace suyuan
