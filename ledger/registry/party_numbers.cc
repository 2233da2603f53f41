#include "ledger/registry/party_numbers.h"

#include "ledger/registry/rows.h"

namespace suyuan {

Result<Done> check_gln_free(const Reader& state, const PartyData& party) {
  if (party.gln.empty()) return Done{};
  SUYUAN_TRY(holder, state.get(Table::registry, gln_row_key(party.gln)));
  if (!holder || *holder == party.id) return Done{};
  return fail(Code::PARTY_EXISTS,
              party.gln + " is the GLN of " + *holder + "; a GLN names one party", "party.gln");
}

void put_party_numbers(Overlay& state, const PartyData& before, const PartyData& after) {
  if (!before.gln.empty() && before.gln != after.gln) {
    state.erase(Table::registry, gln_row_key(before.gln));
  }
  if (!after.gln.empty()) state.put(Table::registry, gln_row_key(after.gln), after.id);
  if (!before.credit_code.empty() && before.credit_code != after.credit_code) {
    state.erase(Table::registry, credit_code_row_key(before.credit_code, after.id));
  }
  if (!after.credit_code.empty()) {
    state.put(Table::registry, credit_code_row_key(after.credit_code, after.id), {});
  }
}

Result<std::vector<PartyState>> parties_with_credit_code(const Reader& reader,
                                                         std::string_view credit_code,
                                                         size_t limit) {
  const Bytes prefix = credit_code_row_key(credit_code, {});
  std::vector<std::string> ids;
  SUYUAN_TRY_DONE(reader.scan(Table::registry, prefix, after_prefix(prefix), Direction::ascending,
                              [&](BytesView key, BytesView) {
                                ids.emplace_back(key.substr(prefix.size()));
                                return ids.size() < limit;
                              }));
  std::vector<PartyState> parties;
  for (const std::string& id : ids) {
    SUYUAN_TRY(party, find_party(reader, id));
    if (party && party->data.credit_code == credit_code) parties.push_back(*std::move(party));
  }
  return parties;
}

}  // namespace suyuan
