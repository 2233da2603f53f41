// All that a GS1 text says, not its identity alone: for labels, and for links on other levels.
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
  std::vector<Gs1Part> attributes;  // the other AIs, each once, in the order as sent
};

// The AIs of the primary keys: "01", "00", "414", ...
const std::vector<std::string_view>& gs1_keys();

// From a Digital Link, element string, EPC URN or GTIN. Errors of parse_code(), and CODE_SYNTAX
// where the code has no GS1 key. In a link's query, what is no AI is passed over.
Result<Gs1Text> parse_gs1_text(std::string_view sent);

// "/01/09521104301011/10/L2606A": the first `count` of the parts, escaped.
std::string link_path(const Gs1Text& text, size_t count);
// "<stem>/01/09521104301011/10/L2606A?17=280602": what a label holds. CODE_SYNTAX,
// CODE_CHECK_DIGIT: an AI that has no place in a link, a third party's serial beside a lot or
// variant, a bad value.
Result<std::string> digital_link(const Gs1Text& text, std::string_view stem);
// "(01)09521104301011(10)L2606A(17)280602": what stands below a label for people.
std::string bracketed_text(const Gs1Text& text);

}  // namespace suyuan
