// One node asks another over HTTP or HTTPS (node/peers/peer_log.h).
#pragma once

#include "node/clock.h"
#include "node/peers/log_sync.h"

namespace suyuan {

struct PeerLink {
  std::string url;      // as for a witness: plain only on loopback
  std::string ca_file;  // PEM: authorities of its certificate; empty: the system's
  LedgerId ledger;
  std::string to;            // the node that is asked
  const NamedKeyPair& node;  // ours
  Clock clock;
};
// Retries while it is BUSY, for a bounded time. Errors: INVALID_FIELD (the URL), UNAVAILABLE (no
// answer, or a refusal, with its words).
Result<AskPeer> ask_over(const PeerLink& link);

}  // namespace suyuan
