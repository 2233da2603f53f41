// Names with their keys, as genesis and later rules state them. Internal to this folder.
#pragma once

#include "ledger/crypto/text_lines.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// What names of origins, nodes and authorities must not begin with, in the words of an error.
inline constexpr const char* kNotBeginning =
    "not beginning with \"suyuan/\", \"cosignature/\" or \"subtree/\"";

inline Unexpected<Error> refuse(std::string message, std::string field) {
  return fail(Code::INVALID_FIELD, std::move(message), std::move(field));
}

// Checks for a canonical point of prime order. Errors: KEY_WEAK.
Result<Done> check_key(const PublicKey& key, const std::string& field);
// Check for 1 to 16 names, strictly ascending, each a node's or an authority's.
// Errors: INVALID_FIELD, TOO_MANY, KEY_WEAK, PARTY_ID_SYNTAX.
Result<Done> check_nodes(const std::vector<NamedKey>& nodes);
Result<Done> check_authorities(const std::vector<NamedKey>& authorities);
// Checks that no key has two uses. Errors: INVALID_FIELD.
Result<Done> check_distinct(std::vector<PublicKey> keys);

// Takes all following lines "<keyword> <name> <base64 of key>".
Result<std::vector<NamedKey>> take_named(TextLines& lines, std::string_view keyword);
// Appends a line of the fields, separated by one space.
void put_line(std::string& text, std::initializer_list<std::string_view> fields);

}  // namespace suyuan
