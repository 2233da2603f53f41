// The Ledger interface of proto/ledger.capnp, answered by the node's Service.
#pragma once

#include "node/service.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

// Lives on the network thread, as all KJ objects. `service` outlives it.
wire::Ledger::Client make_ledger_server(Service& service);

}  // namespace suyuan
