// The Ledger interface of proto/ledger.capnp, answered by the node's Service.
#pragma once

#include "node/service.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

// Lives on the network thread, as all KJ objects. `service` outlives it. Where submissions of more
// than `submitted_bytes_max` bytes, of all connections, wait for their answers, the next gets BUSY.
wire::Ledger::Client make_ledger_server(Service& service, size_t submitted_bytes_max);

}  // namespace suyuan
