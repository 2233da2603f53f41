// One registry act on the state at its own place (formats.md 9). Every check comes before the
// first write.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "ledger/registry/act_rules.h"
#include "ledger/registry/quorum.h"
#include "ledger/registry/possession.h"
#include "ledger/registry/rows.h"

namespace suyuan {
namespace {

enum class Mentioned : uint8_t { looked_up, not_looked_up };

class Act {
 public:
  Act(Overlay& state, const LedgerId& ledger, const ActSigners& by, uint64_t leaf,
      Mentioned mentioned)
      : state_(state), ledger_(ledger), by_(by), leaf_(leaf), mentioned_(mentioned) {}

  Result<Done> operator()(const RegisterParty& act);
  Result<Done> operator()(const AmendParty& act);
  Result<Done> operator()(const AddKey& act);
  Result<Done> operator()(const RevokeKey& act);
  Result<Done> operator()(const GrantDelegation& act);
  Result<Done> operator()(const EndDelegation& act);
  Result<Done> operator()(const RegisterProduct& act);
  Result<Done> operator()(const AmendProduct& act);
  Result<Done> operator()(const RegisterSite& act);
  Result<Done> operator()(const AmendSite& act);

 private:
  // PARTY_UNKNOWN, with the name of the field that names it.
  Result<PartyState> party(const std::string& id, const std::string& field) const;
  Result<Done> check_registered(const std::vector<std::string>& ids,
                                const std::string& field) const;
  // Of a party that the act names beside the one that it concerns; empty: none.
  Result<Done> check_mentioned(const std::string& id, const std::string& field) const;
  // A GLN names one party: things are handed over by it.
  Result<Done> check_gln(const PartyData& data) const;
  void put_gln(const std::string& before, const PartyData& data);
  Result<Done> check_references(const ProductData& data) const;
  Result<Done> check_references(const SiteData& data) const;
  // With several authorities, none may act in another's name: a quorum would be one of them.
  Result<Done> check_own(const PartyState& party) const;
  Result<uint64_t> authorities_signed() const;
  // Of a change to the party's keys. An authority's are changed by itself or by a quorum...
  Result<Done> check_key_owner(const PartyState& party) const;
  // ... and by a quorum in any case.
  Result<Done> check_quorum(const PartyState& party) const;
  // Adds the key to the party, which is not written yet.
  Result<Done> take_key(PartyState& party, const KeyEntry& entry, const std::string& field) const;
  std::vector<DelegationState>::iterator open_delegation(PartyState& party,
                                                         const std::string& signer) const;
  void put(const PartyState& party) {
    state_.put(Table::registry, party_row_key(party.data.id), encode(party));
  }
  void put_key(const PublicKey& key, const std::string& party) {
    state_.put(Table::registry, key_row_key(key), party);
  }

