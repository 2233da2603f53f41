// The Ledger interface of proto/ledger.capnp, answered by the node's Service.
#pragma once

#include <memory>
#include <string>

#include "node/service.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

// What the servers of all connections have in common. `service` outlives it. Where submissions of
// more than `submitted_bytes_max` bytes, of all connections, wait for their answers, the next gets
// BUSY.
struct LedgerShared;
std::shared_ptr<LedgerShared> share_ledger(Service& service);
// Of one connection, from `client` (node/access/quotas.h). Lives on the network thread, as all KJ
// objects.
wire::Ledger::Client make_ledger_server(std::shared_ptr<LedgerShared> shared, std::string client);

}  // namespace suyuan
