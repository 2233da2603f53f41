// Node: the parts of a serving node, built and wired in one place, and ended in the right order.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "node/clock.h"
#include "node/options.h"
#include "node/pipeline/publish_step.h"
#include "node/pipeline/wrap_order.h"

namespace suyuan {

class Node {
 public:
  // Opens the store and checks it, then listens. Errors, each with what to do: NOT_FOUND (no ledger
  // in the folder), ROLLED_BACK, CORRUPT, STORE_TOO_NEW, IO, INVALID_FIELD.
  // `on_step` is for tests, `wrap_order` for benchmarks.
  static Result<std::unique_ptr<Node>> open(const ServeOptions& options, Clock clock,
                                            OnPublishStep on_step = {}, WrapOrder wrap_order = {});
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  uint16_t rpc_port() const;
  uint16_t http_port() const;
  // "GET /v1/status", ...: what docs/openapi.json must describe.
  std::vector<std::string> http_routes() const;
  // Serves on this thread until stop(), or until SIGTERM or SIGINT if `signals`; then every
  // accepted batch is answered. `ready` is called once signals are handled: programs that wait
  // before they send one can rely on it. Errors: READ_ONLY (a write failed in the meantime),
  // ROLLED_BACK, STOPPING (handlers failed again and again), and what `ready` returns.
  Result<Done> run(bool signals, const std::function<Result<Done>()>& ready = {});
  // Thread-safe.
  void stop();

 private:
  struct Parts;
  explicit Node(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace suyuan
