// The event hash of CBV 2.0 section 8.9: a name computed from what an event says, in any spelling.
// A fingerprint for comparison; integrity does not rest on it. It covers neither the eventID nor an
// error declaration, and programs differ about parts that the standard leaves open.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// Returns "ni:///sha-256;<64 hex>?ver=CBV2.0" for one event with its @context.
// Errors: MALFORMED_EVENT (the payload is not a JSON object with a type).
Result<std::string> event_hash(BytesView payload);
// Returns the text that is hashed, for tests and for finding differences.
Result<std::string> event_prehash(BytesView payload);

}  // namespace suyuan
