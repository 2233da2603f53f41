// GET /v1/consistency: the RFC 6962 proof between two sizes of the published log.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

void add_consistency(Router& router, Service& service);

}  // namespace suyuan::http
