// The HTTP/1.1 listener, plain or with TLS: sockets, bounds and time limits. The router's handlers
// know what a request means.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>

#include "node/http/http.h"
#include "node/http/tls.h"

namespace suyuan::http {

struct ServerLimits {
  size_t connections_max = 1024;
  size_t header_bytes_max = 16 << 10;
  size_t body_bytes_max = 18 << 20;        // an attachment, with room for its framing
  size_t bodies_bytes_max = 256 << 20;     // of all unanswered requests
  std::chrono::seconds idle_max{60};       // between requests
  std::chrono::seconds request_max{30};    // from a request's first byte to its last
  std::chrono::seconds response_max{60};   // from a request's last byte to the answer's last
  std::chrono::seconds linger_max{2};      // for a peer to read why its request was refused
  std::chrono::seconds handshake_max{10};  // of TLS, from the first byte to the last
  size_t handshakes_max = 128;             // of TLS, unfinished at a time; one more is closed
};

class Server {
 public:
  // Listens at once, with TLS if there is an identity. `endpoint` port 0 takes a free port.
  // Errors: IO (the address is taken or not ours).
  static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io,
                                                const boost::asio::ip::tcp::endpoint& endpoint,
                                                Handler handler, const ServerLimits& limits,
                                                std::unique_ptr<TlsIdentity> tls = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  uint16_t port() const;
  // Looks for a new certificate (tls.h), and logs the result. Network thread only.
  void reload_tls(bool in_any_case);
  const TlsCounts& tls_counts() const;  // thread-safe
  int64_t certificate_end_s() const;    // since 1970; 0: plain. Thread-safe
  // Accepts no new connections. Idle ones are closed; the others end with their answer.
  void stop();

 private:
  struct Impl;
  explicit Server(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace suyuan::http
