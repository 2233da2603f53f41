// The codes that an event concerns, which get a chain link (formats.md 2).
#pragma once

#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Returns object, parent, child, input and output codes: distinct, in unspecified order. Data only
// (lot, transactions, places) is not included.
std::vector<std::string> codes_of(const TraceEvent& event);

// Returns the same as code keys, ascending and distinct.
std::vector<Hash> code_keys_of(const std::vector<std::string>& codes);

}  // namespace suyuan
