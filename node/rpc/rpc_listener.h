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
  // Of one message, and of what one connection's calls may hold unanswered.
  size_t message_bytes_max = 16 << 20;
  size_t in_flight_bytes_max = 64 << 20;
  StreamLimits stream;
  std::chrono::seconds handshake_max{10};  // of TLS, from the first byte to the last
  size_t handshakes_max = 128;             // of TLS, unfinished at a time; one more is closed
  // Of all connections together: messages that are not whole yet, answers that nobody reads.
  StreamTotalLimits streams;
};

// Of TLS, what became of connections; any thread reads.
struct RpcTlsCounts {
  std::atomic<uint64_t> shaken = 0;
  std::atomic<uint64_t> failed = 0;   // broken off: other versions, garbage, too slow
  std::atomic<uint64_t> crowded = 0;  // closed at once: too many handshakes in flight
};

class RpcListener {
 public:
  // The certificate in force, asked for each new connection, which keeps it.
  using TlsSource = std::function<RpcSocket::Context()>;
  // With TLS where there is a source. IO: the address is taken or not ours. All outlive it.
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
  // No new connections. Those there are stay, so that answers on their way arrive.
  void stop();
  // Ends every connection.
  void close();

 private:
  struct Impl;
  explicit RpcListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace suyuan
