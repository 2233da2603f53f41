// Acts about keys, and the signatures that they need (formats.md 9).
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "ledger/registry/act.h"
#include "ledger/registry/possession.h"

namespace suyuan {

Result<Done> RegistryAct::check_own(const PartyState& party) const {
  if (!party.is(Role::authority) || party.data.id == by_.party.data.id) return Done{};
  return fail(Code::NOT_AUTHORITY, "acts about the authority " + party.data.id +
                                       " must be signed by that authority");
}

// A note names each signer once, so these are different authorities.
Result<uint64_t> RegistryAct::authorities_signed() const {
  uint64_t count = 1;  // the batch's party
  for (const auto& id : by_.with) {
    SUYUAN_TRY(signer, find_party(state_, id));
    if (signer && signer->is(Role::authority)) ++count;
  }
  return count;
}

Result<Done> RegistryAct::check_key_owner(const PartyState& party) const {
  SUYUAN_TRY(needed, authorities_needed(state_));
  if (needed == 1) return check_own(party);
  const bool owner_signs = by_.party.data.id == party.data.id ||
                           std::ranges::find(by_.with, party.data.id) != by_.with.end();
  if (owner_signs) return Done{};
  return check_quorum(party);
}

Result<Done> RegistryAct::check_quorum(const PartyState& party) const {
  if (!party.is(Role::authority)) return Done{};
  SUYUAN_TRY(needed, authorities_needed(state_));
  SUYUAN_TRY(found, authorities_signed());
  if (found >= needed) return Done{};
  return fail(Code::NOT_AUTHORITY,
              "found " + std::to_string(found) + ", expected " + std::to_string(needed) +
                  " signing authorities: the keys of " + party.data.id +
                  " are an authority's; let others sign the batch with it",
              "with");
}

Result<Done> RegistryAct::take_key(PartyState& party, const KeyEntry& entry,
                                   const std::string& field) const {
  const auto refuse = [&](std::string why) {
    return fail(Code::KEY_EXISTS, "the key " + to_base64(entry.key.view()) + " " + why, field);
  };
  if (party.keys.size() == limits::kListMax) {
    return fail(Code::TOO_MANY, "a party may have at most 256 keys in all", field);
  }
  SUYUAN_TRY(holder, state_.get(Table::registry, key_row_key(entry.key)));
  if (holder) return refuse("was registered before, for " + *holder + "; make a new key");
  const uint32_t id = key_id(party.data.id, entry.key);
  for (const auto& key : party.keys) {
    if (key.key == entry.key) return refuse("is named twice in this act");
    if (key.key_id == id)
      return refuse("has the key id of another key of the party; make a new key");
  }
  auto possession = check_possession(ledger_, party.data.id, entry);
  if (!possession) {
    Error error = std::move(possession).error();
    error.field = field + "." + error.field;
    return Unexpected(std::move(error));
  }
  party.keys.push_back({.key = entry.key, .key_id = id, .registered = leaf_});
  return Done{};
}

Result<Done> RegistryAct::operator()(const AddKey& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  SUYUAN_TRY_DONE(check_key_owner(owner));
  SUYUAN_TRY_DONE(take_key(owner, act.key, "key"));
  SUYUAN_TRY_DONE(check_quorum(owner));
  put(owner);
  put_key(act.key.key, act.party);
  return Done{};
}

Result<Done> RegistryAct::operator()(const RevokeKey& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  SUYUAN_TRY_DONE(check_key_owner(owner));
  const auto key = std::ranges::find(owner.keys, act.key, &KeyState::key);
  if (key == owner.keys.end()) {
    return fail(Code::KEY_UNKNOWN, to_base64(act.key.view()) + " is not a key of " + act.party,
                "key");
  }
  // A second act may only move the suspect leaf earlier.
  const bool earlier =
      act.suspect_from && (!key->suspect_from || *act.suspect_from < *key->suspect_from);
  if (key->revoked && !earlier) {
    return fail(Code::KEY_NOT_IN_FORCE,
                "the key was revoked at leaf " + std::to_string(*key->revoked) +
                    "; only an earlier suspect_from can follow",
                "key");
  }
  // Later signatures of the key are refused anyway.
  const uint64_t revoked = key->revoked.value_or(leaf_);
  if (act.suspect_from && *act.suspect_from > revoked) {
    return fail(Code::INVALID_FIELD,
                "found " + std::to_string(*act.suspect_from) +
                    ", at most the leaf of the key's revocation, " + std::to_string(revoked),
                "suspectFrom");
  }
  const auto lives = [](const KeyState& one) { return !one.revoked; };
  if (!key->revoked && owner.is(Role::authority) && std::ranges::count_if(owner.keys, lives) == 1) {
    return fail(Code::INVALID_FIELD,
                "this is the last key of an authority, which nobody could replace; add its " +
                    std::string("successor first"),
                "key");
  }
  SUYUAN_TRY_DONE(check_quorum(owner));
  key->revoked = revoked;
  if (earlier) key->suspect_from = act.suspect_from;
  put(owner);
  return Done{};
}

}  // namespace suyuan
