// State shared by the listener's connections, and how one is served. Internal to this
// module.
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

// Network thread only.
struct Listening {
  Listening(Handler h, const ServerLimits& l) : handler(std::move(h)), limits(l) {}
  const Handler handler;
  const ServerLimits limits;
  TlsCounts tls_counts;
  // Idle connections; stop() closes them at once.
  std::set<boost::beast::tcp_stream*> waiting;
  size_t connections = 0;
  size_t handshakes = 0;  // unfinished ones
  size_t body_bytes = 0;  // of all unanswered requests
  bool stopping = false;
};

// Serves requests until one side ends the connection. `tls` null: without TLS.
boost::asio::awaitable<void> serve(std::shared_ptr<Listening> shared,
                                   boost::asio::ip::tcp::socket socket,
                                   std::shared_ptr<boost::asio::ssl::context> tls);

}  // namespace suyuan::http
