// The witness over HTTP/1.1, bounded in size, connections and time:
//
//   POST /add-checkpoint
//   GET  /<hex of SHA-256(origin)>/checkpoint
//
// One thread handles one request after the other, so check and state change are one step.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>

#include "client/witness/desk.h"

namespace suyuan {

struct WitnessLimits {
  size_t connections_max = 256;
  size_t header_bytes_max = 8 << 10;
  size_t body_bytes_max = limits::kCheckpointBytesMax + (4 << 10);  // checkpoint and proof
  int idle_s = 60;     // between requests
  int request_s = 10;  // for one request and its answer
};

class WitnessServer {
 public:
  // Listens at once. Port 0 takes a free one. `desk` must outlive it; `now_s` is POSIX time.
  // Errors: IO.
  static Result<std::unique_ptr<WitnessServer>> listen(const boost::asio::ip::tcp::endpoint& at,
                                                       WitnessDesk& desk,
                                                       std::function<uint64_t()> now_s,
                                                       const WitnessLimits& limits = {});
  ~WitnessServer();
  WitnessServer(const WitnessServer&) = delete;
  WitnessServer& operator=(const WitnessServer&) = delete;

  uint16_t port() const;
  // Runs until SIGINT, SIGTERM or stop().
  void run();
  void stop();  // thread-safe

 private:
  struct Impl;
  explicit WitnessServer(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

}  // namespace suyuan
