// What a client says a second time, in its own way of writing numbers, names and contexts
// (docs/epcis_rest.md, Captures).
#pragma once

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// The event with its trees in one way of writing: 12.7 for 1.27E1, the members of each object by
// name. JSON gives neither digits nor their order a meaning.
TraceEvent written_one_way(TraceEvent event);

// An error declaration repeats its event, and the ledger holds it to every digit; programs write
// numbers in their own way. `first` as it stands, with the declaration's errorDeclaration beside
// it. Fails where the declaration has names with prefixes and the two have different contexts: they
// could change their meaning. REQUIRES: both decode.
Result<Bytes> declared_in_first_words(BytesView first, BytesView declaration);

}  // namespace suyuan
