// The EPCIS side of a node: the index and its thread, captures, subscriptions, and the interface
// over them. Constructed and ended together.
#pragma once

#include <memory>

#include "ledger/crypto/key_file.h"
#include "ledger/store/rocks/side_store.h"
#include "node/data_folder.h"
#include "node/http/http.h"
#include "node/service.h"

namespace suyuan {

class EpcisSide {
 public:
  // `service` and what it refers to must outlive it. Errors: IO, CORRUPT, INVALID_FIELD.
  static Result<std::unique_ptr<EpcisSide>> open(const DataFolder& folder,
                                                 const ServeOptions& options,
                                                 const LedgerId& ledger, Service& service,
                                                 std::optional<NamedKeyPair> gateway_key);
  ~EpcisSide();
  EpcisSide(const EpcisSide&) = delete;
  EpcisSide& operator=(const EpcisSide&) = delete;

  static bool is_ours(const http::Request& request);
  // Network thread only.
  void handle(http::Request request, http::Reply reply) const;
  // Thread-safe: the log has this many leaves.
  void grown(uint64_t leaves);
  // Network thread only: waiters for the index are answered.
  void stop_waiting();
  // Its own data, as hard links in a new folder: for a backup. Thread-safe.
  Result<Done> link_state_to(const std::string& folder) const;
  // Metrics of its stores. Thread-safe.
  SideMemory index_memory() const;
  SideMemory state_memory() const;
  // Whether a damaged row of the index was met since the start. Thread-safe.
  bool index_is_damaged() const;
  // Ends its threads.
  void stop();

 private:
  struct Parts;
  explicit EpcisSide(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace suyuan
