// Checks a batch's keys, delegation and time at its own position, and its party's eventIDs.
#include "ledger/apply/admission.h"

#include <map>

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

Result<const PartyState*> known_party(RegistryCache& registry, std::string_view id) {
  SUYUAN_TRY(party, registry.party(id));
  if (party) return party;
  return fail(Code::PARTY_UNKNOWN,
              "party " + quote(id) + " is not registered at this position: register it first");
}

std::string place_text(Place place) {
  return "leaf " + std::to_string(place.leaf) + ", event " + std::to_string(place.event);
}

Error reused(size_t index, std::string message) {
  return {.code = Code::EVENT_ID_REUSED,
          .message = std::move(message),
          .field = "eventID",
          .event = static_cast<int32_t>(index)};
}

}  // namespace

Result<const PartyState*> admit(const VerifiedBatch& batch, RegistryCache& registry, uint64_t leaf,
                                int64_t time_ms) {
  const BatchNote& note = batch.note();
  if (time_ms > 0 && note.until_ms < static_cast<uint64_t>(time_ms)) {
    return fail(Code::BATCH_EXPIRED, "the batch was valid until " +
                                         std::to_string(note.until_ms) + ", log time is " +
                                         std::to_string(time_ms) + ": sign it again");
  }
  SUYUAN_TRY(party, known_party(registry, note.party));
  SUYUAN_TRY_DONE(admit_keys(batch.keys(), registry, leaf));
  if (!note.signer.empty()) {
    SUYUAN_TRY_DONE(check_delegation(*party, note.signer, leaf, time_ms));
  }
  if (note.type == PayloadType::registry_capnp &&
      (!party->is(Role::authority) || !note.signer.empty())) {
    return fail(Code::NOT_AUTHORITY,
                note.party + " signs a registry act: only an authority may, with its own key");
  }
  return party;
}

Result<Done> admit_keys(const std::vector<UsedKey>& keys, RegistryCache& registry, uint64_t leaf) {
  for (const UsedKey& used : keys) {
    SUYUAN_TRY(signer, known_party(registry, used.party));
    SUYUAN_TRY(key, key_in_force(*signer, used.key_id, leaf));
    if (key.key != used.key) {
      return fail(Code::KEY_UNKNOWN, "the key that signed for " + used.party +
                                         " is not the registered one with its key ID");
    }
  }
  return Done{};
}

Result<EventIds> check_event_ids(const Reader& state, const VerifiedBatch& batch) {
  const auto& events = batch.events();
  EventIds found;
  found.ids.resize(events.size());
  std::map<Hash, size_t> in_batch;
  std::vector<size_t> repeats;
  for (size_t i = 0; i < events.size(); ++i) {
    const auto* event = std::get_if<TraceEvent>(&events[i].value);
    if (!event || event->event_id.empty()) continue;
    EventId id{.key = event_id_key(batch.note().party, event->event_id),
               .payload_sha256 = sha256(events[i].body.payload)};
    SUYUAN_TRY(before, get<StoredEventId>(state, Table::event_id, id.key.view()));
    id.before = before;
    found.ids[i] = id;
    if (event->error) continue;
    const auto [first, fresh] = in_batch.emplace(id.key, i);
    if (before && before->payload_sha256 == id.payload_sha256) {
      repeats.push_back(i);
    } else if (before) {
      found.errors.push_back(reused(
          i, quote(event->event_id) + " names another event, accepted at " +
                 place_text(before->place) + ": give this one an eventID of its own"));
    } else if (!fresh) {
      found.errors.push_back(reused(i, quote(event->event_id) + " is that of event " +
                                           std::to_string(first->second) + " of this batch too"));
    }
  }
  if (!repeats.empty() && repeats.size() == events.size()) {
    for (const auto& id : found.ids) found.repeated.push_back(id->before->place);
    return found;
  }
  for (const size_t i : repeats) {
    found.errors.push_back(reused(i, "this event was accepted before, at " +
                                         place_text(found.ids[i]->before->place) +
                                         ": leave it out of the batch"));
  }
  return found;
}

}  // namespace suyuan
