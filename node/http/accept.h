// Content negotiation by media type and by encoding (RFC 9110 12.5.1, 12.5.3).
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace suyuan::http {

// Returns the index of the offer ("text/html", in lower case, best first) that the Accept header
// prefers: the highest q, and among equals the earlier offer. The most specific range for a type
// counts. An absent header accepts anything. Nullopt: none is acceptable.
std::optional<size_t> best_offer(std::string_view accept, std::span<const std::string_view> offers);

// Returns true if the header names this type itself, not by a wildcard, and with q above 0.
bool names_type(std::string_view accept, std::string_view type);

// Returns true if an Accept-Encoding names this encoding ("gzip", in lower case), with q above 0.
bool accepts_encoding(std::string_view accept_encoding, std::string_view encoding);

}  // namespace suyuan::http
