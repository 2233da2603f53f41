// A real node on a thread of this process, with real sockets and disk, and a clock that the test
// sets.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "client/connection.h"
#include "client/trust.h"
#include "node/options.h"

namespace suyuan {
class Node;
}

namespace suyuan::test {

// A folder of its own under the system's temporary one; removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// No seal by itself: the log grows by what the test posts, and its numbers are known beforehand.
inline ServeOptions without_seals() {
  ServeOptions options;
  options.seal_interval_ms = 0;
  return options;
}

class RunningNode {
 public:
  // Makes a ledger in `folder` unless there is one, and serves it on free ports.
  RunningNode(const std::string& folder, int64_t now_ms, ServeOptions options = without_seals());
  ~RunningNode();  // stops it as SIGTERM does
  RunningNode(const RunningNode&) = delete;
  RunningNode& operator=(const RunningNode&) = delete;

  std::string rpc_address() const { return "127.0.0.1:" + std::to_string(rpc_port_); }
  uint16_t http_port() const { return http_port_; }
  // "GET /v1/status", ...
  const std::vector<std::string>& http_routes() const { return http_routes_; }
  const PinnedLedger& ledger() const { return *ledger_; }
  std::string registrar_key_file() const { return folder_ + "/keys/registrar.key"; }
  void set_clock(int64_t now_ms) { now_ms_ = now_ms; }
  // Begins to stop and returns at once.
  void begin_stop();

 private:
  void serve(ServeOptions options);

  const std::string folder_;
  std::atomic<int64_t> now_ms_;
  uint16_t rpc_port_ = 0;
  uint16_t http_port_ = 0;
  std::vector<std::string> http_routes_;
  std::optional<PinnedLedger> ledger_;
  std::atomic<Node*> node_{nullptr};
  std::thread thread_;
};

}  // namespace suyuan::test
