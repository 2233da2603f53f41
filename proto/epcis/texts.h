// URIs for what the ledger can express and EPCIS cannot. Internal to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace suyuan::ld {

// The consumer, who is never a party, as a source or destination.
inline constexpr std::string_view kConsumerUri = "suyuan:consumer";
// Placeholder in the bizTransactionList, which every TransactionEvent has, if the event names none.
inline constexpr std::string_view kNoTransaction = "suyuan:none";
// Prefix for a text that is not a URI where EPCIS requires one; the text follows, escaped.
inline constexpr std::string_view kTextUri = "suyuan:text:";

// Returns the text after kTextUri; nullopt if the URI is another, or not what uri_of_text() writes.
std::optional<std::string> text_in_uri(std::string_view uri);
// Escapes everything outside RFC 3986's "unreserved" as %XX.
std::string escaped(std::string_view text);
// Returns a URI unchanged unless it starts with "suyuan:"; any other text goes after kTextUri.
std::string uri_of_text(std::string_view text);

}  // namespace suyuan::ld
