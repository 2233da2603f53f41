// The terms of an event in the ledger's own encoding, computed directly from its values.
#pragma once

#include <optional>
#include <vector>

#include "ledger/event/event.h"
#include "proto/epcis_query/fields.h"

namespace suyuan::epcis {

// Returns terms_of(flatten(write_epcis(event))) without writing the event. Returns nullopt if the
// event must be written for that: it has sensors, trees, an error declaration, or a text that JSON
// escapes.
std::optional<std::vector<Term>> terms_of(const TraceEvent& event);

}  // namespace suyuan::epcis
