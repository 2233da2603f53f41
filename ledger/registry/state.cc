#include "ledger/registry/state.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/crypto/note.h"
#include "ledger/event/event.h"
#include "ledger/registry/quorum.h"
#include "ledger/registry/rows.h"

namespace suyuan {
namespace {

// Decodes up to `limit` rows whose keys start with `prefix` and come after prefix ‖ after.
template <class Row>
Result<std::vector<Row>> list(const Reader& reader, const Bytes& prefix, std::string_view after,
                              size_t limit) {
  Bytes from = prefix;
  if (!after.empty()) from.append(after).push_back('\0');
  std::vector<Row> rows;
  std::optional<Error> error;
  if (limit == 0) return rows;
  SUYUAN_TRY_DONE(reader.scan(Table::registry, from, after_prefix(prefix), Direction::ascending,
                              [&](BytesView, BytesView value) {
                                auto row = decode<Row>(value);
                                if (!row) {
                                  error = std::move(row).error();
                                  return false;
                                }
                                rows.push_back(*std::move(row));
                                return rows.size() < limit;
                              }));
  if (error) return Unexpected(*std::move(error));
  return rows;
}

}  // namespace

bool PartyState::is(Role role) const {
  return std::ranges::find(data.roles, role) != data.roles.end();
}

Result<std::optional<PartyState>> find_party(const Reader& reader, std::string_view id) {
  return get<PartyState>(reader, Table::registry, party_row_key(id));
}

Result<std::optional<ProductData>> find_product(const Reader& reader, std::string_view gtin14) {
  return get<ProductData>(reader, Table::registry, product_row_key(gtin14));
}

Result<std::optional<SiteData>> find_site(const Reader& reader, std::string_view gln13) {
  return get<SiteData>(reader, Table::registry, site_row_key(gln13));
}

Result<std::string> party_named(const Reader& reader, std::string_view id) {
  if (id.starts_with(kPartyUrn)) return std::string(id.substr(kPartyUrn.size()));
  for (const std::string_view key : {"https://id.gs1.org/417/", "https://id.gs1.org/414/"}) {
    if (!id.starts_with(key)) continue;
    const std::string_view gln = id.substr(key.size());
    SUYUAN_TRY(holder, reader.get(Table::registry, gln_row_key(gln)));
    if (holder) return *std::move(holder);
    SUYUAN_TRY(site, find_site(reader, gln));
    return site ? site->party : std::string();
  }
  return std::string();
}

Result<std::vector<PartyState>> list_parties(const Reader& reader, std::string_view after,
                                             size_t limit) {
  return list<PartyState>(reader, party_row_key({}), after, limit);
}

Result<std::vector<ProductData>> list_products(const Reader& reader, std::string_view after,
                                               size_t limit) {
  return list<ProductData>(reader, product_row_key({}), after, limit);
}

Result<std::vector<SiteData>> list_sites(const Reader& reader, std::string_view after,
                                         size_t limit) {
  return list<SiteData>(reader, site_row_key({}), after, limit);
}

Result<KeyState> key_of(const PartyState& party, uint32_t key_id) {
  for (const auto& key : party.keys) {
    if (key.key_id == key_id) return key;
  }
  return fail(Code::KEY_UNKNOWN, party.data.id + " has no key with the key id " +
                                     key_id_text(key_id) +
                                     "; sign with a key that is registered for it");
}

Result<KeyState> key_in_force(const PartyState& party, uint32_t key_id, uint64_t leaf) {
  SUYUAN_TRY(key, key_of(party, key_id));
  if (key.in_force_at(leaf)) return key;
  const std::string place = " at leaf " + std::to_string(leaf) + ": it was ";
  if (key.registered >= leaf) {
    return fail(Code::KEY_NOT_IN_FORCE, "the key of " + party.data.id + " is not yet in force" +
                                            place + "registered at leaf " +
                                            std::to_string(key.registered));
  }
  return fail(Code::KEY_NOT_IN_FORCE, "the key of " + party.data.id + " is no longer in force" +
                                          place + "revoked at leaf " +
                                          std::to_string(*key.revoked) + "; sign with another key");
}

Result<Done> check_delegation(const PartyState& party, std::string_view signer, uint64_t leaf,
                              int64_t time_ms) {
  for (const auto& one : party.delegations) {
    if (one.signer == signer && one.in_force_at(leaf, time_ms)) return Done{};
  }
  return fail(Code::DELEGATION_MISSING, party.data.id + " has no delegation in force for " +
                                            quote(signer) + "; have an authority register one");
}

void start_registry(Overlay& state, const Genesis& genesis) {
  state.put(Table::registry, key_row_key(genesis.log_key), "log key");
  for (const auto& node : genesis.nodes) {
    state.put(Table::registry, key_row_key(node.key), node_key_holder(node.name));
  }
  for (const auto& authority : genesis.authorities) {
    const PartyState party{
        .data = {.id = authority.name, .name = authority.name, .roles = {Role::authority}},
        .keys = {{.key = authority.key, .key_id = key_id(authority.name, authority.key)}},
        .delegations = {}};
    state.put(Table::registry, party_row_key(authority.name), encode(party));
    state.put(Table::registry, key_row_key(authority.key), authority.name);
  }
  for (auto& row : quorum_rows(genesis)) state.put(row.table, std::move(row.key), *row.value);
}

Changes quorum_rows(const Genesis& genesis) {
  if (genesis.quorum == 1) return {};
  return {{.table = Table::registry,
           .key = Bytes(kQuorumRowKey),
           .value = u64_key(genesis.quorum)}};
}

Result<std::optional<Genesis>> genesis_in_log(const Reader& state) {
  SUYUAN_TRY(data, state.get(Table::leaf, u64_key(0)));
  if (!data) return std::optional<Genesis>{};
  SUYUAN_TRY(leaf, parse_leaf(*data));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  return std::optional(std::move(genesis));
}

namespace {

Result<uint64_t> quorum_in(const Reader& state) {
  SUYUAN_TRY(row, state.get(Table::registry, kQuorumRowKey));
  if (row) {
    Decoder in(*row);
    uint64_t quorum = 0;
    if (in.get_u64(quorum) && in.done() && quorum > 1) return quorum;
    return fail(Code::CORRUPT, "the row of the authorities' quorum is damaged");
  }
  // A store made before the quorum counted has leaf 0; a registry without a log starts with the
  // row.
  SUYUAN_TRY(genesis, genesis_in_log(state));
  return genesis ? genesis->quorum : uint64_t{1};
}

}  // namespace

Result<uint64_t> authorities_needed(const Reader& state) {
  SUYUAN_TRY(quorum, quorum_in(state));
  return std::min<uint64_t>(quorum, kQuorumMax);
}

}  // namespace suyuan
