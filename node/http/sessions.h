// Sessions and the access log under /v1 (docs/access.md).
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// POST /v1/challenges, POST /v1/sessions (the signed challenge as text/plain), GET /v1/access.
void add_sessions(Router& router, Service& service);

}  // namespace suyuan::http
