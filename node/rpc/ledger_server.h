// Implements the Ledger interface of proto/ledger.capnp with the node's Service.
#pragma once

#include <memory>
#include <string>

#include "node/service.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

// State shared by the servers of all connections. `service` must outlive it.
struct LedgerShared;
std::shared_ptr<LedgerShared> share_ledger(Service& service);
// Makes the server of one connection, from `client` (node/access/clients.h). Network thread only,
// like all KJ objects.
wire::Ledger::Client make_ledger_server(std::shared_ptr<LedgerShared> shared, std::string client);

}  // namespace suyuan
