// How a serving node ends: it accepts nothing new, answers what it accepted, then ends the loop.
#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "node/parts.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;

// After the last answer is handed to its connection: time for the peer to read it.
constexpr auto kFlushTime = std::chrono::milliseconds(300);
constexpr auto kDrainPoll = std::chrono::milliseconds(5);

}  // namespace

void Node::Parts::end_with(const Error& why) {
  {
    const std::scoped_lock lock(end_mutex);
    if (end_reason) return;
    end_reason = why;
  }
  asio::post(io, [this] { begin_stop(); });
}

std::optional<Error> Node::Parts::ended_with() const {
  const std::scoped_lock lock(end_mutex);
  return end_reason;
}

// Network thread. What was accepted is still answered: another thread waits for it, so that this
// thread can deliver.
void Node::Parts::begin_stop() noexcept {
  if (stopping) return;
  stopping = true;
  spdlog::info("stopping: no new connections, answering what was accepted");
  service.stop();
  if (listeners) listeners->stop();
  size_waiters.stop();
  if (epcis) epcis->stop_waiting();
  published_waiters.stop();
  sealer.stop();
  if (upkeep) upkeep->stop();
  drain = std::thread([this] { drain_all(); });
}

// On the thread `drain`.
void Node::Parts::drain_all() {
  const auto wait_for_workers = [this] {
    while (workers.queued() > 0) std::this_thread::sleep_for(kDrainPoll);
  };
  wait_for_workers();
  log.order().stop();
  publisher.stop();
  wait_for_workers();
  std::this_thread::sleep_for(kFlushTime);
  asio::post(io, [this]() noexcept {  // as begin_stop
    if (listeners) listeners->close();
    io.stop();
  });
}

}  // namespace suyuan
