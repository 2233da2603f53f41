// The registry as of a log position: parties, keys over time, delegations, products, sites.
#pragma once

#include <optional>

#include "ledger/registry/genesis.h"
#include "ledger/registry/registry_event.h"
#include "ledger/store/schema.h"

namespace suyuan {

// A key's life, in leaf indexes: in force for leaves after `registered` up to and with `revoked`.
struct KeyState {
  PublicKey key;
  uint32_t key_id = 0;  // of the note signature lines, for the party's name; unique in the party
  uint64_t registered = 0;
  std::optional<uint64_t> revoked = {};
  std::optional<uint64_t> suspect_from = {};
  bool in_force_at(uint64_t leaf) const {
    return registered < leaf && (!revoked || leaf <= *revoked);
  }
  // What it signed at this leaf is flagged SIGNER_REVOKED.
  bool suspect_at(uint64_t leaf) const { return suspect_from && *suspect_from <= leaf; }
  friend bool operator==(const KeyState&, const KeyState&) = default;
};

// Lives as a key does, and ends with `until_ms` too, in log time.
struct DelegationState {
  std::string signer;
  std::optional<int64_t> until_ms = {};
  uint64_t granted = 0;
  std::optional<uint64_t> ended = {};
  bool in_force_at(uint64_t leaf, int64_t time_ms) const {
    return granted < leaf && (!ended || leaf <= *ended) && (!until_ms || time_ms <= *until_ms);
  }
  friend bool operator==(const DelegationState&, const DelegationState&) = default;
};

struct PartyState {
  PartyData data;
  std::vector<KeyState> keys;
  std::vector<DelegationState> delegations;
  uint64_t registered = 0;  // leaf
  bool is(Role role) const;
  friend bool operator==(const PartyState&, const PartyState&) = default;
};

// Reads. Errors: CORRUPT, IO. Nullopt: not registered.
Result<std::optional<PartyState>> find_party(const Reader& reader, std::string_view id);
Result<std::optional<ProductData>> find_product(const Reader& reader, std::string_view gtin14);
Result<std::optional<SiteData>> find_site(const Reader& reader, std::string_view gln13);
// The party that a source or destination of an event names: by its URN, registered or not; or by a
// GLN, as https://id.gs1.org/417/… or /414/…, that a party or else a site of it has. Empty: none.
Result<std::string> party_named(const Reader& reader, std::string_view id);
// Every party, product or site, ascending, from after `after` on; at most `limit`.
Result<std::vector<PartyState>> list_parties(const Reader& reader, std::string_view after,
                                             size_t limit);
Result<std::vector<ProductData>> list_products(const Reader& reader, std::string_view after,
                                               size_t limit);
Result<std::vector<SiteData>> list_sites(const Reader& reader, std::string_view after,
                                         size_t limit);

// The party's key with this note key ID, in force or not. KEY_UNKNOWN.
Result<KeyState> key_of(const PartyState& party, uint32_t key_id);
// The same, if it is in force at `leaf`. KEY_UNKNOWN, KEY_NOT_IN_FORCE.
Result<KeyState> key_in_force(const PartyState& party, uint32_t key_id, uint64_t leaf);
// Whether `signer` may sign for the party at this leaf and log time. DELEGATION_MISSING.
Result<Done> check_delegation(const PartyState& party, std::string_view signer, uint64_t leaf,
                              int64_t time_ms);

// Writes the state that genesis starts with: its authorities as parties with role authority; the
// log's and the nodes' keys, so that no party ever registers one.
void start_registry(Overlay& state, const Genesis& genesis);

// Applies one act of the batch at `leaf`, signed by `signer` as of before the batch. Writes nothing
// when it returns an error: NOT_AUTHORITY, what act_rules.h refuses, PARTY_EXISTS, PARTY_UNKNOWN,
// KEY_EXISTS, KEY_WEAK, POSSESSION_INVALID, KEY_UNKNOWN, KEY_NOT_IN_FORCE, DELEGATION_MISSING,
// PRODUCT_EXISTS, SITE_EXISTS, NOT_FOUND, TOO_MANY.
Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const PartyState& signer,
                                  uint64_t leaf);

}  // namespace suyuan
