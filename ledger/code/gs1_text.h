// Everything that a GS1 text says, beyond its identity: for labels, and for links on other levels.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

struct Gs1Part {
  std::string ai;
  std::string value;  // decoded
  friend bool operator==(const Gs1Part&, const Gs1Part&) = default;
};

struct Gs1Text {
  std::vector<Gs1Part> path;        // the key, then its qualifiers from coarse to fine
  std::vector<Gs1Part> attributes;  // the other AIs, each once, in the order sent
};

// The AIs of the primary keys: "01", "00", "414", ...
const std::vector<std::string_view>& gs1_keys();

// Parses a Digital Link, element string, EPC URN or GTIN. Ignores query parameters that are not
// AIs.
// Errors: those of parse_code(), CODE_SYNTAX (the code has no GS1 key).
Result<Gs1Text> parse_gs1_text(std::string_view sent);

// Returns the first `count` parts, escaped: "/01/09521104301011/10/L2606A".
std::string link_path(const Gs1Text& text, size_t count);
// Returns the link for a label: "<stem>/01/09521104301011/10/L2606A?17=280602".
// Errors: CODE_SYNTAX, CODE_CHECK_DIGIT (an AI that is not allowed in a link, a third party's
// serial next to a lot or variant, an invalid value).
Result<std::string> digital_link(const Gs1Text& text, std::string_view stem);
// Returns the human-readable text below a label: "(01)09521104301011(10)L2606A(17)280602".
std::string bracketed_text(const Gs1Text& text);

}  // namespace suyuan
