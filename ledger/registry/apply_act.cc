// Acts about parties, products and sites; and dispatch of all acts.
#include <algorithm>
#include <utility>

#include "ledger/base/limits.h"
#include "ledger/registry/act.h"
#include "ledger/registry/act_rules.h"
#include "ledger/registry/party_numbers.h"

namespace suyuan {

Result<PartyState> RegistryAct::party(const std::string& id, const std::string& field) const {
  SUYUAN_TRY(found, find_party(state_, id));
  if (found) return *std::move(found);
  return fail(Code::PARTY_UNKNOWN, quote(id) + " is not registered; register it first", field);
}

Result<Done> RegistryAct::check_registered(const std::vector<std::string>& ids,
                                           const std::string& field) const {
  for (size_t i = 0; i < ids.size(); ++i) {
    SUYUAN_TRY_DONE(party(ids[i], field + "[" + std::to_string(i) + "]"));
  }
  return Done{};
}

Result<Done> RegistryAct::check_mentioned(const std::string& id, const std::string& field) const {
  if (!id.empty() && mentioned_ == Mentioned::looked_up) SUYUAN_TRY_DONE(party(id, field));
  return Done{};
}

Result<Done> RegistryAct::check_gln(const PartyData& data) const {
  if (mentioned_ == Mentioned::not_looked_up) return Done{};
  return check_gln_free(state_, data);
}

Result<Done> RegistryAct::operator()(const RegisterParty& act) {
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
  put_party_numbers(state_, {}, party.data);
  for (const auto& entry : act.keys) put_key(entry.key, party.data.id);
  return Done{};
}

Result<Done> RegistryAct::operator()(const AmendParty& act) {
  SUYUAN_TRY(amended, party(act.party.id, "party.id"));
  SUYUAN_TRY_DONE(check_own(amended));
  const bool was_authority = amended.is(Role::authority);
  const PartyData before = std::exchange(amended.data, act.party);
  if (amended.is(Role::authority) != was_authority) {
    return fail(Code::INVALID_FIELD, "only genesis gives the role authority, permanently",
                "party.roles");
  }
  SUYUAN_TRY_DONE(check_mentioned(act.party.represented_by, "party.representedBy"));
  SUYUAN_TRY_DONE(check_gln(act.party));
  put(amended);
  put_party_numbers(state_, before, amended.data);
  return Done{};
}

std::vector<DelegationState>::iterator RegistryAct::open_delegation(
    PartyState& party, const std::string& signer) const {
  return std::ranges::find_if(party.delegations, [&](const DelegationState& one) {
    return one.signer == signer && !one.ended;
  });
}

Result<Done> RegistryAct::operator()(const GrantDelegation& act) {
  SUYUAN_TRY(owner, party(act.party, "party"));
  if (owner.is(Role::authority)) {
    return fail(Code::INVALID_FIELD, "an authority signs only for itself", "party");
  }
  SUYUAN_TRY_DONE(check_mentioned(act.signer, "signer"));
  if (owner.delegations.size() == limits::kListMax) {
    return fail(Code::TOO_MANY, "a party may grant at most 256 delegations in all", "signer");
  }
  // A new grant to the same signer replaces the old one, so one act ends them all.
  const auto before = open_delegation(owner, act.signer);
  if (before != owner.delegations.end()) before->ended = leaf_;
  const auto until_ms = act.until ? std::optional(act.until->ms) : std::nullopt;
  owner.delegations.push_back({.signer = act.signer, .until_ms = until_ms, .granted = leaf_});
  put(owner);
  return Done{};
}

Result<Done> RegistryAct::operator()(const EndDelegation& act) {
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

Result<Done> RegistryAct::check_references(const ProductData& data) const {
  SUYUAN_TRY_DONE(party(data.owner, "product.owner"));
  SUYUAN_TRY_DONE(check_registered(data.licensees, "product.licensees"));
  SUYUAN_TRY_DONE(check_mentioned(data.recall_agent, "product.recallAgent"));
  return check_registered(data.sellers, "product.sellers");
}

Result<Done> RegistryAct::operator()(const RegisterProduct& act) {
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

Result<Done> RegistryAct::operator()(const AmendProduct& act) {
  SUYUAN_TRY(existing, find_product(state_, act.product.gtin));
  if (!existing) {
    return fail(Code::NOT_FOUND, act.product.gtin + " is not registered; register it first",
                "product.gtin");
  }
  SUYUAN_TRY_DONE(check_references(act.product));
  state_.put(Table::registry, product_row_key(act.product.gtin), encode(act.product));
  return Done{};
}

Result<Done> RegistryAct::check_references(const SiteData& data) const {
  SUYUAN_TRY_DONE(party(data.party, "site.party"));
  return check_registered(data.supervised_by, "site.supervisedBy");
}

Result<Done> RegistryAct::operator()(const RegisterSite& act) {
  SUYUAN_TRY(existing, find_site(state_, act.site.gln));
  if (existing) {
    return fail(Code::SITE_EXISTS,
                act.site.gln + " is registered for " + existing->party + "; amend it", "site.gln");
  }
  SUYUAN_TRY_DONE(check_references(act.site));
  state_.put(Table::registry, site_row_key(act.site.gln), encode(act.site));
  return Done{};
}

Result<Done> RegistryAct::operator()(const AmendSite& act) {
  SUYUAN_TRY(existing, find_site(state_, act.site.gln));
  if (!existing) {
    return fail(Code::NOT_FOUND, act.site.gln + " is not registered; register it first",
                "site.gln");
  }
  SUYUAN_TRY_DONE(check_references(act.site));
  state_.put(Table::registry, site_row_key(act.site.gln), encode(act.site));
  return Done{};
}

namespace {

bool concerns_parties(const RegistryEvent& act) {
  return !std::holds_alternative<RegisterProduct>(act) &&
         !std::holds_alternative<AmendProduct>(act) &&
         !std::holds_alternative<RegisterSite>(act) && !std::holds_alternative<AmendSite>(act);
}

// The rules of act_rules.h about who may sign.
Result<Done> check_new_party(const RegistryEvent& act) {
  const auto* made = std::get_if<RegisterParty>(&act);
  if (made == nullptr) return Done{};
  const std::string& id = made->party.id;
  if (!is_party_id(id) || is_reserved_party_id(id)) {
    return fail(Code::PARTY_ID_SYNTAX, quote(id) + " is not a party id", "party.id");
  }
  if (std::ranges::find(made->party.roles, Role::authority) == made->party.roles.end()) {
    return Done{};
  }
  return fail(Code::INVALID_FIELD, "only genesis gives the role authority", "party.roles");
}

}  // namespace

Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const ActSigners& by,
                                  uint64_t leaf) {
  if (!by.party.is(Role::authority)) {
    return fail(Code::NOT_AUTHORITY,
                by.party.data.id + " is not an authority of this ledger; let one sign the act");
  }
  auto faults = faults_of(event);
  if (!faults.empty()) return Unexpected(std::move(faults.front()));
  return std::visit(RegistryAct(state, ledger, by, leaf, Mentioned::looked_up), event);
}

Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const ActSigners& by, uint64_t leaf) {
  if (!by.party.is(Role::authority)) {
    return fail(Code::NOT_AUTHORITY, by.party.data.id + " is not an authority of this ledger");
  }
  if (!concerns_parties(event)) return Done{};
  SUYUAN_TRY_DONE(check_new_party(event));
  return std::visit(RegistryAct(state, ledger, by, leaf, Mentioned::not_looked_up), event);
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
