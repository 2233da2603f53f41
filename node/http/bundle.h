// GET /v1/codes/{code}/bundle: the provenance bundle as a file to keep.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

void add_bundle(Router& router, Service& service);
// As above, with the code already in canonical form; for the resolver.
void reply_with_bundle(Service& service, const AtLeast& at_least, const Asker& asker,
                       Reply reply);

}  // namespace suyuan::http
