// PeerDesk: answers the other nodes of the ledger that ask for what they missed
// (node/peers/peer_log.h). It stands before the router: it is no part of the interface that others
// are given.
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
  // On the network thread. BUSY: as many answers as are made at a time are being made, or all
  // threads have much to do.
  void handle(const http::Request& request, http::Reply reply) const;

 private:
  http::Response answer(const std::string& body) const;
  http::Response make(const PeerRequest& request) const;

  const Parts parts_;
  mutable std::atomic<int> making_ = 0;
};

}  // namespace suyuan
