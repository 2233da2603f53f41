#include <algorithm>
#include <array>

#include "ledger/base/limits.h"
#include "proto/json/reader.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

Role read_role(JsonValue value, const std::string& path, FirstFault& faults) {
  const std::string text = read_text(value, path, faults);
  const auto role = role_from(text);
  if (!text.empty() && !role) {
    faults.add(Code::INVALID_FIELD, path,
               quoted(text) + " is not a role; docs/registry.md lists them");
  }
  return role.value_or(Role::producer);
}

Accreditation read_accreditation(JsonValue value, const std::string& path, FirstFault& faults) {
  Accreditation accreditation;
  ObjectReader object(value, path, faults);
  object.need("number", "an accreditation needs a number");
  object.text("number", accreditation.number);
  object.moment("validTo", accreditation.valid_to);
  object.texts("scope", accreditation.scope, limits::kListMax);
  object.finish();
  return accreditation;
}

KeyEntry read_key(JsonValue value, const std::string& path, FirstFault& faults) {
  KeyEntry entry;
  ObjectReader object(value, path, faults);
  object.need("key", "the public key, in base64");
  object.fixed_base64("key", entry.key);
  object.need("possession", "the key's signature of its own registration, in base64");
  object.fixed_base64("possession", entry.possession);
  object.finish();
  return entry;
}

uint32_t read_small(ObjectReader& object, std::string_view name) {
  uint64_t number = 0;
  object.number(name, number);
  if (number <= UINT32_MAX) return static_cast<uint32_t>(number);
  object.faults().add(Code::INVALID_FIELD, object.path_of(name),
                      std::to_string(number) + "; at most " + std::to_string(UINT32_MAX));
  return 0;
}

PartyData read_party(JsonValue value, const std::string& path, FirstFault& faults) {
  PartyData party;
  ObjectReader object(value, path, faults);
  object.need("id", "a party needs an id");
  object.text("id", party.id);
  object.need("name", "a party needs a name");
  object.text("name", party.name);
  object.text("nameZh", party.name_zh);
  object.need("roles", "a party needs roles: they decide what it may post");
  object.list("roles", party.roles, limits::kListMax, read_role);
  std::sort(party.roles.begin(), party.roles.end());
  if (std::adjacent_find(party.roles.begin(), party.roles.end()) != party.roles.end()) {
    faults.add(Code::INVALID_FIELD, object.path_of("roles"), "a role is given twice");
  }
  object.text("country", party.country);
  object.text("gln", party.gln);
  object.text("creditCode", party.credit_code);
  object.text("representedBy", party.represented_by);
  object.list("accreditations", party.accreditations, limits::kListMax, read_accreditation);
  object.finish();
  return party;
}

ProductData read_product(JsonValue value, const std::string& path, FirstFault& faults) {
  ProductData product;
  ObjectReader object(value, path, faults);
  object.need("gtin", "a product is registered under its GTIN");
  object.text("gtin", product.gtin);
  object.need("name", "a product needs a name");
  object.text("name", product.name);
  object.text("nameZh", product.name_zh);
  object.text("brand", product.brand);
  object.need("owner", "the party that may bring units into being");
  object.text("owner", product.owner);
  object.texts("licensees", product.licensees, limits::kListMax);
  object.text("uom", product.uom);
  object.decimal("netKg", product.net_kg);
  object.text("hs", product.hs);
  product.shelf_life_days = read_small(object, "shelfLifeDays");
  object.text("containedGtin", product.contained_gtin);
  product.contained_count = read_small(object, "containedCount");
  object.text("recallAgent", product.recall_agent);
  object.texts("sellers", product.sellers, limits::kListMax);
  object.texts("requiredSteps", product.required_steps, limits::kListMax);
  object.finish();
  return product;
}

SiteData read_site(JsonValue value, const std::string& path, FirstFault& faults) {
  SiteData site;
  ObjectReader object(value, path, faults);
  object.need("gln", "a site is registered under its GLN");
  object.text("gln", site.gln);
  object.need("party", "a site needs the party that runs it");
  object.text("party", site.party);
  object.need("name", "a site needs a name");
  object.text("name", site.name);
  object.text("type", site.type);
  object.text("country", site.country);
  object.text("region", site.region);
  object.decimal("latitude", site.latitude);
  object.decimal("longitude", site.longitude);
  object.text("unlocode", site.unlocode);
  object.texts("supervisedBy", site.supervised_by, limits::kListMax);
  object.finish();
  return site;
}

