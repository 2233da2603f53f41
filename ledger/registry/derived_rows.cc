#include "ledger/registry/derived_rows.h"

#include "ledger/base/limits.h"
#include "ledger/registry/quorum.h"
#include "ledger/registry/rows.h"

namespace suyuan {
namespace {

Result<Done> write_missing_credit_codes(const Reader& reader, Changes& changes) {
  std::string after;
  for (bool more = true; more;) {
    SUYUAN_TRY(page, list_parties(reader, after, limits::kPageMax));
    for (const PartyState& party : page) {
      if (party.data.credit_code.empty()) continue;
      Bytes key = credit_code_row_key(party.data.credit_code, party.data.id);
      SUYUAN_TRY(row, reader.get(Table::registry, key));
      if (row && row->empty()) continue;
      changes.push_back({.table = Table::registry, .key = std::move(key), .value = Bytes()});
    }
    more = page.size() == limits::kPageMax;
    if (more) after = page.back().data.id;
  }
  return Done{};
}

Result<std::vector<Bytes>> credit_code_rows(const Reader& reader, BytesView from, size_t limit) {
  std::vector<Bytes> keys;
  SUYUAN_TRY_DONE(reader.scan(Table::registry, from, after_prefix(kCreditCodeRows),
                              Direction::ascending, [&](BytesView key, BytesView) {
                                keys.emplace_back(key);
                                return keys.size() < limit;
                              }));
  return keys;
}

// Whether the row's party has the code that the row names.
Result<bool> holds(const Reader& reader, BytesView credit_code_row) {
  const BytesView named = credit_code_row.substr(kCreditCodeRows.size());
  const size_t slash = named.find('/');
  if (slash == BytesView::npos) return false;
  SUYUAN_TRY(party, find_party(reader, named.substr(slash + 1)));
  const BytesView code = named.substr(0, slash);
  return party && !code.empty() && party->data.credit_code == code;
}

Result<Done> erase_stale_credit_codes(const Reader& reader, Changes& changes) {
  Bytes from(kCreditCodeRows);
  for (;;) {
    SUYUAN_TRY(keys, credit_code_rows(reader, from, limits::kPageMax));
    for (const Bytes& key : keys) {
      SUYUAN_TRY(held, holds(reader, key));
      if (!held) changes.push_back({.table = Table::registry, .key = key, .value = std::nullopt});
    }
    if (keys.size() < limits::kPageMax) return Done{};
    from = std::move(keys.back());
    from.push_back('\0');
  }
}

Result<Done> write_missing_quorum(const Reader& reader, Changes& changes) {
  SUYUAN_TRY(row, reader.get(Table::registry, kQuorumRowKey));
  if (row) return Done{};
  SUYUAN_TRY(genesis, genesis_in_log(reader));
  if (!genesis) return Done{};
  for (Change& change : quorum_rows(*genesis)) changes.push_back(std::move(change));
  return Done{};
}

}  // namespace

Result<Changes> mend_derived_rows(const Reader& reader) {
  Changes changes;
  SUYUAN_TRY_DONE(write_missing_credit_codes(reader, changes));
  SUYUAN_TRY_DONE(erase_stale_credit_codes(reader, changes));
  SUYUAN_TRY_DONE(write_missing_quorum(reader, changes));
  return changes;
}

Result<std::vector<RegistryRange>> registry_rows_to_compare(const Reader& store) {
  SUYUAN_TRY(quorum, store.get(Table::registry, kQuorumRowKey));
  const Bytes behind_codes = after_prefix(kCreditCodeRows);
  std::vector<RegistryRange> ranges{{.from = {}, .to = Bytes(kCreditCodeRows)}};
  if (quorum) {
    ranges.push_back({.from = behind_codes, .to = {}});
    return ranges;
  }
  ranges.push_back({.from = behind_codes, .to = Bytes(kQuorumRowKey)});
  ranges.push_back({.from = Bytes(kQuorumRowKey) + '\0', .to = {}});
  return ranges;
}

}  // namespace suyuan
