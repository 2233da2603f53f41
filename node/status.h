// What a node says about itself: over RPC, at /v1/status, and whether it is ready.
#pragma once

#include "node/service.h"

namespace suyuan {

Result<Status> answer_status(const Service& service, const Reader& reader, const LedgerHead& head);

}  // namespace suyuan
