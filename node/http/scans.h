// Scans and verdicts (docs/scans.md).
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

void add_scans(Router& router, Service& service);

}  // namespace suyuan::http
