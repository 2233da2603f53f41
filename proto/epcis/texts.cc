#include "proto/epcis/texts.h"

#include <algorithm>
#include <cstdint>

#include "ledger/base/text.h"
#include "proto/epcis/forms.h"

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
  if (text.empty() || !is_clean_utf8(text)) return std::nullopt;
  return text;
}

std::string uri_of_text(std::string_view text) {
  if (is_uri_shaped(text) && !text.starts_with(kTextUri) && text != kConsumerUri &&
      text != kNoTransaction) {
    return std::string(text);
  }
  std::string uri(kTextUri);
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      for (char digit : to_hex(std::string_view(&c, 1))) {
        uri += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
      }
    }
  }
  return uri;
}

}  // namespace suyuan::ld
