// The text forms of formats.md: strict base64, hex, decimals, UTF-8, RFC 3339 times. Base64, hex
// and decimals are accepted only in the form in which they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

std::string to_hex(BytesView bytes);  // lower case
std::optional<Bytes> from_hex(std::string_view text);
std::string to_base64(BytesView bytes);  // standard alphabet, padded
// Refuses text that does not re-encode to itself (RFC 4648 3.5).
std::optional<Bytes> from_base64(std::string_view text);
// 0|[1-9][0-9]{0,18}: at most 9'999'999'999'999'999'999, so always within 64 bits unsigned.
std::optional<uint64_t> from_decimal(std::string_view text);

// Valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF) without NUL.
bool is_clean_utf8(std::string_view text);
bool is_ascii_graphic(std::string_view text);  // 0x21 to 0x7E only, not empty
// Formats outside text for a message: quoted, at most 64 bytes, '?' for non-printable bytes.
std::string quoted(std::string_view text);

template <class F>
std::optional<F> fixed_from_hex(std::string_view text) {
  auto bytes = from_hex(text);
  if (!bytes || bytes->size() != F::kSize) return std::nullopt;
  return F::from(*bytes);
}
template <class F>
std::optional<F> fixed_from_base64(std::string_view text) {
  auto bytes = from_base64(text);
  if (!bytes || bytes->size() != F::kSize) return std::nullopt;
  return F::from(*bytes);
}

// RFC 3339 with an offset: "2026-06-02T05:30:00+12:00". A fraction of a second has at most 9
// digits and is truncated to milliseconds. Second 60 is refused, because no later arithmetic would
// keep it.
struct Moment {
  int64_t ms = 0;              // since 1970-01-01T00:00:00Z
  int16_t offset_minutes = 0;  // of the place where it was written, -14 h to +14 h
  friend bool operator==(const Moment&, const Moment&) = default;
};
std::optional<Moment> from_rfc3339(std::string_view text);
// Writes milliseconds only if they are not zero; offset 0 is "Z". Accepts any value; only years
// 0000 to 9999 of the local time parse again.
std::string to_rfc3339(Moment moment);

// Formats outside text for a message: in quotes, at most 64 bytes, non-printable bytes as \xNN.
std::string quote(std::string_view text);

// Splits at each separator; "a,,b" gives three parts, "" one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace suyuan
