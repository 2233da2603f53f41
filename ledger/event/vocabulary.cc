#include "ledger/event/vocabulary.h"

#include <algorithm>
#include <array>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr size_t kWordBytesMax = 64;
constexpr size_t kNumberBytesMax = 64;
constexpr size_t kExponentDigitsMax = 4;
constexpr size_t kMediaTypeBytesMax = 127;  // RFC 6838 4.2, each side

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_number(char c) { return c >= '0' && c <= '9'; }

size_t count_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

bool is_media_token(std::string_view text) {
  return !text.empty() && text.size() <= kMediaTypeBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_upper(c) || is_number(c) ||
                  std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kWordBytesMax && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower(c) || is_number(c) || c == '_'; });
}

bool is_measurement_word(std::string_view text) {
  return !text.empty() && text.size() <= kWordBytesMax &&
         (is_lower(text.front()) || is_upper(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_upper(c) || is_number(c) || c == '_';
         });
}

bool is_uri(std::string_view text) {
  const size_t colon = text.find(':');
  if (text.size() > limits::kCodeBytesMax || colon == 0 || colon == std::string_view::npos ||
      colon + 1 == text.size() || !is_ascii_graphic(text)) {
    return false;
  }
  const std::string_view scheme = text.substr(0, colon);
  return (is_lower(scheme.front()) || is_upper(scheme.front())) &&
         std::all_of(scheme.begin(), scheme.end(), [](char c) {
           return is_lower(c) || is_upper(c) || is_number(c) || c == '+' || c == '-' || c == '.';
         });
}

bool is_uom(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_upper(c) || is_number(c); });
}

bool is_media_type(std::string_view text) {
  const size_t slash = text.find('/');
  return slash != std::string_view::npos && is_media_token(text.substr(0, slash)) &&
         is_media_token(text.substr(slash + 1));
}

bool is_json_number(std::string_view text) {
  if (text.size() > kNumberBytesMax) return false;
  if (text.starts_with('-')) text.remove_prefix(1);
  const size_t whole = count_digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const size_t fraction = count_digits(text);
    if (fraction == 0) return false;
    text.remove_prefix(fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    const size_t exponent = count_digits(text);
    if (exponent == 0 || exponent > kExponentDigitsMax) return false;
    text.remove_prefix(exponent);
  }
  return text.empty();
}

std::string_view cbv_word_in(std::string_view uri) {
  // EPCIS 2.0 allows these forms of one word (CBV 2.0 section 6); signed events have the bare word.
  constexpr std::array<std::string_view, 13> kPrefixes = {
      "https://ref.gs1.org/cbv/BizStep-", "https://ref.gs1.org/cbv/Disp-",
      "https://ref.gs1.org/cbv/BTT-",     "https://ref.gs1.org/cbv/SDT-",
      "cbv:BizStep-",                     "cbv:Disp-",
      "cbv:BTT-",                         "cbv:SDT-",
      "urn:epcglobal:cbv:bizstep:",       "urn:epcglobal:cbv:disp:",
      "urn:epcglobal:cbv:btt:",           "urn:epcglobal:cbv:sdt:",
      "urn:epcglobal:cbv:er:"};
  for (const auto prefix : kPrefixes) {
    if (uri.starts_with(prefix)) return uri.substr(prefix.size());
  }
  return {};
}

}  // namespace suyuan
