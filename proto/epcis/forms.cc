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

namespace {

constexpr int kScaleMax = 9;
constexpr int kDigitsMax = 18;

// digits * 10^exponent, without zeros at either end; no digits: zero.
struct Scientific {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

// Nullopt: an exponent that a payload's number may not have.
std::optional<Scientific> split_number(std::string_view json_number) {
  constexpr int kExponentMax = 9999;
  Scientific number{.negative = json_number.starts_with('-'), .digits = {}};
  if (number.negative) json_number.remove_prefix(1);
  const size_t mark = std::min(json_number.find_first_of("eE"), json_number.size());
  if (mark < json_number.size()) {
    std::string_view power = json_number.substr(mark + 1);
    const bool down = power.starts_with('-');
    if (down || power.starts_with('+')) power.remove_prefix(1);
    for (const char c : power) {
      number.exponent = number.exponent * 10 + (c - '0');
      if (number.exponent > kExponentMax) return std::nullopt;
    }
    if (down) number.exponent = -number.exponent;
  }
  const std::string_view mantissa = json_number.substr(0, mark);
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  number.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) {
    number.digits += mantissa.substr(point + 1);
    number.exponent -= static_cast<int>(std::min<size_t>(mantissa.size() - point - 1, 1 << 20));
  }
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  while (number.digits.ends_with('0')) {
    number.digits.pop_back();
    ++number.exponent;
  }
  return number;
}

std::optional<Decimal> to_decimal(Scientific number) {
  if (number.digits.empty()) return Decimal();
  const auto size = static_cast<int>(number.digits.size());
  if (number.exponent < -kScaleMax || size > kDigitsMax || size + number.exponent > kDigitsMax) {
    return std::nullopt;
  }
  if (number.exponent > 0) {
    number.digits.append(static_cast<size_t>(number.exponent), '0');
    number.exponent = 0;
  }
  int64_t units = 0;
  for (const char c : number.digits) units = units * 10 + (c - '0');
  return Decimal::make(number.negative ? -units : units, static_cast<uint8_t>(-number.exponent));
}

}  // namespace

std::optional<Decimal> decimal_of(std::string_view json_number) {
  auto number = split_number(json_number);
  return number ? to_decimal(*std::move(number)) : std::nullopt;
}

std::optional<Decimal> quantity_of(std::string_view json_number) {
  auto number = split_number(json_number);
  if (!number) return std::nullopt;
  // Digits before the point are never cut.
  while (!number->digits.empty() && number->exponent < 0 &&
         (number->exponent < -kScaleMax ||
          number->digits.size() > static_cast<size_t>(kDigitsMax))) {
    number->digits.pop_back();
    ++number->exponent;
  }
  while (number->digits.ends_with('0')) {
    number->digits.pop_back();
    ++number->exponent;
  }
  return to_decimal(*std::move(number));
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

bool begins_with(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::ranges::equal(lower_case, text.substr(0, lower_case.size()), [](char low, char c) {
           return low == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
         });
}

bool is_under_gs1(std::string_view uri, std::string_view path) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!begins_with(uri, scheme)) continue;
    const std::string_view rest = uri.substr(scheme.size());
    for (const std::string_view host :
         {"ref.gs1.org/", "ns.gs1.org/", "gs1.org/", "www.gs1.org/"}) {
      if (begins_with(rest, host)) return begins_with(rest.substr(host.size()), path);
    }
  }
  return false;
}

}  // namespace suyuan::ld
