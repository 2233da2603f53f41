// Applies one registry act to the state at its position (formats.md 9). Every check precedes the
// first write. Internal to this folder: others call state.h.
#pragma once

#include <string>
#include <vector>

#include "ledger/registry/quorum.h"
#include "ledger/registry/rows.h"

namespace suyuan {

enum class Mentioned : uint8_t { looked_up, not_looked_up };

class RegistryAct {
 public:
  RegistryAct(Overlay& state, const LedgerId& ledger, const ActSigners& by, uint64_t leaf,
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
  // Errors: PARTY_UNKNOWN, with the name of the field that names the party.
  Result<PartyState> party(const std::string& id, const std::string& field) const;
  Result<Done> check_registered(const std::vector<std::string>& ids,
                                const std::string& field) const;
  // Checks a party that the act mentions besides its subject; empty: none.
  Result<Done> check_mentioned(const std::string& id, const std::string& field) const;
  Result<Done> check_gln(const PartyData& data) const;
  Result<Done> check_references(const ProductData& data) const;
  Result<Done> check_references(const SiteData& data) const;
  // With several authorities, none may act in another's name: otherwise a quorum could be one of
  // them.
  Result<Done> check_own(const PartyState& party) const;
  Result<uint64_t> authorities_signed() const;
  // For a change to a party's keys: an authority's are changed only by itself or by a quorum. If it
  // is among the signers, check_quorum judges later whether they suffice, after the act's own
  // faults.
  Result<Done> check_key_owner(const PartyState& party) const;
  // For a change to an authority's keys that requires a quorum.
  Result<Done> check_quorum(const PartyState& party) const;
  // Adds the key to `party`, which the caller writes later.
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

}  // namespace suyuan
