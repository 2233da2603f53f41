// A node comes back: before it serves, its store is brought to a place from which the shared log
// can be followed. From groups in etcd if they are still there, otherwise from another node's log.
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
  bool needs_end = false;  // the store cannot be served until the log's end is known
};

// Does nothing if the log continues after the store's place. Also does nothing if etcd does not
// answer or is unreadable, while the store is whole, has everything that its node acknowledged, and
// `needs_end` is not set. Returns the log's last position if the log continues after the store's
// place, otherwise nullopt.
// Errors, each with what to do: UNAVAILABLE (no node could be asked), ROLLED_BACK (the store has
// what the log does not), those of LogSync.
Result<std::optional<uint64_t>> rejoin(const Rejoin& back);

}  // namespace suyuan
