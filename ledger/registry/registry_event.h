// RegistryEvent: an authority's act about who may do what (formats.md 9). The decoded form of a
// registry payload.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"

namespace suyuan {

// The roles of a registered party. registry/roles.h says what each may post.
enum class Role : uint8_t {
  authority,            // signs registry acts; only genesis grants it
  producer,
  supplier,
  manufacturer,
  lab,
  competent_authority,  // of the country of origin: certifies
  logistics,
  customs,
  market_supervision,
  agent,
  seller,
  platform,
  payment,
  recall_agent,
  system_operator,
};
std::string_view word(Role);
std::optional<Role> role_from(std::string_view);

// A public key with its proof of possession: its own signature over the text of
// registry/possession.h.
struct KeyEntry {
  PublicKey key;
  Signature possession;
  friend bool operator==(const KeyEntry&, const KeyEntry&) = default;
};

// A laboratory's or certifier's accreditation: its scope and expiry.
struct Accreditation {
  std::string number;
  std::optional<Moment> valid_to = {};
  std::vector<std::string> scope = {};
  friend bool operator==(const Accreditation&, const Accreditation&) = default;
};

struct PartyData {
  std::string id;
  std::string name;          // of a firm or office; personal names belong in sections
  std::string name_zh = {};
  std::vector<Role> roles;   // ascending, distinct
  std::string country = {};  // ISO 3166-1 alpha-2
  std::string gln = {};      // 13 digits
  std::string credit_code = {};     // GB 32100
  std::string represented_by = {};  // party id of the agent inside the country
  std::vector<Accreditation> accreditations = {};
  friend bool operator==(const PartyData&, const PartyData&) = default;
};

struct ProductData {
  std::string gtin;               // 14 digits
  std::string name;
  std::string name_zh = {};
  std::string brand = {};
  std::string owner;              // party id
  std::vector<std::string> licensees = {};  // party ids that may also make units
  std::string uom = {};           // of one unit: KGM, H87
  std::optional<Decimal> net_kg = {};       // of one unit, if fixed
  std::string hs = {};            // customs tariff number
  uint32_t shelf_life_days = 0;   // 0: not stated
  std::string contained_gtin = {};  // for a case: the GTIN inside it; next: how many
  uint32_t contained_count = 0;
  std::string recall_agent = {};  // party id
  std::vector<std::string> sellers = {};    // party ids to notify at a recall
  std::vector<std::string> required_steps = {};
  friend bool operator==(const ProductData&, const ProductData&) = default;
};

struct SiteData {
  std::string gln;                // 13 digits
  std::string party;
  std::string name;
  std::string type = {};          // farm, factory, port, bonded_warehouse, ...
  std::string country = {};
  std::string region = {};        // what the public may see of the place
  std::optional<Decimal> latitude = {}, longitude = {};
  std::string unlocode = {};
  // Party ids to notify at a recall of goods located here.
  std::vector<std::string> supervised_by = {};
  friend bool operator==(const SiteData&, const SiteData&) = default;
};

struct RegisterParty {
  PartyData party;
  std::vector<KeyEntry> keys;
  friend bool operator==(const RegisterParty&, const RegisterParty&) = default;
};
struct AmendParty {
  PartyData party;
  friend bool operator==(const AmendParty&, const AmendParty&) = default;
};
struct AddKey {
  std::string party;
  KeyEntry key;
  friend bool operator==(const AddKey&, const AddKey&) = default;
};
// Ends the key from the next leaf on. What it signed from leaf `suspect_from` on is flagged.
struct RevokeKey {
  std::string party;
  PublicKey key;
  std::optional<uint64_t> suspect_from = {};
  std::string reason = {};
  friend bool operator==(const RevokeKey&, const RevokeKey&) = default;
};
// `signer` may sign batches of `party` as a gateway, until that time or until the delegation ends.
struct GrantDelegation {
  std::string party;
  std::string signer;
  std::optional<Moment> until = {};
  friend bool operator==(const GrantDelegation&, const GrantDelegation&) = default;
};
struct EndDelegation {
  std::string party;
  std::string signer;
  friend bool operator==(const EndDelegation&, const EndDelegation&) = default;
};
struct RegisterProduct {
  ProductData product;
  friend bool operator==(const RegisterProduct&, const RegisterProduct&) = default;
};
struct AmendProduct {
  ProductData product;
  friend bool operator==(const AmendProduct&, const AmendProduct&) = default;
};
struct RegisterSite {
  SiteData site;
  friend bool operator==(const RegisterSite&, const RegisterSite&) = default;
};
struct AmendSite {
  SiteData site;
  friend bool operator==(const AmendSite&, const AmendSite&) = default;
};

using RegistryEvent =
    std::variant<RegisterParty, AmendParty, AddKey, RevokeKey, GrantDelegation, EndDelegation,
                 RegisterProduct, AmendProduct, RegisterSite, AmendSite>;

// Returns the one code that the act concerns: urn:suyuan:party:…, :product:… or :site:….
std::string code_of(const RegistryEvent& event);

}  // namespace suyuan
