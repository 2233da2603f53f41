#include "proto/epcis_query/names.h"

#include <algorithm>
#include <array>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/event/vocabulary.h"
#include "proto/epcis/terms.h"

namespace suyuan::epcis {
namespace {

constexpr size_t kPrefixesMax = 64;  // in a header
constexpr int64_t kExponentMax = 30;

// Name spaces whose local names are words of the standard's own context.
constexpr std::array<std::string_view, 16> kSpaces = {
    "suyuan:",
    "https://ref.gs1.org/epcis/", "https://ns.gs1.org/epcis/",
    "https://ref.gs1.org/voc/",   "https://gs1.org/voc/",
    "https://www.gs1.org/voc/",   "http://gs1.org/voc/",
    "https://ref.gs1.org/cbv/",   "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/",
    "urn:epcglobal:cbv:bizstep:", "urn:epcglobal:cbv:disp:", "urn:epcglobal:cbv:btt:",
    "urn:epcglobal:cbv:sdt:",     "urn:epcglobal:cbv:er:",
    "urn:epcglobal:epcis:vtype:"};
// In the CBV, a word's kind precedes it.
constexpr std::array<std::string_view, 7> kKinds = {"BizStep-", "Disp-", "BTT-",    "SDT-",
                                                    "ER-",      "Comp-", "Measure-"};

bool is_local_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// {"@id": "...", "@prefix": true} means the same as the text. Any other object declares a term.
std::optional<JsonValue> space_of(JsonValue declared) {
  if (declared.kind() != NodeKind::object) return declared;
  const auto prefix = declared.find("@prefix");
  const bool is_prefix = declared.size() == 2 && prefix && prefix->kind() == NodeKind::boolean &&
                         prefix->value() == "true";
  return is_prefix ? declared.find("@id") : std::nullopt;
}

void add_member(JsonValue member, Prefixes& prefixes) {
  const auto space = space_of(member);
  if (!space || space->kind() != NodeKind::text || member.name().starts_with('@')) return;
  if (prefixes.size() < limits::kEpcisContextMax)
    prefixes.insert_or_assign(member.name(), space->value());
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

void add_prefixes(JsonValue context, Prefixes& prefixes) {
  if (context.kind() == NodeKind::array) {
    for (const JsonValue entry : context) {
      if (entry.kind() != NodeKind::object) continue;
      for (const JsonValue member : entry) add_member(member, prefixes);
    }
  } else if (context.kind() == NodeKind::object) {
    for (const JsonValue member : context) add_member(member, prefixes);
  }
}

Result<Prefixes> prefixes_in_header(std::string_view header) {
  Prefixes prefixes;
  if (trimmed(header).empty()) return prefixes;
  for (const auto part : split(header, ',')) {
    const auto pair = trimmed(part);
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == pair.size() ||
        prefixes.size() >= kPrefixesMax) {
      return fail(Code::BAD_REQUEST,
                  "expected prefix=namespace pairs, at most 64, with commas between them; found " +
                      quote(pair),
                  "GS1-Extensions");
    }
    prefixes.insert_or_assign(std::string(pair.substr(0, equals)),
                              std::string(pair.substr(equals + 1)));
  }
  return prefixes;
}

std::string expand(std::string_view text, const Prefixes& prefixes) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::string(text);
  const std::string_view local = text.substr(colon + 1);
  if (local.starts_with("//")) return std::string(text);
  const auto declared = prefixes.find(text.substr(0, colon));
  if (declared != prefixes.end()) return declared->second + std::string(local);
  const auto space = ld::standard_space(text.substr(0, colon));
  return space ? std::string(*space).append(local) : std::string(text);
}

std::string name_of(std::string_view text, const Prefixes& prefixes) {
  const std::string_view prefix = text.substr(0, text.find(':'));
  const auto declared = prefixes.find(prefix);
  if (declared != prefixes.end() && ld::is_standard_space(prefix, declared->second))
    return expand(text, {});
  return expand(text, prefixes);
}

std::vector<std::string> names_of(std::string_view text, const Prefixes& prefixes) {
  std::vector<std::string> names = {name_of(text, prefixes)};
  for (std::string other : {expand(text, prefixes), std::string(text)}) {
    if (std::find(names.begin(), names.end(), other) == names.end())
      names.push_back(std::move(other));
  }
  return names;
}

std::string word_of(std::string_view text, const Prefixes& prefixes) {
  std::string whole = expand(text, prefixes);
  for (const auto space : kSpaces) {
    if (!whole.starts_with(space)) continue;
    std::string_view local = std::string_view(whole).substr(space.size());
    for (const auto kind : kKinds) {
      if (local.starts_with(kind)) local.remove_prefix(kind.size());
    }
    if (is_local_name(local)) return std::string(local);
  }
  return whole;
}

std::string code_in(std::string_view text, const Prefixes& prefixes) {
  const std::string full = expand(text, prefixes);
  const auto code = parse_code(full);
  return code ? code->text() : full;
}

std::optional<Decimal> decimal_in(std::string_view json_number) {
  if (!is_json_number(json_number)) return std::nullopt;
  const size_t e = json_number.find_first_of("eE");
  if (e == std::string_view::npos) return Decimal::parse(json_number);
  const auto exponent_text = json_number.substr(e + 1);
  const bool minus = exponent_text.starts_with('-');
  const bool sign = minus || exponent_text.starts_with('+');
  int64_t exponent = 0;
  for (const char c : exponent_text.substr(sign ? 1 : 0)) {
    exponent = std::min<int64_t>(exponent * 10 + (c - '0'), kExponentMax + 1);
  }
  if (exponent > kExponentMax) return std::nullopt;
  if (minus) exponent = -exponent;
  std::string digits(json_number.substr(0, e));
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  const size_t dot = digits.find('.');
  auto point = static_cast<int64_t>(dot == std::string::npos ? digits.size() : dot) + exponent;
  if (dot != std::string::npos) digits.erase(dot, 1);
  while (point <= 0) {
    digits.insert(0, "0");
    ++point;
  }
  while (static_cast<int64_t>(digits.size()) < point) digits += '0';
  std::string whole = digits.substr(0, static_cast<size_t>(point));
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  std::string fraction = digits.substr(static_cast<size_t>(point));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return Decimal::parse((negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction));
}

}  // namespace suyuan::epcis
