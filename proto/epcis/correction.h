// Compares what a client sends a second time in its own spelling of numbers, names and contexts
// (docs/epcis_rest.md, Captures).
#pragma once

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Returns the event with its trees in one spelling: 12.7 for 1.27E1, object members sorted by name.
// In JSON neither the digits' form nor the order of members has a meaning.
TraceEvent written_one_way(TraceEvent event);

// An error declaration repeats its event, and the ledger compares every digit, but programs write
// numbers in different ways. Returns `first` unchanged with the declaration's errorDeclaration
// added. Fails if the declaration has prefixed names and the two contexts differ, because the names
// could change their meaning. Requires: both decode.
Result<Bytes> declared_in_first_words(BytesView first, BytesView declaration);

}  // namespace suyuan
