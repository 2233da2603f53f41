#include "client/verify.h"

#include <algorithm>

#include "ledger/batch/note.h"
#include "ledger/crypto/note.h"
#include "ledger/event/codes_of.h"
#include "ledger/event/record.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "proto/submission_codec.h"
#include "proto/registry_codec.h"

namespace suyuan {
namespace {

// Registrars' keys certify each other's successors, each at an earlier entry; far more than anyone
// rotates.
constexpr size_t kDepthMax = 16;

std::string entry(Place place) {
  return "event " + std::to_string(place.event) + " of entry " + std::to_string(place.leaf);
}

Result<std::vector<std::string>> codes_in(PayloadType type, BytesView payload) {
  SUYUAN_TRY(value, decode_any_payload(type, payload));
  if (const auto* act = std::get_if<RegistryEvent>(&value)) {
    return std::vector<std::string>{code_of(*act)};
  }
  return codes_of(std::get<TraceEvent>(value));
}

}  // namespace

Verifier::Counts Verifier::counts() const {
  Counts counts = counts_;
  counts.batches = logged_.size();
  return counts;
}

Result<Done> Verifier::check(const EventView& shown) {
  const auto answer = connection_.event(shown.place, true);
  if (!answer.value) return Unexpected(answer.value.error());
  const EventView& view = *answer.value;
  if (view.place != shown.place || view.note != shown.note || view.record != shown.record ||
      view.payload != shown.payload || view.salt != shown.salt || view.time_ms != shown.time_ms) {
    return fail(Code::ROOT_MISMATCH, "the node shows " + entry(shown.place) + " in two ways");
  }
  SUYUAN_TRY(note, check_member(view));
  const Hash id = batch_id(note.note.text);
  if (signed_.count(id) == 0) {
    SUYUAN_TRY_DONE(check_signatures(note, view.place.leaf, 0));
    SUYUAN_TRY_DONE(check_delegation(note, view, 0));
    signed_.insert(id);
  }
  SUYUAN_TRY_DONE(check_logged(note, view));
  ++counts_.events;
  if (view.state != PayloadState::open) ++counts_.withheld;
  return Done{};
}

Result<SignedBatchNote> Verifier::check_member(const EventView& view) const {
  SUYUAN_TRY(note, parse_batch_note(view.note));
  if (note.batch.ledger != ledger_.id) {
    return fail(Code::LEDGER_MISMATCH, entry(view.place) + " is of another ledger");
  }
  const TreeHead head{.size = note.batch.events, .root = note.batch.root};
  if (!includes(head, view.place.event, leaf_hash(view.record), view.path)) {
    return fail(Code::ROOT_MISMATCH, entry(view.place) + " is not what its batch was signed for");
  }
  SUYUAN_TRY(record, decode_record(view.record));
  if (view.state != PayloadState::open) return note;
  if (payload_hash(view.salt, view.payload) != record.payload) {
    return fail(Code::ROOT_MISMATCH, "the content of " + entry(view.place) + " was changed");
  }
  SUYUAN_TRY(codes, codes_in(note.batch.type, view.payload));
  if (code_keys_of(codes) != record.code_keys) {
    return fail(Code::ROOT_MISMATCH, entry(view.place) + " names other codes than its record");
  }
  return note;
}

Result<Done> Verifier::check_signatures(const SignedBatchNote& note, uint64_t leaf, size_t depth) {
  for (const auto& line : note.note.signatures) {
    SUYUAN_TRY(key, key_of(line.name, line.key_id, depth));
    if (leaf <= key.registered || (key.revoked && leaf > *key.revoked)) {
      return fail(Code::KEY_NOT_IN_FORCE, "entry " + std::to_string(leaf) + " is signed by " +
                                              line.name + " with a key that was not in force");
    }
    if (!verify_note_signature(note.note.text, line, key.key)) {
      return fail(Code::SIGNATURE_INVALID,
                  "entry " + std::to_string(leaf) + ": the signature of " + line.name);
    }
  }
  return Done{};
}

Result<Done> Verifier::check_delegation(const SignedBatchNote& note, const EventView& view,
                                        size_t depth) {
  if (note.batch.signer.empty()) return Done{};
  SUYUAN_TRY(party, party_of(note.batch.party));
  for (const auto& delegation : party.delegations) {
    if (delegation.signer != note.batch.signer ||
        !delegation.in_force_at(view.place.leaf, view.time_ms)) {
      continue;
    }
    return find_act(delegation.granted, depth + 1, [&](const RegistryEvent& act) {
      const auto* grant = std::get_if<GrantDelegation>(&act);
      return grant != nullptr && grant->party == note.batch.party &&
             grant->signer == note.batch.signer;
    });
  }
  return fail(Code::DELEGATION_MISSING,
              note.batch.signer + " signed " + entry(view.place) + " for " + note.batch.party);
}

Result<Done> Verifier::check_logged(const SignedBatchNote& note, const EventView& view) {
  const Hash id = batch_id(note.note.text);
  if (logged_.count(id) != 0) return Done{};
  const auto answer = connection_.receipt(id);
  if (!answer.value) return Unexpected(answer.value.error());
  if (answer.value->leaf != view.place.leaf || answer.value->time_ms != view.time_ms) {
    return fail(Code::ROOT_MISMATCH,
                "the receipt is not for entry " + std::to_string(view.place.leaf));
  }
  SUYUAN_TRY_DONE(check_answer(ledger_, view.note, *answer.value));
  logged_.insert(id);
  return Done{};
}

Result<PartyState> Verifier::party_of(const std::string& id) {
  auto answer = connection_.parties({.id = id});
  if (!answer.value) return Unexpected(std::move(answer.value).error());
  if (answer.value->items.size() != 1 || answer.value->items.front().data.id != id) {
    return fail(Code::PARTY_UNKNOWN, "the node does not show the party " + id);
  }
  return std::move(answer.value->items.front());
}

Result<Verifier::Key> Verifier::key_of(const std::string& party, uint32_t id, size_t depth) {
  const auto known = keys_.find({party, id});
  if (known != keys_.end()) return known->second;
  if (depth > kDepthMax) return fail(Code::TOO_COMPLEX, "too many keys certify one another");
  SUYUAN_TRY(state, party_of(party));
  const auto found = std::find_if(state.keys.begin(), state.keys.end(),
                                  [&](const KeyState& one) { return one.key_id == id; });
  if (found == state.keys.end() || key_id(party, found->key) != id) {
    return fail(Code::KEY_UNKNOWN, "the node does not show the key that " + party + " signed with");
  }
  const Key key{.key = found->key, .registered = found->registered, .revoked = found->revoked};
  const auto& authorities = ledger_.genesis.authorities;
  const bool of_genesis = std::find(authorities.begin(), authorities.end(),
                                    NamedKey{.name = party, .key = key.key}) != authorities.end();
  if (!of_genesis) {
    SUYUAN_TRY_DONE(find_act(key.registered, depth + 1, [&](const RegistryEvent& act) {
      if (const auto* added = std::get_if<AddKey>(&act)) {
        return added->party == party && added->key.key == key.key;
      }
      const auto* registered = std::get_if<RegisterParty>(&act);
      return registered != nullptr && registered->party.id == party &&
             std::any_of(registered->keys.begin(), registered->keys.end(),
                         [&](const KeyEntry& one) { return one.key == key.key; });
    }));
  }
  if (!of_genesis) ++counts_.keys;
  keys_.emplace(std::pair(party, id), key);
  return key;
}

template <class Accept>
Result<Done> Verifier::find_act(uint64_t leaf, size_t depth, Accept accept) {
  const auto& authorities = ledger_.genesis.authorities;
  for (uint32_t i = 0, count = 1; i < count; ++i) {
    const auto answer = connection_.event({.leaf = leaf, .event = i}, true);
    if (!answer.value) return Unexpected(answer.value.error());
    const EventView& view = *answer.value;
    // Else an act of a later entry could pass for one of this entry.
    if (view.place != Place{.leaf = leaf, .event = i}) {
      return fail(Code::ROOT_MISMATCH, "the node answers " + entry(view.place) + " for " +
                                           entry({.leaf = leaf, .event = i}));
    }
    SUYUAN_TRY(note, parse_batch_note(view.note));
    count = note.batch.events;
    if (note.batch.type != PayloadType::registry_capnp || view.state != PayloadState::open)
      continue;
    const auto act = decode_registry(view.payload);
    if (!act || !accept(*act)) continue;
    SUYUAN_TRY(member, check_member(view));
    const std::string& signer = member.batch.party;
    // The role of an authority is given by genesis alone.
    const bool registrar = member.batch.signer.empty() &&
                           std::any_of(authorities.begin(), authorities.end(),
                                       [&](const NamedKey& one) { return one.name == signer; });
    if (!registrar) return fail(Code::NOT_AUTHORITY, entry(view.place) + " is signed by " + signer);
    SUYUAN_TRY_DONE(check_signatures(member, leaf, depth));
    return check_logged(member, view);
  }
  return fail(Code::KEY_UNKNOWN,
              "entry " + std::to_string(leaf) + " does not hold the registrar's act named");
}

}  // namespace suyuan
