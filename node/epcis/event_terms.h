// The terms of an event in the ledger's own encoding, straight from its values.
#pragma once

#include <optional>
#include <vector>

#include "ledger/event/event.h"
#include "proto/epcis_query/fields.h"

namespace suyuan::epcis {

// Those of terms_of(flatten(write_epcis(event))), without writing it. Nullopt: only a writing tells
// them, since the event has sensors, trees, an error declaration, or a text that JSON spells in its
// own way.
std::optional<std::vector<Term>> terms_of(const TraceEvent& event);

}  // namespace suyuan::epcis
