// EPC URNs (GS1 EPC Tag Data Standard 6): identities, lot classes and class patterns as GS1 keys.
//
//   urn:epc:id:<scheme>:<company prefix>.<reference>[.<serial>]
//   urn:epc:class:lgtin:<company prefix>.<indicator and item>.<lot>
//   urn:epc:idpat:<scheme>:<company prefix>.<reference>.*
#include <vector>

#include "ledger/code/check_digit.h"
#include "ledger/code/forms.h"

namespace suyuan {
namespace {

enum class EpcTail : uint8_t { none, append, qualifier };

struct EpcRow {
  std::string_view scheme;   // "id:sgtin"
  uint8_t components;
  uint8_t joined;            // digits of company prefix and reference together; 0: free text
  bool moves_first;          // the reference's first digit goes in front
  std::string_view zeros;    // before the number
  std::string_view ai;
  EpcTail tail;              // what the last component is
  std::string_view qualifier = {};
};

constexpr EpcRow kEpcRows[] = {
    {"id:sgtin", 3, 13, true, "", "01", EpcTail::qualifier, "21"},
    {"class:lgtin", 3, 13, true, "", "01", EpcTail::qualifier, "10"},
    {"id:upui", 3, 13, true, "", "01", EpcTail::qualifier, "235"},
    {"id:itip", 5, 13, true, "", "8006", EpcTail::qualifier, "21"},
    {"id:sscc", 2, 17, true, "", "00", EpcTail::none},
    {"id:sgln", 3, 12, false, "", "414", EpcTail::qualifier, "254"},
    {"id:pgln", 2, 12, false, "", "417", EpcTail::none},
    {"id:grai", 3, 12, false, "0", "8003", EpcTail::append},
    {"id:gdti", 3, 12, false, "", "253", EpcTail::append},
    {"id:sgcn", 3, 12, false, "", "255", EpcTail::append},
    {"id:gsrn", 2, 17, false, "", "8018", EpcTail::none},
    {"id:gsrnp", 2, 17, false, "", "8017", EpcTail::none},
    {"id:gsin", 2, 16, false, "", "402", EpcTail::none},
    {"id:giai", 2, 0, false, "", "8004", EpcTail::none},
    {"id:ginc", 2, 0, false, "", "401", EpcTail::none},
    {"id:cpi", 3, 0, false, "", "8010", EpcTail::qualifier, "8011"},
};

Unexpected<Error> bad_epc(std::string_view sent, std::string why) {
  return fail(Code::CODE_SYNTAX, "EPC URN " + quote(sent) + " " + std::move(why));
}

// Splits at the first dots; a serial may contain more of them.
std::vector<std::string_view> split_components(std::string_view text, size_t count) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) break;
    parts.push_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.push_back(text);
  return parts;
}

Result<Done> check_company_prefix(std::string_view sent, std::string_view prefix) {
  if (prefix.size() >= 6 && prefix.size() <= 12 && all_digits(prefix)) return Done{};
  return bad_epc(sent, "must begin with a company prefix of 6 to 12 digits, found " +
                           quote(prefix));
}

// The part before the tail: company prefix and reference, as the key's value.
Result<std::string> key_value(std::string_view sent, const EpcRow& row,
                              const std::vector<std::string_view>& parts) {
  const auto prefix = parts[0];
  SUYUAN_TRY_DONE(check_company_prefix(sent, prefix));
  auto reference = parts[1];
  if (row.joined == 0) {
    const auto text = decode_escapes(reference);
    if (!text) return bad_epc(sent, "has an escape that is not % and two hex digits");
    return std::string(prefix) + *text;
  }
  if (const auto at = reference.find_first_not_of("0123456789"); at != std::string_view::npos) {
    return bad_epc(sent, "has " + quote(reference.substr(at, 1)) + " at place " +
                             std::to_string(at + 1) + " of the reference " + quote(reference) +
                             ", expected a digit");
  }
  if (prefix.size() + reference.size() != row.joined ||
      (row.moves_first && reference.empty())) {
    return bad_epc(sent, "has " + std::to_string(prefix.size() + reference.size()) +
                             " characters of company prefix and reference, expected " +
                             std::to_string(row.joined) + " digits");
  }
  std::string number;
  if (row.moves_first) {
    number += reference[0];
    reference.remove_prefix(1);
  }
  number.append(prefix).append(reference);
  number += gs1_check_digit(number);
  return std::string(row.zeros) + number;
}

