// From an event as its author writes it to what is signed: sections sealed, payload encoded.
#pragma once

#include <functional>

#include "ledger/batch/sign.h"
#include "ledger/registry/registry_event.h"
#include "proto/json/event_json.h"

namespace suyuan {

// Fresh for each event and section, since a salt that is used twice tells who repeats himself.
using SaltSource = std::function<Salt()>;
Salt random_salt();

// What is signed, and the hash of what the author wrote, whatever salts it got: by that the journal
// knows an event again.
struct SealedEvent {
  UnsignedEvent event;
  Hash content;
};

// Puts each section's digest into the event and its bytes beside the payload. `party` is that of
// the batch: the digest names it. Errors: TOO_LARGE, and all that faults_of() says.
Results<SealedEvent> seal_event(JsonEvent event, std::string_view party, const SaltSource& salts);
Results<SealedEvent> seal_act(const RegistryEvent& act, const SaltSource& salts);

}  // namespace suyuan
