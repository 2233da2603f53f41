// PayloadDecoder: how the core reads payloads. They are decoded in proto, a module above the core,
// so the function comes in as an argument.
#pragma once

#include <functional>

#include "ledger/batch/batch.h"

namespace suyuan {

// Returns the same for the same bytes on every node. Thread-safe.
using PayloadDecoder = std::function<Result<EventValue>(PayloadType type, BytesView payload)>;

}  // namespace suyuan
