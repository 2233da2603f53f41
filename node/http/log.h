// The log as files under /log: checkpoint, tiles, entry bundles (c2sp.org/tlog-tiles), the events
// of each leaf, and a leaf's proof (c2sp.org/tlog-proof). All are as of the newest published
// checkpoint, so what may be cached forever never changes. An exported folder has the same paths,
// except for proofs.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// `service` must outlive the router.
void add_log_files(Router& router, Service& service);

}  // namespace suyuan::http
