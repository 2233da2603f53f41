// Listeners: where the node is reached, HTTP and RPC, and their certificates.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "ledger/base/error.h"
#include "node/http/server.h"
#include "node/ops/metrics.h"
#include "node/options.h"
#include "node/rpc/event_port.h"
#include "node/rpc/rpc_listener.h"
#include "node/rpc_tls.h"
#include "node/service.h"

namespace suyuan {

// Network thread only, except http_port() and rpc_port().
class Listeners {
 public:
  struct Dependencies {
    boost::asio::io_context& io;
    EventPort& port;
    Service& service;
    Metrics& metrics;  // shows handshakes and certificates; asked while this lives
  };
  // Listens at once at what the options name; a port 0 takes a free one.
  // Errors: IO (an address is taken or not ours), what TlsIdentity::load and RpcTls::open return.
  static Result<std::unique_ptr<Listeners>> listen(Dependencies dependencies,
                                                   http::Handler handler,
                                                   const ServeOptions& options);
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  uint16_t http_port() const { return http_->port(); }
  uint16_t rpc_port() const { return rpc_->port(); }
  // Reads the certificates again: if their files have changed, or in any case.
  void reload_tls(bool in_any_case);
  // Takes no new connections. Calls and requests that were taken are still answered.
  void stop();
  // Closes the RPC connections, after the last answer.
  void close() { rpc_->close(); }

 private:
  explicit Listeners(boost::asio::io_context& io) : tls_timer_(io) {}
  void watch_certificates(std::chrono::milliseconds pause);

  boost::asio::steady_timer tls_timer_;
  bool stopped_ = false;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<RpcTls> rpc_tls_;  // null: RPC is plain
  std::unique_ptr<RpcListener> rpc_;
};

}  // namespace suyuan
