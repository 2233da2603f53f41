// What the ledger can say and EPCIS has no form for, as URIs of its own. Internal to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace suyuan::ld {

// The consumer, who is never a party, as a source or destination.
inline constexpr std::string_view kConsumerUri = "suyuan:consumer";
// In the bizTransactionList, which every TransactionEvent has, of an event that names none.
inline constexpr std::string_view kNoTransaction = "suyuan:none";
// A text that is no URI, where EPCIS has one: escaped behind this.
inline constexpr std::string_view kTextUri = "suyuan:text:";

// The text behind kTextUri; nullopt: the URI is another, or not what uri_of_text() writes.
std::optional<std::string> text_in_uri(std::string_view uri);
// What no character of RFC 3986's "unreserved" is, as %XX.
std::string escaped(std::string_view text);
// A URI as it is, but for those of "suyuan:"; another text behind kTextUri.
std::string uri_of_text(std::string_view text);

}  // namespace suyuan::ld
