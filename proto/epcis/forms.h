// The forms that values have in EPCIS JSON. Internal to this folder.
#pragma once

#include <optional>
#include <string_view>

#include "ledger/base/decimal.h"

namespace suyuan::ld {

// RFC 3986 as JSON Schema's "uri": a scheme followed by URI characters only, at most 2,048 bytes. A
// CURIE qualifies.
bool is_uri_shaped(std::string_view text);
// Reads a JSON number, with or without exponent. Nullopt: outside the bounds of a Decimal.
std::optional<Decimal> decimal_of(std::string_view json_number);
// As decimal_of, but truncates to a Decimal's decimals. Nullopt: too large.
std::optional<Decimal> quantity_of(std::string_view json_number);
// Returns the minutes of "+02:00" if it is a valid EPCIS offset.
std::optional<int16_t> offset_of(std::string_view text);
bool is_hex(std::string_view text);
// Returns whether the text begins with the prefix, ignoring case. Requires: lower_case is lower
// case.
bool begins_with(std::string_view text, std::string_view lower_case);
// Returns whether it is a name of GS1's own, as "https://ref.gs1.org/cbv/...", in any case. `path`
// is "cbv/", "epcis/" or "voc/".
bool is_under_gs1(std::string_view uri, std::string_view path);

}  // namespace suyuan::ld
