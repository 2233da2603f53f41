// The EPCIS side of a node: its index with the thread behind it, captures, subscriptions, and the
// interface over them. Built and ended as one.
#pragma once

#include <memory>

#include "ledger/crypto/key_file.h"
#include "node/data_folder.h"
#include "node/http/http.h"
#include "node/service.h"

namespace suyuan {

class EpcisSide {
 public:
  // `service` and what it names outlive it. IO, CORRUPT, INVALID_FIELD.
  static Result<std::unique_ptr<EpcisSide>> open(const DataFolder& folder,
                                                 const ServeOptions& options,
                                                 const LedgerId& ledger, Service& service,
                                                 std::optional<NamedKeyPair> gateway_key);
  ~EpcisSide();
  EpcisSide(const EpcisSide&) = delete;
  EpcisSide& operator=(const EpcisSide&) = delete;

  static bool is_ours(const http::Request& request);
  // On the network thread.
  void handle(http::Request request, http::Reply reply) const;
  // From any thread: the log has so many leaves.
  void grown(uint64_t leaves);
  // On the network thread: who waits for the index is answered.
  void stop_waiting();
  // What it keeps for itself, as hard links in a new folder: for a backup. From any thread.
  Result<Done> link_state_to(const std::string& folder) const;
  // Its threads end.
  void stop();

 private:
  struct Parts;
  explicit EpcisSide(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace suyuan
