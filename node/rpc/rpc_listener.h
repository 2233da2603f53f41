// The RPC listener: accepts connections, bounds them, and gives each one the node's Ledger
// interface.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "node/rpc/asio_stream.h"
#include "node/rpc/event_port.h"
#include "node/service.h"

namespace suyuan {

struct RpcLimits {
  size_t connections_max = 256;
  // Bounds of one message, and of what one connection's calls may hold unanswered.
  size_t message_bytes_max = 16 << 20;
  size_t in_flight_bytes_max = 64 << 20;
  StreamLimits stream;
  std::chrono::seconds handshake_max{10};  // of TLS, from the first byte to the last
  size_t handshakes_max = 128;             // of TLS, unfinished at a time; one more is closed
  // For all connections together: incomplete messages, and answers that nobody reads.
  StreamTotalLimits streams;
};

// Outcomes of TLS connections. Any thread may read.
struct RpcTlsCounts {
  std::atomic<uint64_t> shaken = 0;
  std::atomic<uint64_t> failed = 0;   // aborted: other versions, garbage, too slow
  std::atomic<uint64_t> crowded = 0;  // closed at once: too many handshakes in progress
};

class RpcListener {
 public:
  // Returns the certificate in force. Called for each new connection, which keeps the result.
  using TlsSource = std::function<RpcSocket::Context()>;
  // Uses TLS if there is a source. The arguments must outlive it.
  // Errors: IO (the address is taken or not ours).
  static Result<std::unique_ptr<RpcListener>> listen(EventPort& port,
                                                     const boost::asio::ip::tcp::endpoint& endpoint,
                                                     Service& service, const RpcLimits& limits,
                                                     TlsSource tls = {});
  ~RpcListener();
  RpcListener(const RpcListener&) = delete;
  RpcListener& operator=(const RpcListener&) = delete;

  uint16_t port() const;
  size_t connections() const;
  const RpcTlsCounts& tls_counts() const;
  // Accepts no new connections. Existing ones stay, so that answers on their way arrive.
  void stop();
  // Closes every connection.
  void close();

 private:
  struct Impl;
  explicit RpcListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace suyuan
