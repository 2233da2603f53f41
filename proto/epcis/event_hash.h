// The event hash of CBV 2.0 section 8.9: a name made from what an event says, whatever its spelling.
// A fingerprint for comparing, not what integrity rests on: it covers neither the eventID nor an
// error declaration.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "proto/jsontext/document.h"

namespace suyuan {

// "ni:///sha-256;<64 hex>?ver=CBV2.0"
Result<std::string> event_hash(BytesView payload);
// Of an event's object; `context`: of the document around it. Nullopt: no event.
std::optional<std::string> event_hash_of(JsonValue event, std::optional<JsonValue> context);
// What is hashed: for tests and for whoever looks for a difference.
std::optional<std::string> event_prehash_of(JsonValue event, std::optional<JsonValue> context);

}  // namespace suyuan
