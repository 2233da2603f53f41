// The state of one thing, read with the facts of a larger answer. Internal to this folder.
#pragma once

#include "ledger/provenance/facts.h"

namespace suyuan {

Result<ThingState> read_state(Facts& facts, std::string_view code);

}  // namespace suyuan
