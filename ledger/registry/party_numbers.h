// The numbers by which a party is found: its GLN and its unified social credit code.
#pragma once

#include <string_view>
#include <vector>

#include "ledger/registry/state.h"

namespace suyuan {

// Checks that no other party has the GLN: hand-overs name parties by it. Errors: PARTY_EXISTS.
Result<Done> check_gln_free(const Reader& state, const PartyData& party);

// Updates the lookup rows when the party's data changes from `before` to `after`.
void put_party_numbers(Overlay& state, const PartyData& before, const PartyData& after);

// Returns the parties with this credit code (several may share one): at most `limit`, ascending by
// id.
Result<std::vector<PartyState>> parties_with_credit_code(const Reader& reader,
                                                         std::string_view credit_code,
                                                         size_t limit);

}  // namespace suyuan
