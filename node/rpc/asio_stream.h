// A Boost.Asio socket, plain or with TLS, as a KJ stream, with bounds on what waits to be sent: of
// each connection, and of all of a listener's together.
#pragma once

#include <kj/async-io.h>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

#include "node/rpc/socket.h"

namespace suyuan {

struct StreamLimits {
  // A peer that does not read its answers is dropped when this much waits for it.
  std::size_t unsent_bytes_max = std::size_t{64} << 20;
  // A peer that is silent for this long is dropped; also one that stops in the middle of a message.
  std::chrono::seconds idle_max{300};
  // And one that sends a message, or its header, for longer than this, byte after byte.
  std::chrono::seconds message_max{120};
};

// Of all streams together. Where they hold more, the one that holds most is closed: a peer that
// stops in the middle of large messages, or reads no answers, pays for it before others do.
struct StreamTotalLimits {
  std::size_t unfinished_bytes_max = std::size_t{128} << 20;  // of messages that are not whole yet
  std::size_t unsent_bytes_max = std::size_t{128} << 20;
};
class StreamTotals;
std::shared_ptr<StreamTotals> make_stream_totals(const StreamTotalLimits& limits);

// REQUIRES: the socket's io_context is the one that KJ runs on (EventPort); `totals` is of the same
// thread.
kj::Own<kj::AsyncIoStream> wrap_socket(boost::asio::ip::tcp::socket socket,
                                       const StreamLimits& limits,
                                       std::shared_ptr<StreamTotals> totals);
// The same of a socket whose handshake is done.
kj::Own<kj::AsyncIoStream> wrap_socket(std::unique_ptr<RpcSocket> socket,
                                       const StreamLimits& limits,
                                       std::shared_ptr<StreamTotals> totals);

}  // namespace suyuan
