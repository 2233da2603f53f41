// What the listener's connections share, and the two ways to serve one. Inside this room only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <set>

#include "node/http/server.h"
#include "node/http/tls.h"

namespace suyuan::http {

// On the network thread alone.
struct Listening {
  Listening(Handler h, const ServerLimits& l) : handler(std::move(h)), limits(l) {}
  const Handler handler;
  const ServerLimits limits;
  TlsCounts tls_counts;
  std::set<boost::beast::tcp_stream*> waiting;  // closed at once by stop()
  size_t connections = 0;
  size_t handshakes = 0;  // that are not finished
  size_t body_bytes = 0;  // of all requests that are not answered yet
  bool stopping = false;
};

boost::asio::awaitable<void> serve_plain(std::shared_ptr<Listening> shared,
                                         boost::asio::ip::tcp::socket socket);
// Keeps `context`, whatever comes after it.
boost::asio::awaitable<void> serve_tls(std::shared_ptr<Listening> shared,
                                       boost::asio::ip::tcp::socket socket,
                                       std::shared_ptr<boost::asio::ssl::context> context);

}  // namespace suyuan::http
