#include "proto/epcis_query/pattern.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "ledger/code/code.h"

namespace suyuan::epcis {
namespace {

constexpr std::string_view kCanonicalHost = "https://id.gs1.org";
constexpr std::string_view kIdPattern = "urn:epc:idpat:";

// Where a scheme's company prefix stands in the canonical code.
struct PatternRow {
  std::string_view scheme;
  std::string_view begins;
  size_t skipped;         // digits before the company prefix
  std::string_view tail;  // what separates the last component
};
constexpr std::array<PatternRow, 10> kRows = {{{"sgtin", "/01/", 1, "/21/"},
                                               {"sscc", "/00/", 1, ""},
                                               {"sgln", "/414/", 0, ""},
                                               {"pgln", "/417/", 0, ""},
                                               {"grai", "/8003/", 1, ""},
                                               {"giai", "/8004/", 0, ""},
                                               {"gdti", "/253/", 0, ""},
                                               {"gsrn", "/8018/", 0, ""},
                                               {"gsrnp", "/8017/", 0, ""},
                                               {"upui", "/01/", 1, "/235/"}}};

Unexpected<Error> no_pattern(std::string_view text) {
  return fail(Code::CODE_SYNTAX,
              quote(text) + " is no pattern: stars stand from the right, as in "
                            "urn:epc:idpat:sgtin:9521141.*.*");
}

std::string class_in(std::string_view canonical) {
  const auto code = parse_code(canonical);
  if (!code) return {};
  return code->class_of().value_or(code->type() == CodeType::gtin_class ? code->text() : "");
}

Result<CodePattern> parse_id_pattern(std::string_view text) {
  const auto parts = split(text.substr(kIdPattern.size()), ':');
  if (parts.size() != 2) return no_pattern(text);
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const PatternRow& one) { return one.scheme == parts[0]; });
  if (row == kRows.end()) return no_pattern(text);
  const auto components = split(parts[1], '.');
  const auto first_star = std::find(components.begin(), components.end(), "*");
  if (first_star == components.end() ||
      std::any_of(first_star, components.end(), [](auto one) { return one != "*"; })) {
    return no_pattern(text);
  }
  CodePattern pattern;
  pattern.begins = std::string(kCanonicalHost) + std::string(row->begins);
  pattern.digits_at = pattern.begins.size() + row->skipped;
  pattern.holds = row->tail;
  const auto fixed = first_star - components.begin();
  if (fixed == 0) return pattern;
  if (fixed == 1) {
    pattern.digits = components[0];
    return pattern;
  }
  // All but the serial is there: the class is a code by itself, and fits as one too.
  SUYUAN_TRY(code, parse_code(text));
  CodePattern below;
  below.exact = code.text();
  below.begins = code.text() + (row->tail.empty() ? "" : std::string(row->tail));
  below.under = class_in(code.text());
  return below;
}

Result<CodePattern> parse_link_pattern(std::string_view text) {
  const auto stem = text.substr(0, text.size() - 1);
  const size_t host_end = stem.find('/', stem.find("://") + 3);
  if (!stem.starts_with("http") || host_end == std::string_view::npos ||
      stem.find('*') != std::string_view::npos) {
    return no_pattern(text);
  }
  CodePattern pattern;
  if (const auto code = parse_code(stem)) {
    pattern.begins = code->text();
    pattern.under = class_in(code->text());
  } else {
    pattern.begins = std::string(kCanonicalHost) + std::string(stem.substr(host_end));
  }
  return pattern;
}

}  // namespace

bool CodePattern::fits(std::string_view canonical) const {
  if (!exact.empty() && canonical == exact) return true;
  if (begins.empty() || !canonical.starts_with(begins)) return false;
  if (canonical.size() < digits_at ||
      (!digits.empty() && !canonical.substr(digits_at).starts_with(digits))) {
    return false;
  }
  return holds.empty() || canonical.find(holds, begins.size()) != std::string_view::npos;
}

Result<CodePattern> parse_pattern(std::string_view text, const Prefixes& prefixes) {
  if (text.starts_with(kIdPattern)) return parse_id_pattern(text);
  if (text.ends_with('*')) return parse_link_pattern(text);
  const std::string full = expand(text, prefixes);
  SUYUAN_TRY(code, parse_code(full));
  return CodePattern{.exact = code.text()};
}

}  // namespace suyuan::epcis
