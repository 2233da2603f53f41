#include "proto/epcis/texts.h"

#include <algorithm>
#include <cstdint>

#include "ledger/base/control.h"
#include "ledger/base/text.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/terms.h"

namespace suyuan::ld {

std::optional<std::string> text_in_uri(std::string_view uri) {
  if (!uri.starts_with(kTextUri)) return std::nullopt;
  uri.remove_prefix(kTextUri.size());
  std::string text;
  for (size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] != '%') {
      text += uri[i];
      continue;
    }
    std::string digits(uri.substr(i + 1, 2));
    for (char& c : digits) {
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    const auto byte = from_hex(digits);
    if (!byte || byte->size() != 1) return std::nullopt;
    text += *byte;
    i += 2;
  }
  // One spelling for each text, and none for a text that could have been there itself.
  const bool good = !text.empty() && is_clean_utf8(text) && control_fault(text).empty() &&
                    uri_of_text(text) == std::string(kTextUri) + std::string(uri);
  return good ? std::optional(text) : std::nullopt;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    out += '%';
    for (const char digit : to_hex(std::string_view(&c, 1))) {
      out += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
    }
  }
  return out;
}

std::string uri_of_text(std::string_view text) {
  if (is_uri_shaped(text) && !begins_with(text, kOwnPrefix)) return std::string(text);
  return std::string(kTextUri) + escaped(text);
}

}  // namespace suyuan::ld
