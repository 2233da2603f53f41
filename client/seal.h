// Turns an event as its author writes it into what is signed: sections sealed, payload encoded.
#pragma once

#include <functional>

#include "ledger/batch/sign.h"
#include "ledger/registry/registry_event.h"
#include "proto/json/event_json.h"

namespace suyuan {

// Called once for each event and section. A reused salt would reveal that two values are equal.
using SaltSource = std::function<Salt()>;
Salt random_salt();

// What is signed, and the hash of what the author wrote, independent of the salts. The journal
// recognises an event by that hash.
struct SealedEvent {
  UnsignedEvent event;
  Hash content;
};

// Puts each section's digest into the event and its bytes next to the payload. `party` is the
// batch's party, which the digest names.
// Errors: TOO_LARGE, and those of faults_of().
Results<SealedEvent> seal_event(JsonEvent event, std::string_view party, const SaltSource& salts);
Results<SealedEvent> seal_act(const RegistryEvent& act, const SaltSource& salts);

}  // namespace suyuan
