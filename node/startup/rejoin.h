// A node comes back: before it serves, its store is brought to where the shared log can be
// followed from. From groups in etcd where they are still there; else from another node's log.
#pragma once

#include "ledger/order/etcd/log_view.h"
#include "node/folder/opening.h"
#include "node/peers/generation.h"

namespace suyuan {

struct Rejoin {
  OpenedFolder& folder;
  const OrderOptions& order;
  Kv& kv;
  Clock clock;
  size_t threads = 1;
  bool needs_end = false;  // the store cannot be served before it is known where the log ends
};

// Does nothing where the log continues after the store's place, and where etcd does not answer, or
// shows what cannot be read, but the store is whole, has all that its node acknowledged, and
// `needs_end` is not set. Gives the log's last position, where the log continues after the store's
// place; else nullopt. Errors: UNAVAILABLE: no node could be asked; ROLLED_BACK: the store holds
// what the log does not; those of LogSync; each with what to do.
Result<std::optional<uint64_t>> rejoin(const Rejoin& back);

}  // namespace suyuan
