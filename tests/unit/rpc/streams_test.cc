// What connections hold together is bounded, and the one that holds most pays.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <thread>

#include "node/pipeline/memory_reservation.h"
#include "node/rpc/asio_stream.h"
#include "node/rpc/event_port.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr size_t kMiB = size_t{1} << 20;

// The node's end of a connection, and its peer.
struct Line {
  kj::Own<kj::AsyncIoStream> node;
  tcp::socket peer;
};

class Streams : public ::testing::Test {
 protected:
  Line connect(const StreamLimits& limits = {}) {
    tcp::socket peer(peers_);
    peer.connect(acceptor_.local_endpoint());
    return {.node = wrap_socket(acceptor_.accept(), limits, totals_), .peer = std::move(peer)};
  }
  // Waits for its turn to be sent; fails where the connection is closed.
  static kj::Promise<void> write(Line& line, size_t bytes) {
    const std::string text(bytes, 'x');
    return line.node->write(text.data(), text.size());
  }
  void expect_closed(kj::Promise<void> written) {
    bool closed = false;
    written.then([] {}, [&](kj::Exception&&) { closed = true; }).wait(port_->wait_scope());
    EXPECT_TRUE(closed);
  }

  asio::io_context io_;
  asio::io_context peers_;
  const std::unique_ptr<EventPort> port_ = std::make_unique<EventPort>(io_);
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::shared_ptr<StreamTotals> totals_ = make_stream_totals(
      {.unfinished_bytes_max = 4 * kMiB, .unsent_bytes_max = 24 * kMiB});
};

TEST_F(Streams, WhoLeavesMostAnswersUnreadIsClosedAndNobodyElse) {
  auto hog = connect();
  auto modest = connect();
  auto other = connect();
  auto hogged = write(hog, 20 * kMiB);
  auto first = write(modest, 3 * kMiB);
  auto second = write(other, 2 * kMiB);  // one MiB more than all may hold
  expect_closed(kj::mv(hogged));
  const auto reads = [](tcp::socket& peer, size_t bytes) {
    std::string text(bytes, '\0');
    asio::read(peer, asio::buffer(text));
    EXPECT_EQ(text, std::string(bytes, 'x'));
  };
  std::thread reader([&] {
    reads(modest.peer, 3 * kMiB);
    reads(other.peer, 2 * kMiB);
  });
  first.wait(port_->wait_scope());
  second.wait(port_->wait_scope());
  reader.join();
  // What was sent, or went with its connection, is held no more.
  auto again = write(modest, 20 * kMiB);
  std::thread another([&] { reads(modest.peer, 20 * kMiB); });
  again.wait(port_->wait_scope());
  another.join();
}

TEST_F(Streams, WhoStopsInTheLargestMessageIsClosedAndNobodyElse) {
  auto hog = connect();
  auto modest = connect();
  std::string large(16 * kMiB, '\0');
  std::string small(2 * kMiB, '\0');
  auto hogged = hog.node->read(large.data(), large.size());
  auto whole = modest.node->read(small.data(), small.size());
  std::thread writer([&] {
    const std::string part(kMiB, 'x');
    boost::system::error_code ignored;
    asio::write(modest.peer, asio::buffer(part), ignored);
    for (int i = 0; i < 5; ++i) asio::write(hog.peer, asio::buffer(part), ignored);
    asio::write(modest.peer, asio::buffer(part), ignored);
  });
  expect_closed(kj::mv(hogged));
  whole.wait(port_->wait_scope());
  writer.join();
  EXPECT_EQ(small, std::string(2 * kMiB, 'x'));
  // A message that is whole is not held by its connection any more: many of them pass.
  std::thread more([&] { asio::write(modest.peer, asio::buffer(std::string(12 * kMiB, 'x'))); });
  for (int i = 0; i < 6; ++i) {
    modest.node->read(small.data(), small.size()).wait(port_->wait_scope());
  }
  more.join();
}

TEST_F(Streams, WhoSendsAMessageByteAfterByteIsDroppedInTime) {
  auto slow = connect({.idle_max = std::chrono::seconds(60),
                       .message_max = std::chrono::seconds(1)});
  std::string message(1000, '\0');
  auto read = slow.node->read(message.data(), message.size());
  std::thread writer([&] {
    boost::system::error_code error;
    for (int i = 0; i < 900 && !error; ++i) {
      asio::write(slow.peer, asio::buffer("x", 1), error);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_TRUE(error);
  });
  const auto begun = std::chrono::steady_clock::now();
  expect_closed(kj::mv(read));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  writer.join();
}

TEST(MemoryReservation, AllTogetherHoldNoMoreThanTheBoundAndOneAloneHasRoom) {
  const auto total = std::make_shared<std::atomic<size_t>>(0);
  auto large = MemoryReservation::take(total, 100, 50);
  EXPECT_NE(large, nullptr);  // else what is larger than the bound could never be sent
  EXPECT_EQ(MemoryReservation::take(total, 1, 50), nullptr);
  large.reset();
  const auto some = MemoryReservation::take(total, 30, 50);
  EXPECT_EQ(MemoryReservation::take(total, 21, 50), nullptr);
  auto rest = MemoryReservation::take(total, 20, 50);
  EXPECT_NE(rest, nullptr);
  EXPECT_EQ(*total, 50U);
  rest.reset();
  EXPECT_EQ(*total, 30U);
}

TEST(MemoryReservation, ALargeOneThatIsRefusedTakesNoRoomFromSmallOnes) {
  const auto total = std::make_shared<std::atomic<size_t>>(0);
  const auto some = MemoryReservation::take(total, 10, 50);
  std::atomic<bool> ended = false;
  std::thread large([&] {
    while (!ended) EXPECT_EQ(MemoryReservation::take(total, 100, 50), nullptr);
  });
  int refused = 0;
  for (int i = 0; i < 100'000; ++i) refused += MemoryReservation::take(total, 1, 50) ? 0 : 1;
  ended = true;
  large.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(*total, 10U);
}

}  // namespace
}  // namespace suyuan
