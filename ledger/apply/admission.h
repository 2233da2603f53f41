// Judging a batch as a whole, before its events: who signs it, and whether it was accepted before.
#pragma once

#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/apply/registry_cache.h"

namespace suyuan {

// The acting party, whose signers may sign at this leaf and log time (formats.md 3).
// BATCH_EXPIRED, PARTY_UNKNOWN, KEY_UNKNOWN, KEY_NOT_IN_FORCE, DELEGATION_MISSING, NOT_AUTHORITY.
Result<const PartyState*> admit(const VerifiedBatch& batch, RegistryCache& registry, uint64_t leaf,
                                int64_t time_ms);

// Whether the keys that signed may sign at this leaf. PARTY_UNKNOWN, KEY_UNKNOWN, KEY_NOT_IN_FORCE.
Result<Done> admit_keys(const std::vector<UsedKey>& keys, RegistryCache& registry, uint64_t leaf);

// What rules after version 1 ask of a batch, by the version in force at its leaf: of this program's
// versions none does. A refusal.
Result<Done> check_later_rules(uint64_t version, const BatchNote& note);

// An eventID of the batch's party, with what it named before.
struct EventId {
  Hash key;  // of the table event_id
  Hash payload_sha256;
  std::optional<StoredEventId> before = {};
};

struct EventIds {
  std::vector<std::optional<EventId>> ids;  // one for each event; nullopt: it has none
  Errors errors;                            // EVENT_ID_REUSED
  std::optional<Place> repeated = {};       // all were accepted before: the first one's place
};
Result<EventIds> check_event_ids(const Reader& state, const VerifiedBatch& batch);

}  // namespace suyuan
