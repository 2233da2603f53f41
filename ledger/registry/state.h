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
  uint32_t key_id = 0;              // of the note signature lines, for the party's name
  uint64_t registered = 0;
  std::optional<uint64_t> revoked = {};
  std::optional<uint64_t> suspect_from = {};
  bool in_force_at(uint64_t leaf) const { return registered < leaf && (!revoked || leaf <= *revoked); }
  friend bool operator==(const KeyState&, const KeyState&) = default;
};

struct DelegationState {
  std::string signer;
  std::optional<int64_t> until_ms = {};
  uint64_t granted = 0;
  std::optional<uint64_t> ended = {};
  friend bool operator==(const DelegationState&, const DelegationState&) = default;
};

struct PartyState {
  PartyData data;
  std::vector<KeyState> keys;
  std::vector<DelegationState> delegations;
  uint64_t registered = 0;  // leaf
  friend bool operator==(const PartyState&, const PartyState&) = default;
};

// Reads. Errors: CORRUPT, IO. Nullopt: not registered.
Result<std::optional<PartyState>> find_party(const Reader& reader, std::string_view id);
Result<std::optional<ProductData>> find_product(const Reader& reader, std::string_view gtin14);
Result<std::optional<SiteData>> find_site(const Reader& reader, std::string_view gln13);
// Every party, product or site, ascending, from after `after` on; at most `limit`.
Result<std::vector<PartyState>> list_parties(const Reader& reader, std::string_view after, size_t limit);
Result<std::vector<ProductData>> list_products(const Reader& reader, std::string_view after, size_t limit);
Result<std::vector<SiteData>> list_sites(const Reader& reader, std::string_view after, size_t limit);

// The party's key with this note key ID that is in force at `leaf`. KEY_UNKNOWN, KEY_NOT_IN_FORCE.
Result<KeyState> key_in_force(const PartyState& party, uint32_t key_id, uint64_t leaf);

// Writes the state that genesis starts with: its authorities as parties with role authority.
void start_registry(Overlay& state, const Genesis& genesis);

// Applies one act, signed by `signer`, at `leaf` with log time `time_ms`. Writes nothing when it returns an error.
Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                                  const PartyState& signer, uint64_t leaf);

}  // namespace suyuan
