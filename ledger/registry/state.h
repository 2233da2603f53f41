// The registry as of a log position: parties, keys over time, delegations, products, sites.
#pragma once

#include <optional>

#include "ledger/registry/genesis.h"
#include "ledger/registry/registry_event.h"
#include "ledger/store/schema.h"

namespace suyuan {

// A key's life in leaf indexes: in force after `registered`, up to and including `revoked`.
struct KeyState {
  PublicKey key;
  uint32_t key_id = 0;  // as in signature lines, for the party's name; unique in the party
  uint64_t registered = 0;
  std::optional<uint64_t> revoked = {};
  std::optional<uint64_t> suspect_from = {};
  bool in_force_at(uint64_t leaf) const {
    return registered < leaf && (!revoked || leaf <= *revoked);
  }
  // What the key signed at this leaf is flagged SIGNER_REVOKED.
  bool suspect_at(uint64_t leaf) const { return suspect_from && *suspect_from <= leaf; }
  friend bool operator==(const KeyState&, const KeyState&) = default;
};

// Has a life like a key's, and also ends at `until_ms` in log time.
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

// Reads. Nullopt: not registered. Errors: CORRUPT, IO.
Result<std::optional<PartyState>> find_party(const Reader& reader, std::string_view id);
Result<std::optional<ProductData>> find_product(const Reader& reader, std::string_view gtin14);
Result<std::optional<SiteData>> find_site(const Reader& reader, std::string_view gln13);
// Returns the party that a source or destination of an event names: by its URN, registered or not;
// or by a GLN (https://id.gs1.org/417/… or /414/…) of a party, or else of a party's site. Empty:
// none.
Result<std::string> party_named(const Reader& reader, std::string_view id);
// Return parties, products or sites in ascending order, starting after `after`; at most `limit`.
Result<std::vector<PartyState>> list_parties(const Reader& reader, std::string_view after,
                                             size_t limit);
Result<std::vector<ProductData>> list_products(const Reader& reader, std::string_view after,
                                               size_t limit);
Result<std::vector<SiteData>> list_sites(const Reader& reader, std::string_view after,
                                         size_t limit);

// Returns the party's key with this note key ID, in force or not. Errors: KEY_UNKNOWN.
Result<KeyState> key_of(const PartyState& party, uint32_t key_id);
// As above, if it is in force at `leaf`. Errors: KEY_UNKNOWN, KEY_NOT_IN_FORCE.
Result<KeyState> key_in_force(const PartyState& party, uint32_t key_id, uint64_t leaf);
// Checks that `signer` may sign for the party at this leaf and log time.
// Errors: DELEGATION_MISSING.
Result<Done> check_delegation(const PartyState& party, std::string_view signer, uint64_t leaf,
                              int64_t time_ms);

// Writes the initial state: genesis' authorities as parties with role authority, and the log's and
// the nodes' keys, so that no party can register one of those.
void start_registry(Overlay& state, const Genesis& genesis);

// Applies one act of the batch at `leaf`. `signer`: its state before the batch. Writes nothing on
// error.
// Errors: NOT_AUTHORITY, those of act_rules.h, PARTY_EXISTS, PARTY_UNKNOWN, KEY_EXISTS, KEY_WEAK,
// POSSESSION_INVALID, KEY_UNKNOWN, KEY_NOT_IN_FORCE, DELEGATION_MISSING, PRODUCT_EXISTS,
// SITE_EXISTS, NOT_FOUND, TOO_MANY.
Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const PartyState& signer,
                                  uint64_t leaf);

}  // namespace suyuan
