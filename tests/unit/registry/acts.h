// Registry acts as tests/vectors/registry.json writes them, and a registry to apply them to.
#pragma once

#include <gtest/gtest.h>

#include "ledger/registry/possession.h"
#include "ledger/registry/quorum.h"
#include "ledger/store/memory_store.h"
#include "tests/support/vectors.h"

namespace suyuan::testing {

inline std::string optional_text(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value == nullptr ? std::string() : text_of(*value);
}

inline std::vector<std::string> texts(const boost::json::object& from, std::string_view name) {
  std::vector<std::string> list;
  const auto* value = from.if_contains(name);
  if (value == nullptr) return list;
  for (const auto& one : value->as_array()) list.push_back(text_of(one));
  return list;
}

inline std::optional<Decimal> decimal(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return Decimal::parse(text_of(*value)).value();
}

inline std::optional<Moment> moment(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return from_rfc3339(text_of(*value)).value();
}

inline uint32_t count(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value == nullptr ? 0 : value->to_number<uint32_t>();
}

inline KeyEntry key_entry(const boost::json::value& value) {
  return {.key = hex_of<PublicKey>(value.at("key")),
          .possession = hex_of<Signature>(value.at("possession"))};
}

inline PartyData party_data(const boost::json::object& from) {
  PartyData data{.id = text_of(from.at("id")),
                 .name = text_of(from.at("name")),
                 .name_zh = optional_text(from, "nameZh"),
                 .roles = {},
                 .country = optional_text(from, "country"),
                 .gln = optional_text(from, "gln"),
                 .credit_code = optional_text(from, "creditCode"),
                 .represented_by = optional_text(from, "representedBy")};
  for (const auto& role : texts(from, "roles")) data.roles.push_back(role_from(role).value());
  if (const auto* list = from.if_contains("accreditations")) {
    for (const auto& one : list->as_array()) {
      data.accreditations.push_back({.number = text_of(one.at("number")),
                                     .valid_to = moment(one.as_object(), "validTo"),
                                     .scope = texts(one.as_object(), "scope")});
    }
  }
  return data;
}

inline ProductData product_data(const boost::json::object& from) {
  return {.gtin = text_of(from.at("gtin")),
          .name = text_of(from.at("name")),
          .name_zh = optional_text(from, "nameZh"),
          .brand = optional_text(from, "brand"),
          .owner = text_of(from.at("owner")),
          .licensees = texts(from, "licensees"),
          .uom = optional_text(from, "uom"),
          .net_kg = decimal(from, "netKg"),
          .hs = optional_text(from, "hs"),
          .shelf_life_days = count(from, "shelfLifeDays"),
          .contained_gtin = optional_text(from, "containedGtin"),
          .contained_count = count(from, "containedCount"),
          .recall_agent = optional_text(from, "recallAgent"),
          .sellers = texts(from, "sellers"),
          .required_steps = texts(from, "requiredSteps")};
}

inline SiteData site_data(const boost::json::object& from) {
  return {.gln = text_of(from.at("gln")),
          .party = text_of(from.at("party")),
          .name = text_of(from.at("name")),
          .type = optional_text(from, "type"),
          .country = optional_text(from, "country"),
          .region = optional_text(from, "region"),
          .latitude = decimal(from, "latitude"),
          .longitude = decimal(from, "longitude"),
          .unlocode = optional_text(from, "unlocode"),
          .supervised_by = texts(from, "supervisedBy")};
}

inline RegistryEvent act_of(const boost::json::object& from) {
  const std::string kind = text_of(from.at("act"));
  if (kind == "registerParty") {
    RegisterParty act{.party = party_data(from.at("party").as_object()), .keys = {}};
    for (const auto& one : from.at("keys").as_array()) act.keys.push_back(key_entry(one));
    return act;
  }
  if (kind == "amendParty") return AmendParty{party_data(from.at("party").as_object())};
  const auto product = [&] { return product_data(from.at("product").as_object()); };
  if (kind == "registerProduct") return RegisterProduct{product()};
  if (kind == "amendProduct") return AmendProduct{product()};
  if (kind == "registerSite") return RegisterSite{site_data(from.at("site").as_object())};
  if (kind == "amendSite") return AmendSite{site_data(from.at("site").as_object())};
  const std::string party = text_of(from.at("party"));
  if (kind == "addKey") return AddKey{.party = party, .key = key_entry(from.at("key"))};
  if (kind == "revokeKey") {
    RevokeKey act{.party = party, .key = hex_of<PublicKey>(from.at("key"))};
    if (from.contains("suspectFrom")) act.suspect_from = count(from, "suspectFrom");
    act.reason = optional_text(from, "reason");
    return act;
  }
  const std::string signer = text_of(from.at("signerParty"));
  if (kind == "endDelegation") return EndDelegation{.party = party, .signer = signer};
  return GrantDelegation{.party = party, .signer = signer, .until = moment(from, "until")};
}

// A key pair that a test can name.
inline KeyPair pair_of(char seed) { return key_from_seed(Bytes(kSeedBytes, seed)); }

// A ledger with the authorities "auth" (key 'A') and "other-auth" (key 'B'), and acts by "auth".
class Registry {
 public:
  explicit Registry(uint64_t quorum = 1) : state_(store_.latest()) {
    genesis.origin = "test.example/log";
    genesis.log_key = pair_of('L').key;
    genesis.nodes = {{.name = "node", .key = pair_of('N').key}};
    genesis.authorities = {{.name = "auth", .key = pair_of('A').key},
                           {.name = "other-auth", .key = pair_of('B').key}};
    genesis.quorum = quorum;
    const std::string text = write_genesis(genesis).value();
    ledger = ledger_id(genesis, write_leaf(LeafKind::genesis, 0, text));
    start_registry(state_, genesis);
  }

  // "OK", or the refusal's name and field.
  std::string apply(const RegistryEvent& act, uint64_t leaf, const std::string& signer = "auth",
                    const std::vector<std::string>& with = {}) {
    const PartyState signed_by = party(signer);
    const auto done = apply_registry_event(state_, ledger, act, ActSigners(signed_by, with), leaf);
    if (done) return "OK";
    const Error& error = done.error();
    return std::string(info(error.code).name) + (error.field.empty() ? "" : " " + error.field);
  }

  RegisterParty registration(const std::string& id, const std::string& key_seeds = "") const {
    RegisterParty act{.party = {.id = id, .name = id, .roles = {Role::logistics}}, .keys = {}};
    for (const char seed : key_seeds) act.keys.push_back(entry(id, seed));
    return act;
  }
  KeyEntry entry(const std::string& id, char seed) const {
    const KeyPair pair = pair_of(seed);
    return prove_possession(ledger, id, pair.secret, pair.key);
  }
  PartyState party(const std::string& id) const { return find_party(state_, id).value().value(); }
  Overlay& state() { return state_; }

  Genesis genesis;
  LedgerId ledger;

 private:
  MemoryStore store_;
  Overlay state_;
};

}  // namespace suyuan::testing
