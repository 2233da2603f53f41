// One node asks another over HTTP or HTTPS: for its log (node/peers/peer_log.h), or for its store
// (node/peers/peer_store.h).
#pragma once

#include <memory>

#include "node/clock.h"
#include "node/peers/log_sync.h"
#include "node/peers/peer_store.h"

namespace suyuan {

struct PeerLink {
  std::string url;      // as for a witness: plain only on loopback
  std::string ca_file;  // PEM: authorities of its certificate; empty: the system's
  LedgerId ledger;
  std::string to;            // the node that is asked
  const NamedKeyPair& node;  // ours
  Clock clock;
};
// Retries while it is BUSY, for a bounded time. Errors: INVALID_FIELD (the URL, or no certificates
// in `ca_file`), NOT_FOUND (no such file), UNAVAILABLE (no answer, or a refusal, with its words),
// CORRUPT (an invalid answer).
Result<AskPeer> ask_over(const PeerLink& link);

// Where the files of a store come from.
class StoreSource {
 public:
  virtual ~StoreSource() = default;
  // The files as of now. They stay until this is called again, or nobody asks for a while.
  virtual Result<StoreList> list() = 0;
  // At most kStorePieceBytesMax bytes of the file with this index in the list.
  virtual Result<Bytes> piece(uint64_t view, uint64_t file, uint64_t from) = 0;
};
// Another node's store. Retries and errors as for ask_over; a lost connection is made again too, a
// bounded number of times.
Result<std::unique_ptr<StoreSource>> store_over(const PeerLink& link);

// The same over another wire (node/peers/peer_wire.h), for tests.
struct PeerWire;
Result<AskPeer> ask_over(const PeerLink& link, PeerWire wire);
Result<std::unique_ptr<StoreSource>> store_over(const PeerLink& link, PeerWire wire);

}  // namespace suyuan
