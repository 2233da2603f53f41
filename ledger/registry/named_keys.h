// Names with their keys, as genesis and later rules state them; internal to this folder.
#pragma once

#include "ledger/crypto/text_lines.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// A canonical point of prime order. KEY_WEAK.
Result<Done> check_key(const PublicKey& key, const std::string& field);
// 1 to 16, strictly ascending by name, which is a node's name or an authority's. INVALID_FIELD,
// TOO_MANY, KEY_WEAK, PARTY_ID_SYNTAX.
Result<Done> check_nodes(const std::vector<NamedKey>& nodes);
Result<Done> check_authorities(const std::vector<NamedKey>& authorities);
// One key, one use. INVALID_FIELD.
Result<Done> check_distinct(std::vector<PublicKey> keys);

// "<keyword> <name> <base64 of key>", as often as the line is there.
Result<std::vector<NamedKey>> take_named(TextLines& lines, std::string_view keyword);
// A line of the fields with one space between them.
void put_line(std::string& text, std::initializer_list<std::string_view> fields);

}  // namespace suyuan
