// The forms in which codes are sent, each parsed by its own file. Internal to this folder.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/code/gs1_key.h"
#include "ledger/code/pattern.h"

namespace suyuan {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
// RFC 3986 2.3: characters that canonical texts leave unescaped.
constexpr bool is_unreserved(char c) {
  return is_digit(c) || is_upper(c) || is_lower(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
constexpr bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

// Formats outside text for a message: a number as it is, anything else quoted.
std::string number_words(std::string_view text);
std::string to_lower(std::string_view text);
bool starts_with_any_case(std::string_view text, std::string_view lower_case_prefix);

// Decodes each %XX once. Returns nullopt if an escape is not two hex digits.
std::optional<std::string> decode_escapes(std::string_view text);
// Escapes everything except A-Za-z0-9-._~ as %XX in upper case.
void append_escaped(std::string& out, std::string_view value);

// element_string.cc
Result<Gs1Code> parse_bracketed(std::string_view sent);  // "(01)...(21)..."
Result<Gs1Code> parse_raw(std::string_view sent);        // with FNC1 as 0x1D
// Only split into elements. Checks nothing except their places.
Result<std::vector<Element>> split_bracketed(std::string_view sent);
Result<std::vector<Element>> split_raw(std::string_view sent);

// epc_urn.cc. Requires: begins with "urn:epc:", in any case. own_urn.cc parses BIC codes.
Result<Gs1Code> parse_epc_urn(std::string_view sent);
// "urn:epc:idpat:", in any case. Also patterns that leave more open than a serial and name no
// class.
Result<CodePattern> parse_epc_pattern(std::string_view sent);

// digital_link.cc. Nullopt: the path has no primary key, so the URI is not a Digital Link.
Result<std::optional<Gs1Code>> parse_digital_link(std::string_view path, std::string_view query);

struct LinkElements {
  const KeyRule* key = nullptr;   // null: not a Digital Link
  std::vector<Element> elements;  // the key, then what follows it
};
Result<LinkElements> split_digital_link(std::string_view path);

// uri.cc
struct Uri {
  std::string scheme;  // lower case
  std::optional<std::string> authority;  // normalised: "host" or "host:port"
  std::string_view path;
  std::optional<std::string_view> query;
  bool has_fragment = false;
  bool is_web() const { return scheme == "http" || scheme == "https"; }
};
Result<Uri> split_uri(std::string_view sent);
Result<std::string> normal_uri(const Uri& uri);

// own_urn.cc: container, parcel, order, payment, customs list, document.
struct OwnCode {
  CodeType type = CodeType::document;
  std::string text;
};
// Nullopt: not one of these forms.
std::optional<Result<OwnCode>> parse_own_urn(std::string_view sent);
std::string own_urn_text(CodeType type, std::string_view issuer, std::string_view number);

}  // namespace suyuan
