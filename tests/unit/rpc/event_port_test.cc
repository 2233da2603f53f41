// KJ's loop on Asio's: an event that throws takes no other with it.
#include "node/rpc/event_port.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace suyuan {
namespace {

// As a promise's continuation never does: KJ catches what that throws.
class ThrowingEvent final : public kj::_::Event {
 public:
  ThrowingEvent() { armBreadthFirst(); }
  using kj::_::Event::traceEvent;
  void traceEvent(kj::_::TraceBuilder&) override {}

 private:
  kj::Maybe<kj::Own<kj::_::Event>> fire() override { throw std::runtime_error("of the test"); }
};

TEST(EventPortTest, AnEventThatThrowsDoesNotStopThoseAfterIt) {
  boost::asio::io_context io{1};
  EventPort port(io);
  ThrowingEvent first;
  bool reached = false;
  auto second = kj::evalLater([&] { reached = true; }).eagerlyEvaluate(nullptr);
  EXPECT_THROW(io.run(), std::runtime_error);
  EXPECT_FALSE(reached);
  io.run();
  EXPECT_TRUE(reached);
}

TEST(EventPortTest, AnEventThatThrowsLastDoesNotStopThoseThatComeLater) {
  boost::asio::io_context io{1};
  EventPort port(io);
  ThrowingEvent last;
  EXPECT_THROW(io.run(), std::runtime_error);
  io.run();
  bool reached = false;
  auto later = kj::evalLater([&] { reached = true; }).eagerlyEvaluate(nullptr);
  io.restart();
  io.run();
  EXPECT_TRUE(reached);
}

}  // namespace
}  // namespace suyuan
