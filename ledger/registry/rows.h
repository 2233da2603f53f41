// The registry's rows, byte for byte (table `registry`). Internal to this folder.
//
//   "party/" id           PartyState
//   "product/" gtin14     ProductData
//   "site/" gln13         SiteData
//   "gln/" gln13          the id of the party that has it
//   "credit/" code "/" id empty: the party with this id has this unified social credit code
//   "key/" public key     its holder: a party id, or "log key", or "node key <name>"
//   "rules/" u64 leaf     RulesState set by the notice at that leaf
//   "quorum"              u64 of genesis, if it is above 1
//
// A value is its fields in the order of rows.cc: numbers big-endian, texts with a u32 length, an
// optional as u8 0, or 1 and the value, a list as a u32 count and its elements.
#pragma once

#include "ledger/registry/rules_notice.h"
#include "ledger/registry/state.h"

namespace suyuan {

inline constexpr std::string_view kQuorumRowKey = "quorum";
inline constexpr std::string_view kCreditCodeRows = "credit/";  // their key prefix
Bytes party_row_key(std::string_view id);
Bytes product_row_key(std::string_view gtin14);
Bytes site_row_key(std::string_view gln13);
Bytes gln_row_key(std::string_view gln13);
// With an empty id: the key prefix of all parties with the code.
Bytes credit_code_row_key(std::string_view credit_code, std::string_view id);
Bytes key_row_key(const PublicKey& key);
Bytes rules_row_key(uint64_t leaf);
Bytes node_key_holder(std::string_view node);  // the value of a node's "key/" row

Bytes encode(const PartyState&);
Bytes encode(const ProductData&);
Bytes encode(const SiteData&);
Bytes encode(const RulesState&);
template <> Result<PartyState> decode(BytesView);
template <> Result<ProductData> decode(BytesView);
template <> Result<SiteData> decode(BytesView);
template <> Result<RulesState> decode(BytesView);

}  // namespace suyuan
