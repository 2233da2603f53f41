// GET /v1/codes/{code}/bundle: the provenance bundle as a file to keep.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

void add_bundle(Router& router, Service& service);

}  // namespace suyuan::http
