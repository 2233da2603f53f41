// One node asks another over HTTP or HTTPS (node/peers/peer_log.h).
#pragma once

#include "node/clock.h"
#include "node/peers/log_sync.h"

namespace suyuan {

struct PeerLink {
  std::string url;      // as of a witness: plain on loopback alone
  std::string ca_file;  // PEM: whom its certificate must come from; empty: the system's
  LedgerId ledger;
  std::string to;            // the node that is asked
  const NamedKeyPair& node;  // ours
  Clock clock;
};
// Asks again while it is BUSY, for a bounded time. INVALID_FIELD: the URL; UNAVAILABLE: no answer,
// or a refusal, whose words it holds.
Result<AskPeer> ask_over(const PeerLink& link);

}  // namespace suyuan
