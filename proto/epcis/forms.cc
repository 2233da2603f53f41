#include "proto/epcis/forms.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "ledger/base/limits.h"

namespace suyuan::ld {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

// RFC 3986: unreserved, reserved, and whole escapes.
bool is_uri_text(std::string_view text) {
  constexpr std::string_view kSigns = "-._~:/?#[]@!$&'()*+,;=";
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_letter(c) || is_digit(c) || kSigns.find(c) != std::string_view::npos) continue;
    const bool escape = c == '%' && i + 2 < text.size() && is_hex_digit(text[i + 1]) &&
                        is_hex_digit(text[i + 2]);
    if (!escape) return false;
  }
  return true;
}

}  // namespace

bool is_uri_shaped(std::string_view text) {
  const size_t colon = text.find(':');
  return text.size() <= limits::kSentCodeBytesMax && colon != std::string_view::npos &&
         colon + 1 < text.size() && is_scheme(text.substr(0, colon)) &&
         is_uri_text(text.substr(colon + 1));
}

std::optional<Decimal> decimal_of(std::string_view json_number) {
  constexpr int kExponentMax = 64;
  constexpr int kScaleMax = 9;
  constexpr size_t kDigitsMax = 18;
  const bool negative = json_number.starts_with('-');
  if (negative) json_number.remove_prefix(1);
  const size_t mark = std::min(json_number.find_first_of("eE"), json_number.size());
  int exponent = 0;
  if (mark < json_number.size()) {
    std::string_view power = json_number.substr(mark + 1);
    const bool down = power.starts_with('-');
    if (down || power.starts_with('+')) power.remove_prefix(1);
    for (const char c : power) {
      if (exponent > kExponentMax) return std::nullopt;
      exponent = exponent * 10 + (c - '0');
    }
    if (down) exponent = -exponent;
  }
  const std::string_view mantissa = json_number.substr(0, mark);
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  std::string digits(mantissa.substr(0, point));
  if (point < mantissa.size()) {
    digits += mantissa.substr(point + 1);
    exponent -= static_cast<int>(std::min<size_t>(mantissa.size() - point - 1, 1 << 20));
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty()) return Decimal();
  if (exponent < -kScaleMax || digits.size() > kDigitsMax) return std::nullopt;
  if (exponent > 0) {
    if (digits.size() + static_cast<size_t>(exponent) > kDigitsMax) return std::nullopt;
    digits.append(static_cast<size_t>(exponent), '0');
    exponent = 0;
  }
  int64_t units = 0;
  for (const char c : digits) units = units * 10 + (c - '0');
  return Decimal::make(negative ? -units : units, static_cast<uint8_t>(-exponent));
}

std::optional<int16_t> offset_of(std::string_view text) {
  constexpr size_t kSize = 6;  // "+02:00"
  if (text.size() != kSize || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
      !is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[4]) || !is_digit(text[5])) {
    return std::nullopt;
  }
  const int hours = (text[1] - '0') * 10 + (text[2] - '0');
  const int minutes = (text[4] - '0') * 10 + (text[5] - '0');
  if (minutes > 59 || hours > 14 || (hours == 14 && minutes != 0)) return std::nullopt;
  const int offset = hours * 60 + minutes;
  return static_cast<int16_t>(text[0] == '-' ? -offset : offset);
}

bool is_hex(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_hex_digit);
}

}  // namespace suyuan::ld
