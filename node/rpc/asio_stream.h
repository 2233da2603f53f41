// A Boost.Asio TCP socket as a KJ stream, with a bound on what waits to be sent.
#pragma once

#include <kj/async-io.h>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>

namespace suyuan {

struct StreamLimits {
  // A peer that does not read its answers is dropped when this much waits for it.
  std::size_t unsent_bytes_max = std::size_t{64} << 20;
  // A peer that is silent for this long is dropped; also one that stops in the middle of a message.
  std::chrono::seconds idle_max{300};
};

// REQUIRES: the socket's io_context is the one that KJ runs on (EventPort).
kj::Own<kj::AsyncIoStream> wrap_socket(boost::asio::ip::tcp::socket socket,
                                       const StreamLimits& limits);

}  // namespace suyuan
