// The log as files under /log: checkpoint, tiles, entry bundles (c2sp.org/tlog-tiles), the events
// of each leaf beside them, and a leaf's proof (c2sp.org/tlog-proof). All of it as of the newest
// published checkpoint, so that what may be cached for ever never changes. An exported folder holds
// the same paths, but for proofs.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// `service` outlives the router.
void add_log_files(Router& router, Service& service);

}  // namespace suyuan::http
