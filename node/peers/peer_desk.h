// PeerDesk: answers other nodes of the ledger that ask for what they missed
// (node/peers/peer_log.h). It comes before the router: it is not part of the public interface.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "node/peers/peer_log.h"
#include "node/peers/peer_questions.h"

namespace suyuan {

class PeerDesk {
 public:
  struct Parts {
    const Store& store;
    const PublishedState& published;
  };
  PeerDesk(Parts parts, PeerQuestions::Parts asked);

  static bool is_ours(const http::Request& request);
  // Network thread only. BUSY: the maximum number of answers is in progress, or all threads are
  // busy.
  void handle(const http::Request& request, http::Reply reply);

 private:
  Result<Bytes> make(const PeerRequest& request) const;
  void tell(const PeerRequest& request) const;

  const Parts parts_;
  const Clock clock_;
  PeerQuestions questions_;
  mutable std::mutex mutex_;                        // guards told_ms_
  mutable std::map<std::string, int64_t> told_ms_;  // by node, of the last minute
};

}  // namespace suyuan
