// By which numbers a party is found: its GLN, and its unified social credit code.
#pragma once

#include <string_view>
#include <vector>

#include "ledger/registry/state.h"

namespace suyuan {

// A GLN names one party: things are handed over by it. PARTY_EXISTS.
Result<Done> check_gln_free(const Reader& state, const PartyData& party);

// The rows by which the party is found, when its data goes from `before` to `after`.
void put_party_numbers(Overlay& state, const PartyData& before, const PartyData& after);

// Who has this credit code: several may be registered with one. At most `limit`, ascending by id.
Result<std::vector<PartyState>> parties_with_credit_code(const Reader& reader,
                                                         std::string_view credit_code,
                                                         size_t limit);

}  // namespace suyuan
