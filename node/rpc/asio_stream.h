// A Boost.Asio socket, plain or with TLS, as a KJ stream. What waits to be sent is bounded, for
// each connection and for all of a listener's together.
#pragma once

#include <kj/async-io.h>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

#include "node/rpc/socket.h"

namespace suyuan {

struct StreamLimits {
  // A peer that does not read its answers is dropped when this many bytes wait for it.
  std::size_t unsent_bytes_max = std::size_t{64} << 20;
  // A peer that is silent for this long is dropped, even in the middle of a message.
  std::chrono::seconds idle_max{300};
  // A peer that takes longer than this to send a message, or its header, is dropped.
  std::chrono::seconds message_max{120};
};

// For all streams together. Above a limit, the stream that holds most is closed: a peer that stops
// in the middle of large messages, or reads no answers, pays before others do.
struct StreamTotalLimits {
  std::size_t unfinished_bytes_max = std::size_t{128} << 20;  // of incomplete messages
  std::size_t unsent_bytes_max = std::size_t{128} << 20;
};
class StreamTotals;
std::shared_ptr<StreamTotals> make_stream_totals(const StreamTotalLimits& limits);

// Requires: the socket's io_context is the one that KJ runs on (EventPort); `totals` belongs to the
// same thread.
kj::Own<kj::AsyncIoStream> wrap_socket(boost::asio::ip::tcp::socket socket,
                                       const StreamLimits& limits,
                                       std::shared_ptr<StreamTotals> totals);
// As above, for a socket whose handshake is done.
kj::Own<kj::AsyncIoStream> wrap_socket(std::unique_ptr<RpcSocket> socket,
                                       const StreamLimits& limits,
                                       std::shared_ptr<StreamTotals> totals);

}  // namespace suyuan
