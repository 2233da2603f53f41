// Judges a batch as a whole, before its events: its signers, and whether it was accepted before.
#pragma once

#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/apply/registry_cache.h"

namespace suyuan {

// Returns the acting party if its signers may sign at this leaf and log time (formats.md 3).
// Errors: BATCH_EXPIRED, PARTY_UNKNOWN, KEY_UNKNOWN, KEY_NOT_IN_FORCE, DELEGATION_MISSING,
// NOT_AUTHORITY.
Result<const PartyState*> admit(const VerifiedBatch& batch, RegistryCache& registry, uint64_t leaf,
                                int64_t time_ms);

// Checks that the keys that signed may sign at this leaf.
// Errors: PARTY_UNKNOWN, KEY_UNKNOWN, KEY_NOT_IN_FORCE.
Result<Done> admit_keys(const std::vector<UsedKey>& keys, RegistryCache& registry, uint64_t leaf);

// Checks what rules after version 1 require of a batch. `version` is the one in force at its leaf.
// No version that this program knows adds a requirement. Errors: a refusal.
Result<Done> check_later_rules(uint64_t version, const BatchNote& note);

// An eventID of the batch's party, with the event it already names.
struct EventId {
  Hash key;  // row key in the table event_id
  Hash payload_sha256;
  std::optional<StoredEventId> before = {};
};

struct EventIds {
  std::vector<std::optional<EventId>> ids;  // one for each event; nullopt if it has no eventID
  Errors errors;                            // EVENT_ID_REUSED
  std::vector<Place> repeated = {};         // of all events, if all were accepted before
};
Result<EventIds> check_event_ids(const Reader& state, const VerifiedBatch& batch);

}  // namespace suyuan
