#include "proto/registry_codec.h"

#include <type_traits>

#include "proto/payload.h"
#include "proto/registry_wire.h"
#include "proto/writing.h"

namespace suyuan {

// read and write are found by argument-dependent lookup (from Reading::list and put), so they are
// outside an anonymous namespace.

void read(Reading& in, wire::KeyEntry::Reader from, KeyEntry& to) {
  in.fixed(from.getKey(), "key", to.key);
  in.fixed(from.getPossession(), "possession", to.possession);
}

void write(const KeyEntry& entry, wire::KeyEntry::Builder to) {
  to.setKey(data_reader(entry.key.view()));
  to.setPossession(data_reader(entry.possession.view()));
}

void read(Reading& in, wire::Accreditation::Reader from, Accreditation& to) {
  in.text(from.getNumber(), "number", to.number);
  if (from.hasValidTo()) {
    const auto time = from.getValidTo();
    in.moment(time.getMs(), time.getOffset(), "validTo", to.valid_to.emplace());
  }
  in.words(from.getScope(), "scope", to.scope);
}

void write(const Accreditation& accreditation, wire::Accreditation::Builder to) {
  using To = wire::Accreditation::Builder;
  put(to, &To::setNumber, accreditation.number);
  put(to, &To::initValidTo, accreditation.valid_to);
  put(to, &To::initScope, accreditation.scope);
}

void read(Reading& in, wire::PartyData::Reader from, PartyData& to) {
  in.text(from.getId(), "id", to.id);
  in.text(from.getName(), "name", to.name);
  in.text(from.getNameZh(), "nameZh", to.name_zh);
  in.list(from.getRoles(), "roles", to.roles, [&](wire::Word::Reader element, Role& role) {
    std::string name;
    in.text(element.getText(), "text", name);
    const auto known = role_from(name);
    if (!known) {
      return in.refuse(Code::INVALID_FIELD, "text", "no role has the name " + quoted(name));
    }
    role = *known;
  });
  in.text(from.getCountry(), "country", to.country);
  in.text(from.getGln(), "gln", to.gln);
  in.text(from.getCreditCode(), "creditCode", to.credit_code);
  in.text(from.getRepresentedBy(), "representedBy", to.represented_by);
  in.list(from.getAccreditations(), "accreditations", to.accreditations);
}

void write(const PartyData& party, wire::PartyData::Builder to) {
  using To = wire::PartyData::Builder;
  put(to, &To::setId, party.id);
  put(to, &To::setName, party.name);
  put(to, &To::setNameZh, party.name_zh);
  std::vector<std::string> roles;
  for (const Role role : party.roles) roles.emplace_back(word(role));
  put(to, &To::initRoles, roles);
  put(to, &To::setCountry, party.country);
  put(to, &To::setGln, party.gln);
  put(to, &To::setCreditCode, party.credit_code);
  put(to, &To::setRepresentedBy, party.represented_by);
  put(to, &To::initAccreditations, party.accreditations);
}

void read(Reading& in, wire::ProductData::Reader from, ProductData& to) {
  in.text(from.getGtin(), "gtin", to.gtin);
  in.text(from.getName(), "name", to.name);
  in.text(from.getNameZh(), "nameZh", to.name_zh);
  in.text(from.getBrand(), "brand", to.brand);
  in.text(from.getOwner(), "owner", to.owner);
  in.words(from.getLicensees(), "licensees", to.licensees);
  in.text(from.getUom(), "uom", to.uom);
  if (from.hasNetKg()) in.decimal(from.getNetKg(), "netKg", to.net_kg.emplace());
  in.text(from.getHs(), "hs", to.hs);
  to.shelf_life_days = from.getShelfLifeDays();
  in.text(from.getContainedGtin(), "containedGtin", to.contained_gtin);
  to.contained_count = from.getContainedCount();
  in.text(from.getRecallAgent(), "recallAgent", to.recall_agent);
  in.words(from.getSellers(), "sellers", to.sellers);
  in.words(from.getRequiredSteps(), "requiredSteps", to.required_steps);
}

void write(const ProductData& product, wire::ProductData::Builder to) {
  using To = wire::ProductData::Builder;
  put(to, &To::setGtin, product.gtin);
  put(to, &To::setName, product.name);
  put(to, &To::setNameZh, product.name_zh);
  put(to, &To::setBrand, product.brand);
  put(to, &To::setOwner, product.owner);
  put(to, &To::initLicensees, product.licensees);
  put(to, &To::setUom, product.uom);
  put(to, &To::initNetKg, product.net_kg);
  put(to, &To::setHs, product.hs);
  to.setShelfLifeDays(product.shelf_life_days);
  put(to, &To::setContainedGtin, product.contained_gtin);
  to.setContainedCount(product.contained_count);
  put(to, &To::setRecallAgent, product.recall_agent);
  put(to, &To::initSellers, product.sellers);
  put(to, &To::initRequiredSteps, product.required_steps);
}

void read(Reading& in, wire::SiteData::Reader from, SiteData& to) {
  in.text(from.getGln(), "gln", to.gln);
  in.text(from.getParty(), "party", to.party);
  in.text(from.getName(), "name", to.name);
  in.text(from.getType(), "type", to.type);
  in.text(from.getCountry(), "country", to.country);
  in.text(from.getRegion(), "region", to.region);
  if (from.hasLatitude()) in.decimal(from.getLatitude(), "latitude", to.latitude.emplace());
  if (from.hasLongitude()) in.decimal(from.getLongitude(), "longitude", to.longitude.emplace());
  in.text(from.getUnlocode(), "unlocode", to.unlocode);
  in.words(from.getSupervisedBy(), "supervisedBy", to.supervised_by);
}

void write(const SiteData& site, wire::SiteData::Builder to) {
  using To = wire::SiteData::Builder;
  put(to, &To::setGln, site.gln);
  put(to, &To::setParty, site.party);
  put(to, &To::setName, site.name);
  put(to, &To::setType, site.type);
  put(to, &To::setCountry, site.country);
  put(to, &To::setRegion, site.region);
  put(to, &To::initLatitude, site.latitude);
  put(to, &To::initLongitude, site.longitude);
  put(to, &To::setUnlocode, site.unlocode);
  put(to, &To::initSupervisedBy, site.supervised_by);
}

namespace {

void read_act(Reading& in, wire::RegisterParty::Reader from, RegisterParty& to) {
  {
    const Reading::Step step(in, "party");
    read(in, from.getParty(), to.party);
  }
  in.list(from.getKeys(), "keys", to.keys);
}

void read_act(Reading& in, wire::AddKey::Reader from, AddKey& to) {
  in.text(from.getParty(), "party", to.party);
  const Reading::Step step(in, "key");
  read(in, from.getKey(), to.key);
}

void read_act(Reading& in, wire::RevokeKey::Reader from, RevokeKey& to) {
  in.text(from.getParty(), "party", to.party);
  in.fixed(from.getKey(), "key", to.key);
  if (from.hasSuspectFrom()) to.suspect_from = from.getSuspectFrom().getLeaf();
  in.text(from.getReason(), "reason", to.reason);
}

void read_act(Reading& in, wire::GrantDelegation::Reader from, GrantDelegation& to) {
  in.text(from.getParty(), "party", to.party);
  in.text(from.getSigner(), "signer", to.signer);
  if (from.hasUntil()) {
    const auto time = from.getUntil();
    in.moment(time.getMs(), time.getOffset(), "until", to.until.emplace());
  }
}

void read_act(Reading& in, wire::EndDelegation::Reader from, EndDelegation& to) {
  in.text(from.getParty(), "party", to.party);
  in.text(from.getSigner(), "signer", to.signer);
}

void read_act(Reading& in, wire::PartyData::Reader from, AmendParty& to) {
  read(in, from, to.party);
}
template <class Act>
  requires std::is_same_v<Act, RegisterProduct> || std::is_same_v<Act, AmendProduct>
void read_act(Reading& in, wire::ProductData::Reader from, Act& to) {
  read(in, from, to.product);
}
template <class Act>
  requires std::is_same_v<Act, RegisterSite> || std::is_same_v<Act, AmendSite>
void read_act(Reading& in, wire::SiteData::Reader from, Act& to) {
  read(in, from, to.site);
}

template <class Act, class From>
void read_as(Reading& in, const char* name, From from, RegistryEvent& to) {
  const Reading::Step step(in, name);
  read_act(in, from, to.emplace<Act>());
}

}  // namespace

void read(Reading& in, wire::RegistryEvent::Reader from, RegistryEvent& to) {
  using Which = wire::RegistryEvent::Which;
  switch (from.which()) {
    case Which::REGISTER_PARTY:
      return read_as<RegisterParty>(in, "registerParty", from.getRegisterParty(), to);
    case Which::AMEND_PARTY:
      return read_as<AmendParty>(in, "amendParty", from.getAmendParty(), to);
    case Which::ADD_KEY: return read_as<AddKey>(in, "addKey", from.getAddKey(), to);
    case Which::REVOKE_KEY: return read_as<RevokeKey>(in, "revokeKey", from.getRevokeKey(), to);
    case Which::GRANT_DELEGATION:
      return read_as<GrantDelegation>(in, "grantDelegation", from.getGrantDelegation(), to);
    case Which::END_DELEGATION:
      return read_as<EndDelegation>(in, "endDelegation", from.getEndDelegation(), to);
    case Which::REGISTER_PRODUCT:
      return read_as<RegisterProduct>(in, "registerProduct", from.getRegisterProduct(), to);
    case Which::AMEND_PRODUCT:
      return read_as<AmendProduct>(in, "amendProduct", from.getAmendProduct(), to);
    case Which::REGISTER_SITE:
      return read_as<RegisterSite>(in, "registerSite", from.getRegisterSite(), to);
    case Which::AMEND_SITE: return read_as<AmendSite>(in, "amendSite", from.getAmendSite(), to);
  }
  in.refuse(Code::INVALID_FIELD, "",
            "found registry act " + std::to_string(static_cast<uint16_t>(from.which())) +
                ", which this version does not know");
}

void write(const RegistryEvent& event, wire::RegistryEvent::Builder to) {
  struct Writer {
    wire::RegistryEvent::Builder& to;
    void operator()(const RegisterParty& act) {
      auto body = to.initRegisterParty();
      write(act.party, body.initParty());
      put(body, &wire::RegisterParty::Builder::initKeys, act.keys);
    }
    void operator()(const AmendParty& act) { write(act.party, to.initAmendParty()); }
    void operator()(const AddKey& act) {
      auto body = to.initAddKey();
      put(body, &wire::AddKey::Builder::setParty, act.party);
      write(act.key, body.initKey());
    }
    void operator()(const RevokeKey& act) {
      auto body = to.initRevokeKey();
      put(body, &wire::RevokeKey::Builder::setParty, act.party);
      body.setKey(data_reader(act.key.view()));
      if (act.suspect_from) body.initSuspectFrom().setLeaf(*act.suspect_from);
      put(body, &wire::RevokeKey::Builder::setReason, act.reason);
    }
    void operator()(const GrantDelegation& act) {
      auto body = to.initGrantDelegation();
      put(body, &wire::GrantDelegation::Builder::setParty, act.party);
      put(body, &wire::GrantDelegation::Builder::setSigner, act.signer);
      put(body, &wire::GrantDelegation::Builder::initUntil, act.until);
    }
    void operator()(const EndDelegation& act) {
      auto body = to.initEndDelegation();
      put(body, &wire::EndDelegation::Builder::setParty, act.party);
      put(body, &wire::EndDelegation::Builder::setSigner, act.signer);
    }
    void operator()(const RegisterProduct& act) { write(act.product, to.initRegisterProduct()); }
    void operator()(const AmendProduct& act) { write(act.product, to.initAmendProduct()); }
    void operator()(const RegisterSite& act) { write(act.site, to.initRegisterSite()); }
    void operator()(const AmendSite& act) { write(act.site, to.initAmendSite()); }
  };
  std::visit(Writer{to}, event);
}

Result<RegistryEvent> decode_registry(BytesView payload) {
  return decode_payload<wire::RegistryEvent, RegistryEvent>(payload);
}

Bytes encode_registry(const RegistryEvent& event) {
  return encode_payload<wire::RegistryEvent>(event);
}

}  // namespace suyuan
