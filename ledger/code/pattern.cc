#include "ledger/code/pattern.h"

#include <algorithm>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr std::string_view kEpcPattern = "urn:epc:idpat:";

// The canonical text of everything before the star.
Result<CodePattern> open_link(std::string_view stem) {
  auto whole = parse_code(stem);
  if (whole) return CodePattern{.prefixes = {whole->text()}, .any_qualifier = true};
  if (!stem.ends_with('/')) return Unexpected(std::move(whole).error());
  // The star stands for a whole value: "…/21/*".
  auto filled = parse_code(std::string(stem) + "0");
  if (!filled) return Unexpected(std::move(filled).error());
  std::string prefix = filled->text();
  prefix.pop_back();
  return CodePattern{.prefixes = {std::move(prefix)}, .any_qualifier = true};
}

}  // namespace

bool CodePattern::matches(std::string_view canonical) const {
  if (!exact.empty()) return canonical == exact;
  return std::ranges::any_of(prefixes, [&](const std::string& prefix) {
    if (!canonical.starts_with(prefix)) return false;
    if (any_qualifier) return true;
    const auto rest = canonical.substr(prefix.size());
    const auto slash = rest.find('/');
    if (whole && slash != 0 && !rest.empty()) return false;
    if (slash == std::string_view::npos) return true;
    return !qualifier.empty() && rest.substr(slash + 1).starts_with(qualifier) &&
           rest.substr(slash + 1 + qualifier.size()).starts_with('/');
  });
}

Result<CodePattern> parse_code_pattern(std::string_view sent) {
  if (starts_with_any_case(sent, kEpcPattern)) return parse_epc_pattern(sent);
  const bool web = starts_with_any_case(sent, "http://") || starts_with_any_case(sent, "https://");
  if (web && sent.ends_with('*')) return open_link(sent.substr(0, sent.size() - 1));
  SUYUAN_TRY(code, parse_code(sent));
  return CodePattern{.exact = code.text()};
}

}  // namespace suyuan
