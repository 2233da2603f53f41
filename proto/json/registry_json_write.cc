#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "proto/json/fields.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

void optional_number(JsonWriter& out, std::string_view name, const std::optional<uint64_t>& value) {
  if (value) number_field(out, name, *value);
}

void party_members(JsonWriter& out, const PartyData& party) {
  out.field("id", party.id);
  out.field("name", party.name);
  out.field("nameZh", party.name_zh);
  out.key("roles");
  out.begin_array();
  for (const Role role : party.roles) out.text(word(role));
  out.end_array();
  out.field("country", party.country);
  out.field("gln", party.gln);
  out.field("creditCode", party.credit_code);
  out.field("representedBy", party.represented_by);
  if (party.accreditations.empty()) return;
  out.key("accreditations");
  out.begin_array();
  for (const auto& accreditation : party.accreditations) {
    out.begin_object();
    out.field("number", accreditation.number);
    out.field("validTo", accreditation.valid_to);
    out.field("scope", accreditation.scope);
    out.end_object();
  }
  out.end_array();
}

void write_party_data(JsonWriter& out, const PartyData& party) {
  out.key("party");
  out.begin_object();
  party_members(out, party);
  out.end_object();
}

void write_key(JsonWriter& out, const KeyEntry& entry) {
  out.begin_object();
  out.field("key", to_base64(entry.key.view()));
  out.field("possession", to_base64(entry.possession.view()));
  out.end_object();
}

// The members of each act besides its word.
struct ActWriter {
  JsonWriter& out;

  void operator()(const RegisterParty& act) {
    write_party_data(out, act.party);
    if (act.keys.empty()) return;
    out.key("keys");
    out.begin_array();
    for (const auto& entry : act.keys) write_key(out, entry);
    out.end_array();
  }
  void operator()(const AmendParty& act) { write_party_data(out, act.party); }
  void operator()(const AddKey& act) {
    out.field("party", act.party);
    out.key("key");
    write_key(out, act.key);
  }
  void operator()(const RevokeKey& act) {
    out.field("party", act.party);
    out.field("key", to_base64(act.key.view()));
    optional_number(out, "suspectFrom", act.suspect_from);
    out.field("reason", act.reason);
  }
  void operator()(const GrantDelegation& act) {
    out.field("party", act.party);
    out.field("signer", act.signer);
    out.field("until", act.until);
  }
  void operator()(const EndDelegation& act) {
    out.field("party", act.party);
    out.field("signer", act.signer);
  }
  void operator()(const RegisterProduct& act) { product(act.product); }
  void operator()(const AmendProduct& act) { product(act.product); }
  void operator()(const RegisterSite& act) { site(act.site); }
  void operator()(const AmendSite& act) { site(act.site); }

  void product(const ProductData& data) {
    out.key("product");
    write_product(out, data);
  }
  void site(const SiteData& data) {
    out.key("site");
    write_site(out, data);
  }
};

}  // namespace

void write_act(JsonWriter& out, const RegistryEvent& event) {
  out.begin_object();
  out.field("act", act_word(event));
  std::visit(ActWriter{out}, event);
  out.end_object();
}

std::string write_registry_json(const RegistryEvent& event) {
  JsonWriter out;
  write_act(out, event);
  return std::move(out).str();
}

void write_party(JsonWriter& out, const PartyState& party) {
  out.begin_object();
  party_members(out, party.data);
  number_field(out, "registered", party.registered);
  out.key("keys");
  out.begin_array();
  for (const auto& key : party.keys) {
    out.begin_object();
    out.field("key", to_base64(key.key.view()));
    out.field("keyID", key_id_text(key.key_id));
    number_field(out, "registered", key.registered);
    optional_number(out, "revoked", key.revoked);
    optional_number(out, "suspectFrom", key.suspect_from);
    out.end_object();
  }
  out.end_array();
  out.key("delegations");
  out.begin_array();
  for (const auto& delegation : party.delegations) {
    out.begin_object();
    out.field("signer", delegation.signer);
    if (delegation.until_ms) out.field("until", std::optional(Moment{.ms = *delegation.until_ms}));
    number_field(out, "granted", delegation.granted);
    optional_number(out, "ended", delegation.ended);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void write_product(JsonWriter& out, const ProductData& product) {
  out.begin_object();
  out.field("gtin", product.gtin);
  out.field("name", product.name);
  out.field("nameZh", product.name_zh);
  out.field("brand", product.brand);
  out.field("owner", product.owner);
  out.field("licensees", product.licensees);
  out.field("uom", product.uom);
  out.field("netKg", product.net_kg);
  out.field("hs", product.hs);
  if (product.shelf_life_days != 0) number_field(out, "shelfLifeDays", product.shelf_life_days);
  out.field("containedGtin", product.contained_gtin);
  if (product.contained_count != 0) number_field(out, "containedCount", product.contained_count);
  out.field("recallAgent", product.recall_agent);
  out.field("sellers", product.sellers);
  out.field("requiredSteps", product.required_steps);
  out.end_object();
}

void write_site(JsonWriter& out, const SiteData& site) {
  out.begin_object();
  out.field("gln", site.gln);
  out.field("party", site.party);
  out.field("name", site.name);
  out.field("type", site.type);
  out.field("country", site.country);
  out.field("region", site.region);
  out.field("latitude", site.latitude);
  out.field("longitude", site.longitude);
  out.field("unlocode", site.unlocode);
  out.field("supervisedBy", site.supervised_by);
  out.end_object();
}

}  // namespace suyuan
