// PeerDesk: answers other nodes of the ledger that ask for what they missed
// (node/peers/peer_log.h). It comes before the router: it is not part of the public interface.
#pragma once

#include "node/clock.h"
#include "node/http/http.h"
#include "node/peers/peer_log.h"
#include "node/workers.h"

namespace suyuan {

class PeerDesk {
 public:
  struct Parts {
    const Store& store;
    const PublishedState& published;
    Workers& workers;
    LedgerId ledger;
    std::string self;  // our name
    std::function<std::vector<NamedKey>()> nodes;  // in force
    Clock clock;
  };
  explicit PeerDesk(Parts parts) : parts_(std::move(parts)) {}

  static bool is_ours(const http::Request& request);
  // Network thread only. BUSY: the maximum number of answers is in progress, or all threads are
  // busy.
  void handle(const http::Request& request, http::Reply reply) const;

 private:
  http::Response answer(const std::string& body) const;
  http::Response make(const PeerRequest& request) const;

  const Parts parts_;
  mutable std::atomic<int> making_ = 0;
};

}  // namespace suyuan
