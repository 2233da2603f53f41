// The codes that an event concerns: those that get a chain link (formats.md 2).
#pragma once

#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Object, parent, child, input, output codes; distinct, in no promised order. Mere data (lot,
// transactions, places) is not in it.
std::vector<std::string> codes_of(const TraceEvent& event);

// The same as code keys, ascending and distinct.
std::vector<Hash> code_keys_of(const std::vector<std::string>& codes);

}  // namespace suyuan