template <class T, class Read>
void read_member(ObjectReader& object, std::string_view name, T& out, Read read) {
  object.need(name, "the act is about it");
  if (const auto value = object.find(name)) {
    out = read(*value, object.path_of(name), object.faults());
  }
}

std::string read_party_id(ObjectReader& object, std::string_view name) {
  std::string id;
  object.need(name, "a party id is required here");
  object.text(name, id);
  return id;
}

// Acts, in the order of the variant.
RegistryEvent read_register_party(ObjectReader& object) {
  RegisterParty act;
  read_member(object, "party", act.party, read_party);
  object.list("keys", act.keys, limits::kListMax, read_key);
  return act;
}

RegistryEvent read_amend_party(ObjectReader& object) {
  AmendParty act;
  read_member(object, "party", act.party, read_party);
  return act;
}

RegistryEvent read_add_key(ObjectReader& object) {
  AddKey act{.party = read_party_id(object, "party"), .key = {}};
  read_member(object, "key", act.key, read_key);
  return act;
}

RegistryEvent read_revoke_key(ObjectReader& object) {
  RevokeKey act{.party = read_party_id(object, "party"), .key = {}};
  object.need("key", "the public key, in base64");
  object.fixed_base64("key", act.key);
  if (object.find("suspectFrom")) {
    uint64_t leaf = 0;
    object.number("suspectFrom", leaf);
    act.suspect_from = leaf;
  }
  object.text("reason", act.reason);
  return act;
}

RegistryEvent read_grant_delegation(ObjectReader& object) {
  GrantDelegation act{.party = read_party_id(object, "party"),
                      .signer = read_party_id(object, "signer")};
  object.moment("until", act.until);
  return act;
}

RegistryEvent read_end_delegation(ObjectReader& object) {
  return EndDelegation{.party = read_party_id(object, "party"),
                       .signer = read_party_id(object, "signer")};
}

template <class Act>
RegistryEvent read_product_act(ObjectReader& object) {
  Act act;
  read_member(object, "product", act.product, read_product);
  return act;
}

template <class Act>
RegistryEvent read_site_act(ObjectReader& object) {
  Act act;
  read_member(object, "site", act.site, read_site);
  return act;
}

struct ActForm {
  std::string_view word;
  RegistryEvent (*read)(ObjectReader&);
};
constexpr std::array<ActForm, std::variant_size_v<RegistryEvent>> kActs = {{
    {"registerParty", read_register_party},
    {"amendParty", read_amend_party},
    {"addKey", read_add_key},
    {"revokeKey", read_revoke_key},
    {"grantDelegation", read_grant_delegation},
    {"endDelegation", read_end_delegation},
    {"registerProduct", read_product_act<RegisterProduct>},
    {"amendProduct", read_product_act<AmendProduct>},
    {"registerSite", read_site_act<RegisterSite>},
    {"amendSite", read_site_act<AmendSite>},
}};

}  // namespace

std::string_view act_word(const RegistryEvent& event) { return kActs[event.index()].word; }

Result<RegistryEvent> parse_registry_json(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text));
  FirstFault faults;
  ObjectReader object(document.root(), "", faults);
  object.need("act", "which act it is, such as registerParty");
  std::string name;
  object.text("act", name);
  if (faults.any()) return faults.take();
  const auto act = std::find_if(kActs.begin(), kActs.end(),
                                [&name](const ActForm& form) { return form.word == name; });
  if (act == kActs.end()) {
    std::string known;
    for (const auto& form : kActs) known.append(known.empty() ? "" : ", ").append(form.word);
    return fail(Code::INVALID_FIELD, quoted(name) + " is not one of: " + known, "act");
  }
  RegistryEvent event = act->read(object);
  object.finish();
  if (faults.any()) return faults.take();
  return event;
}

}  // namespace suyuan
