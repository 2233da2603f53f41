// The forms that values have in EPCIS JSON. Internal to this folder.
#pragma once

#include <optional>
#include <string_view>

#include "ledger/base/decimal.h"

namespace suyuan::ld {

// RFC 3986 as JSON Schema's "uri" has it: a scheme, and only characters of URIs behind it, at most
// 2,048 bytes. A CURIE is one.
bool is_uri_shaped(std::string_view text);
// A JSON number as a Decimal, also where it has an exponent. Nullopt: beyond a Decimal's bounds.
std::optional<Decimal> decimal_of(std::string_view json_number);
// As decimal_of, but what lies beyond a Decimal's decimals is cut off. Nullopt: too large.
std::optional<Decimal> quantity_of(std::string_view json_number);
// "+02:00": minutes, where it is one of EPCIS's offsets.
std::optional<int16_t> offset_of(std::string_view text);
bool is_hex(std::string_view text);
// Whether the text begins so, whatever the case of its letters. REQUIRES: lower_case is.
bool begins_with(std::string_view text, std::string_view lower_case);
// A name of GS1's own, as "https://ref.gs1.org/cbv/...", in whatever case: `path` is "cbv/",
// "epcis/" or "voc/".
bool is_under_gs1(std::string_view uri, std::string_view path);

}  // namespace suyuan::ld