  Overlay& state_;
  const LedgerId& ledger_;
  const ActSigners& by_;
  const uint64_t leaf_;
  const Mentioned mentioned_;
};

Result<PartyState> Act::party(const std::string& id, const std::string& field) const {
  SUYUAN_TRY(found, find_party(state_, id));
  if (found) return *std::move(found);
  return fail(Code::PARTY_UNKNOWN, quote(id) + " is not registered; register it first", field);
}

Result<Done> Act::check_registered(const std::vector<std::string>& ids,
                                   const std::string& field) const {
  for (size_t i = 0; i < ids.size(); ++i) {
    SUYUAN_TRY_DONE(party(ids[i], field + "[" + std::to_string(i) + "]"));
  }
  return Done{};
}

Result<Done> Act::check_mentioned(const std::string& id, const std::string& field) const {
  if (!id.empty() && mentioned_ == Mentioned::looked_up) SUYUAN_TRY_DONE(party(id, field));
  return Done{};
}

Result<Done> Act::check_own(const PartyState& party) const {
  if (!party.is(Role::authority) || party.data.id == by_.party.data.id) return Done{};
  return fail(Code::NOT_AUTHORITY, "what concerns the authority " + party.data.id +
                                       " is registered by that authority alone");
}

// A note names each signer once, so these are different authorities.
Result<uint64_t> Act::authorities_signed() const {
  uint64_t count = 1;  // the batch's party
  for (const auto& id : by_.with) {
    SUYUAN_TRY(signer, find_party(state_, id));
    if (signer && signer->is(Role::authority)) ++count;
  }
  return count;
}

Result<Done> Act::check_key_owner(const PartyState& party) const {
  SUYUAN_TRY(needed, authorities_needed(state_));
  if (needed == 1) return check_own(party);
  SUYUAN_TRY(found, authorities_signed());
  if (found >= needed || std::ranges::find(by_.with, party.data.id) != by_.with.end())
    return Done{};
  return check_own(party);
}

Result<Done> Act::check_quorum(const PartyState& party) const {
  if (!party.is(Role::authority)) return Done{};
  SUYUAN_TRY(needed, authorities_needed(state_));
  SUYUAN_TRY(found, authorities_signed());
  if (found >= needed) return Done{};
  return fail(Code::NOT_AUTHORITY,
              "found " + std::to_string(found) + ", expected " + std::to_string(needed) +
                  " authorities that sign: the keys of " + party.data.id +
                  " are an authority's; let others sign the batch with it",
              "with");
}

Result<Done> Act::take_key(PartyState& party, const KeyEntry& entry,
                           const std::string& field) const {
  const auto refuse = [&](std::string why) {
    return fail(Code::KEY_EXISTS, "the key " + to_base64(entry.key.view()) + " " + why, field);
  };
  if (party.keys.size() == limits::kListMax) {
    return fail(Code::TOO_MANY, "a party has at most 256 keys in its life", field);
  }
  SUYUAN_TRY(holder, state_.get(Table::registry, key_row_key(entry.key)));
  if (holder) return refuse("was registered before, for " + *holder + "; make a new key");
  const uint32_t id = key_id(party.data.id, entry.key);
  for (const auto& key : party.keys) {
    if (key.key == entry.key) return refuse("is named twice in this act");
    if (key.key_id == id) return refuse("has the key id of another of the party; make a new key");
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

Result<Done> Act::check_gln(const PartyData& data) const {
  if (data.gln.empty() || mentioned_ == Mentioned::not_looked_up) return Done{};
  SUYUAN_TRY(holder, state_.get(Table::registry, gln_row_key(data.gln)));
  if (!holder || *holder == data.id) return Done{};
  return fail(Code::PARTY_EXISTS,
              data.gln + " is the GLN of " + *holder + "; a GLN names one party", "party.gln");
}

void Act::put_gln(const std::string& before, const PartyData& data) {
  if (!before.empty() && before != data.gln) state_.erase(Table::registry, gln_row_key(before));
  if (!data.gln.empty()) state_.put(Table::registry, gln_row_key(data.gln), data.id);
}

Result<Done> Act::operator()(const RegisterParty& act) {
  SUYUAN_TRY(existing, find_party(state_, act.party.id));
  if (existing) {
    return fail(Code::PARTY_EXISTS,
                act.party.id + " was registered at leaf " + std::to_string(existing->registered) +
                    "; amend it, or choose another id",
                "party.id");
  }
  SUYUAN_TRY_DONE(check_mentioned(act.party.represented_by, "party.representedBy"));
  SUYUAN_TRY_DONE(check_gln(act.party));
  PartyState party{.data = act.party, .keys = {}, .delegations = {}, .registered = leaf_};
  for (size_t i = 0; i < act.keys.size(); ++i) {
    SUYUAN_TRY_DONE(take_key(party, act.keys[i], "keys[" + std::to_string(i) + "]"));
  }
  put(party);
  put_gln({}, party.data);
  for (const auto& entry : act.keys) put_key(entry.key, party.data.id);
  return Done{};
}

Result<Done> Act::operator()(const AmendParty& act) {
  SUYUAN_TRY(amended, party(act.party.id, "party.id"));
  SUYUAN_TRY_DONE(check_own(amended));
  const bool was_authority = amended.is(Role::authority);
  const std::string gln_before = amended.data.gln;
  amended.data = act.party;
  if (amended.is(Role::authority) != was_authority) {
    return fail(Code::INVALID_FIELD, "the role authority is given by genesis alone, for good",
                "party.roles");
  }
  SUYUAN_TRY_DONE(check_mentioned(act.party.represented_by, "party.representedBy"));
  SUYUAN_TRY_DONE(check_gln(act.party));
  put(amended);
  put_gln(gln_before, amended.data);
  return Done{};
}

Result<Done> Act::operator()(const AddKey& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  SUYUAN_TRY_DONE(check_key_owner(owner));
  SUYUAN_TRY_DONE(take_key(owner, act.key, "key"));
  SUYUAN_TRY_DONE(check_quorum(owner));
  put(owner);
  put_key(act.key.key, act.party);
  return Done{};
}

Result<Done> Act::operator()(const RevokeKey& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  SUYUAN_TRY_DONE(check_key_owner(owner));
  const auto key = std::ranges::find(owner.keys, act.key, &KeyState::key);
  if (key == owner.keys.end()) {
    return fail(Code::KEY_UNKNOWN, to_base64(act.key.view()) + " is no key of " + act.party, "key");
  }
  // A second act may only find out that the key was in wrong hands earlier than was known.
  const bool earlier =
      act.suspect_from && (!key->suspect_from || *act.suspect_from < *key->suspect_from);
  if (key->revoked && !earlier) {
    return fail(Code::KEY_NOT_IN_FORCE,
                "the key was revoked at leaf " + std::to_string(*key->revoked) +
                    "; only an earlier suspect_from can follow",
                "key");
  }
  // What the key signed later is refused anyhow.
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

std::vector<DelegationState>::iterator Act::open_delegation(PartyState& party,
                                                            const std::string& signer) const {
  return std::ranges::find_if(party.delegations, [&](const DelegationState& one) {
    return one.signer == signer && !one.ended;
  });
}

Result<Done> Act::operator()(const GrantDelegation& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  if (owner.is(Role::authority)) {
    return fail(Code::INVALID_FIELD, "an authority signs itself, never through another", "party");
  }
  SUYUAN_TRY_DONE(check_mentioned(act.signer, "signer"));
  if (owner.delegations.size() == limits::kListMax) {
    return fail(Code::TOO_MANY, "a party grants at most 256 delegations in its life", "signer");
  }
  // A new grant to the same signer takes the old one's place, so one act ends them all.
  const auto before = open_delegation(owner, act.signer);
  if (before != owner.delegations.end()) before->ended = leaf_;
  const auto until_ms = act.until ? std::optional(act.until->ms) : std::nullopt;
  owner.delegations.push_back({.signer = act.signer, .until_ms = until_ms, .granted = leaf_});
  put(owner);
  return Done{};
}

Result<Done> Act::operator()(const EndDelegation& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  const auto open = open_delegation(owner, act.signer);
  if (open == owner.delegations.end()) {
    return fail(Code::DELEGATION_MISSING,
                act.party + " has no delegation to " + quote(act.signer) + " that could end",
                "signer");
  }
  open->ended = leaf_;
  put(owner);
  return Done{};
}

Result<Done> Act::check_references(const ProductData& data) const {
  SUYUAN_TRY_DONE(party(data.owner, "product.owner"));
  SUYUAN_TRY_DONE(check_registered(data.licensees, "product.licensees"));
  SUYUAN_TRY_DONE(check_mentioned(data.recall_agent, "product.recallAgent"));
  return check_registered(data.sellers, "product.sellers");
}

Result<Done> Act::operator()(const RegisterProduct& act) {
  SUYUAN_TRY(existing, find_product(state_, act.product.gtin));
  if (existing) {
    return fail(Code::PRODUCT_EXISTS,
                act.product.gtin + " is registered for " + existing->owner + "; amend it",
                "product.gtin");
  }
  SUYUAN_TRY_DONE(check_references(act.product));
  state_.put(Table::registry, product_row_key(act.product.gtin), encode(act.product));
  return Done{};
}

Result<Done> Act::operator()(const AmendProduct& act) {
  SUYUAN_TRY(existing, find_product(state_, act.product.gtin));
  if (!existing) {
    return fail(Code::NOT_FOUND, act.product.gtin + " is not registered; register it first",
                "product.gtin");
  }
  SUYUAN_TRY_DONE(check_references(act.product));
  state_.put(Table::registry, product_row_key(act.product.gtin), encode(act.product));
  return Done{};
}

Result<Done> Act::check_references(const SiteData& data) const {
  SUYUAN_TRY_DONE(party(data.party, "site.party"));
  return check_registered(data.supervised_by, "site.supervisedBy");
}

Result<Done> Act::operator()(const RegisterSite& act) {
  SUYUAN_TRY(existing, find_site(state_, act.site.gln));
  if (existing) {
    return fail(Code::SITE_EXISTS,
                act.site.gln + " is registered for " + existing->party + "; amend it", "site.gln");
  }
  SUYUAN_TRY_DONE(check_references(act.site));
  state_.put(Table::registry, site_row_key(act.site.gln), encode(act.site));
  return Done{};
}

Result<Done> Act::operator()(const AmendSite& act) {
  SUYUAN_TRY(existing, find_site(state_, act.site.gln));
  if (!existing) {
    return fail(Code::NOT_FOUND, act.site.gln + " is not registered; register it first",
                "site.gln");
  }
  SUYUAN_TRY_DONE(check_references(act.site));
  state_.put(Table::registry, site_row_key(act.site.gln), encode(act.site));
  return Done{};
}

bool concerns_parties(const RegistryEvent& act) {
  return !std::holds_alternative<RegisterProduct>(act) &&
         !std::holds_alternative<AmendProduct>(act) &&
         !std::holds_alternative<RegisterSite>(act) && !std::holds_alternative<AmendSite>(act);
}

// What of act_rules.h bears on who may sign.
Result<Done> check_new_party(const RegistryEvent& act) {
  const auto* made = std::get_if<RegisterParty>(&act);
  if (made == nullptr) return Done{};
  const std::string& id = made->party.id;
  if (!is_party_id(id) || is_reserved_party_id(id)) {
    return fail(Code::PARTY_ID_SYNTAX, quote(id) + " is no party id", "party.id");
  }
  if (std::ranges::find(made->party.roles, Role::authority) == made->party.roles.end()) {
    return Done{};
  }
  return fail(Code::INVALID_FIELD, "the role authority is given by genesis alone", "party.roles");
}

}  // namespace

Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const ActSigners& by,
                                  uint64_t leaf) {
  if (!by.party.is(Role::authority)) {
    return fail(Code::NOT_AUTHORITY,
                by.party.data.id + " is no authority of this ledger; let one sign the act");
  }
  auto faults = faults_of(event);
  if (!faults.empty()) return Unexpected(std::move(faults.front()));
  return std::visit(Act(state, ledger, by, leaf, Mentioned::looked_up), event);
}

Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const ActSigners& by, uint64_t leaf) {
  if (!by.party.is(Role::authority)) {
    return fail(Code::NOT_AUTHORITY, by.party.data.id + " is no authority of this ledger");
  }
  if (!concerns_parties(event)) return Done{};
  SUYUAN_TRY_DONE(check_new_party(event));
  return std::visit(Act(state, ledger, by, leaf, Mentioned::not_looked_up), event);
}

Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const PartyState& signer,
                                  uint64_t leaf) {
  return apply_registry_event(state, ledger, event, ActSigners(signer, {}), leaf);
}

Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const PartyState& signer, uint64_t leaf) {
  return replay_party_act(state, ledger, event, ActSigners(signer, {}), leaf);
}

}  // namespace suyuan
