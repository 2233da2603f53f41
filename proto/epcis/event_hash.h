// The event hash of CBV 2.0 section 8.9: a name made from what an event says, however it is spelt.
// A fingerprint for comparing, not what integrity rests on: it covers neither the eventID nor an
// error declaration, and programs differ about parts that the standard leaves open.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// "ni:///sha-256;<64 hex>?ver=CBV2.0" of one event with its @context. MALFORMED_EVENT where the
// payload is no JSON object with a type.
Result<std::string> event_hash(BytesView payload);
// What is hashed: for tests, and for whoever looks for a difference.
Result<std::string> event_prehash(BytesView payload);

}  // namespace suyuan
