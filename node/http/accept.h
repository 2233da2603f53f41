// Content negotiation by media type (RFC 9110 12.5.1).
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace suyuan::http {

// Which of the offers ("text/html", in lower case, best first) the Accept header asks for: the
// highest q, and of equal ones the earlier offer. A type's most specific range counts. An absent
// header asks for anything. Nullopt: none is acceptable.
std::optional<size_t> best_offer(std::string_view accept, std::span<const std::string_view> offers);

// Whether the header names this type itself, not by a range with a star, and with q above 0.
bool names_type(std::string_view accept, std::string_view type);

}  // namespace suyuan::http