struct EpcName {
  const EpcRow* row = nullptr;
  bool pattern = false;
  std::vector<std::string_view> parts;
};

Result<EpcName> name_of(std::string_view sent) {
  // GS1 writes these escaped; unescaped, they would end the URN's name.
  if (const auto at = sent.find_first_of("\"&/<>?#"); at != std::string_view::npos) {
    return bad_epc(sent, "holds " + quote(sent.substr(at, 1)) + " as it is at position " +
                             std::to_string(at + 1) + "; escape it as %XX");
  }
  const auto body = sent.substr(std::string_view("urn:epc:").size());
  for (const EpcRow& row : kEpcRows) {
    const auto scheme = row.scheme.substr(row.scheme.find(':') + 1);
    const bool exact = body.starts_with(row.scheme) && body.substr(row.scheme.size(), 1) == ":";
    const bool pattern = body.starts_with("idpat:") && body.substr(6).starts_with(scheme) &&
                         body.substr(6 + scheme.size(), 1) == ":";
    if (!exact && !pattern) continue;
    const auto components = body.substr((exact ? row.scheme.size() : 6 + scheme.size()) + 1);
    EpcName name{&row, pattern, split_components(components, row.components)};
    if (name.parts.size() == row.components) return name;
    return bad_epc(sent, "has " + std::to_string(name.parts.size()) + " parts, expected " +
                             std::to_string(row.components));
  }
  return bad_epc(sent, "is of a scheme that is not accepted; docs/identifiers.md lists them");
}

}  // namespace

Result<Gs1Code> parse_epc_urn(std::string_view sent) {
  SUYUAN_TRY(name, name_of(sent));
  const EpcRow& row = *name.row;
  const auto& parts = name.parts;
  SUYUAN_TRY(value, key_value(sent, row, parts));
  if (row.components == 5) value.append(parts[2]).append(parts[3]);  // ITIP's piece and total
  auto tail = decode_escapes(parts.back());
  if (!tail) return bad_epc(sent, "has an escape that is not % and two hex digits");
  if (tail->empty()) return bad_epc(sent, "ends with an empty part");
  std::vector<Element> others;
  if (name.pattern) {
    if (row.tail == EpcTail::none || parts.back() != "*") {
      return bad_epc(sent, "is a pattern; only one that leaves the serial open (*) names a class");
    }
  } else if (row.tail == EpcTail::append) {
    value += *tail;
  } else if (row.tail == EpcTail::qualifier && !(row.qualifier == "254" && *tail == "0")) {
    others.push_back({.ai = std::string(row.qualifier), .value = *std::move(tail)});
  }
  return make_gs1(*find_key(row.ai), std::move(value), others);
}

Result<CodePattern> parse_epc_pattern(std::string_view sent) {
  SUYUAN_TRY(name, name_of(sent));
  const EpcRow& row = *name.row;
  const auto& parts = name.parts;
  const size_t open = static_cast<size_t>(std::ranges::find(parts, "*") - parts.begin());
  if (open == parts.size() ||
      !std::all_of(parts.begin() + static_cast<std::ptrdiff_t>(open), parts.end(),
                   [](std::string_view part) { return part == "*"; })) {
    return bad_epc(sent, "is a pattern; from the first * on all its parts must be *");
  }
  CodePattern pattern;
  if (row.tail == EpcTail::qualifier) pattern.qualifier = row.qualifier;
  const std::string start = std::string(kGs1Prefix).append(row.ai).append("/").append(row.zeros);
  if (open == 0) {
    pattern.prefixes = {start};
  } else if (open == 1) {
    SUYUAN_TRY_DONE(check_company_prefix(sent, parts[0]));
    if (!row.moves_first) {
      pattern.prefixes = {start + std::string(parts[0])};
    } else {
      for (char first = '0'; first <= '9'; ++first) {
        pattern.prefixes.push_back(start + first + std::string(parts[0]));
      }
    }
  } else {
    SUYUAN_TRY(value, key_value(sent, row, parts));
    if (row.components == 5) {
      for (size_t i = 2; i < open; ++i) value.append(parts[i]);
    } else {
      SUYUAN_TRY_DONE(check_value(*find_value_rule(row.ai), value));
      pattern.whole = row.tail == EpcTail::qualifier;
    }
    std::string prefix = std::string(kGs1Prefix).append(row.ai).append("/");
    append_escaped(prefix, value);
    pattern.prefixes = {std::move(prefix)};
  }
  return pattern;
}

}  // namespace suyuan
