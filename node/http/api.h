// The JSON API under /v1, and health and metrics. docs/openapi.json describes it; a test compares
// the two.
#pragma once

#include "node/http/resolver.h"
#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// `service` must outlive the router.
Router make_api(Service& service, const ResolverOptions& resolver = {});

}  // namespace suyuan::http
