// Attachments: photos, certificates and reports that events name by digest. Registered parties put
// and read them, and sign each request (permit.h). They are stored next to the log; only the digest
// proves what an event says about them.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

void add_attachments(Router& router, Service& service);

}  // namespace suyuan::http
