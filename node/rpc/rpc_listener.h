// The RPC listener: accepts connections, bounds them, and gives each one the node's Ledger
// interface.
#pragma once

#include <boost/asio/ip/tcp.hpp>
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
  // Of all connections together: submissions that are not answered yet (above it: BUSY), messages
  // that are not whole yet, answers that nobody reads.
  size_t submitted_bytes_max_all = 256 << 20;
  StreamTotalLimits streams;
};

class RpcListener {
 public:
  // IO: the address is taken or not ours. `port` and `service` outlive it.
  static Result<std::unique_ptr<RpcListener>> listen(EventPort& port,
                                                     const boost::asio::ip::tcp::endpoint& endpoint,
                                                     Service& service, const RpcLimits& limits);
  ~RpcListener();
  RpcListener(const RpcListener&) = delete;
  RpcListener& operator=(const RpcListener&) = delete;

  uint16_t port() const;
  size_t connections() const;
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
