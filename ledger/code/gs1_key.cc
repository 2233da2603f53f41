// GS1 keys, driven by a table after the GS1 Barcode Syntax Dictionary: another key is one more row.
#include "ledger/code/gs1_key.h"

#include <algorithm>

#include "ledger/code/check_digit.h"
#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr Charset kN = Charset::numeric;
constexpr Charset kX = Charset::cset82;
constexpr Charset kY = Charset::cset39;

// ai, name, old word, zeros, digits, tail, tail_min, tail_max, extra, prefix_at
constexpr ValueRule kValues[] = {
    {"00", "SSCC", "sscc", 0, 18, kX, 0, 0, ValueExtra::none, 1},
    {"01", "GTIN", "gtin", 0, 14, kX, 0, 0, ValueExtra::none, 1},
    {"10", "lot", "lot", 0, 0, kX, 1, 20},
    {"21", "serial number", "ser", 0, 0, kX, 1, 20},
    {"22", "variant", "cpv", 0, 0, kX, 1, 20},
    {"235", "third-party serial number", "tpx", 0, 0, kX, 1, 28},
    {"253", "GDTI", "gdti", 0, 13, kX, 0, 17, ValueExtra::none, 0},
    {"254", "GLN extension", "glnx", 0, 0, kX, 1, 20},
    {"255", "GCN", "gcn", 0, 13, kN, 0, 12, ValueExtra::none, 0},
    {"401", "GINC", "ginc", 0, 0, kX, 4, 30, ValueExtra::company_prefix, 0},
    {"402", "GSIN", "gsin", 0, 17, kX, 0, 0, ValueExtra::none, 0},
    {"414", "GLN", "gln", 0, 13, kX, 0, 0, ValueExtra::none, 0},
    {"415", "GLN of the invoicing party", "payTo", 0, 13, kX, 0, 0, ValueExtra::none, 0},
    {"417", "GLN of the party", "party", 0, 13, kX, 0, 0, ValueExtra::none, 0},
    {"7040", "unique identification code", "uic-ext", 0, 0, kX, 4, 4, ValueExtra::importer},
    {"8003", "GRAI", "grai", 1, 13, kX, 0, 16, ValueExtra::none, 1},
    {"8004", "GIAI", "giai", 0, 0, kX, 4, 30, ValueExtra::company_prefix, 0},
    {"8006", "ITIP", "itip", 0, 14, kN, 4, 4, ValueExtra::piece_of_total, 1},
    {"8010", "CPID", "cpid", 0, 0, kY, 4, 30, ValueExtra::company_prefix, 0},
    {"8011", "CPID serial number", "cpsn", 0, 0, kN, 1, 12, ValueExtra::no_leading_zero},
    {"8013", "GMN", "gmn", 0, 0, kX, 7, 25, ValueExtra::model_number, 0},
    {"8017", "GSRN of the provider", "gsrnp", 0, 18, kX, 0, 0, ValueExtra::none, 0},
    {"8018", "GSRN of the recipient", "gsrn", 0, 18, kX, 0, 0, ValueExtra::none, 0},
    {"8019", "service relation instance", "srin", 0, 0, kN, 1, 10},
    {"8020", "payment slip reference", "refNo", 0, 0, kX, 1, 25},
};

constexpr KeyRule kKeys[] = {
    {.ai = "01", .type = CodeType::gtin_class, .physical = true,
     .qualifiers = {{{"22", CodeType::variant}, {"10", CodeType::lot},
                     {"235", CodeType::serial, true}, {"21", CodeType::serial}}}},
    {.ai = "00", .type = CodeType::sscc, .physical = true},
    {.ai = "414", .type = CodeType::location,
     .qualifiers = {{{"254", CodeType::location, true}, {"7040", CodeType::location, true}}}},
    {.ai = "417", .type = CodeType::location,
     .qualifiers = {{{"7040", CodeType::location, true}}}},
    {.ai = "8003", .type = CodeType::asset, .physical = true},
    {.ai = "8004", .type = CodeType::asset, .physical = true,
     .qualifiers = {{{"7040", CodeType::asset, true}}}},
    {.ai = "253", .type = CodeType::document, .document = true},
    {.ai = "255", .document = true},
    {.ai = "401"},
    {.ai = "402"},
    {.ai = "415", .type = CodeType::document, .document = true, .needs_qualifier = true,
     .qualifiers = {{{"8020", CodeType::document}}}},
    {.ai = "8006", .physical = true, .qualifiers = {{{"22"}, {"10"}, {"21"}}}},
    {.ai = "8010", .physical = true, .qualifiers = {{{"8011"}}}},
    {.ai = "8013"},
    {.ai = "8017", .qualifiers = {{{"8019"}}}},
    {.ai = "8018", .qualifiers = {{{"8019"}}}},
};

std::string subject(const ValueRule& rule, std::string_view value) {
  return std::string(rule.name).append(" ").append(number_words(value));
}

Unexpected<Error> bad_value(const ValueRule& rule, std::string_view value, std::string_view why) {
  return fail(Code::CODE_SYNTAX, subject(rule, value).append(" ").append(why));
}

std::string length_words(const ValueRule& rule) {
  const size_t least = size_t{rule.zeros} + rule.digits + rule.tail_min;
  const size_t most = size_t{rule.zeros} + rule.digits + rule.tail_max;
  return least == most ? std::to_string(least)
                       : std::to_string(least) + " to " + std::to_string(most);
}

// Restricted circulation: numbers for use inside one company or region. GTIN-8 (five zeros after
// the indicator) has its own prefixes for them: 0 and 2. For other keys they are 02, 04 and 2.
bool is_restricted(const ValueRule& rule, std::string_view value) {
  if (rule.prefix_at < 0) return false;
  auto prefix = value.substr(static_cast<size_t>(rule.prefix_at));
  if (rule.digits == 14 && prefix.starts_with("00000")) {
    return prefix[5] == '0' || prefix[5] == '2';
  }
  return prefix.starts_with("02") || prefix.starts_with("04") || prefix.starts_with("2");
}

Result<Done> check_extra(const ValueRule& rule, std::string_view value, std::string_view tail) {
  switch (rule.extra) {
    case ValueExtra::none: break;
    case ValueExtra::company_prefix:
    case ValueExtra::model_number:
      if (const auto at = value.substr(0, 4).find_first_not_of("0123456789");
          at != std::string_view::npos) {
        return bad_value(rule, value, "has " + quote(value.substr(at, 1)) + " at place " +
                                          std::to_string(at + 1) + ", expected a digit: it must "
                                          "begin with a GS1 company prefix");
      }
      if (rule.extra == ValueExtra::model_number) return check_gmn(value);
      break;
    case ValueExtra::piece_of_total:
      if (tail.substr(0, 2) == "00" || tail.substr(0, 2) > tail.substr(2)) {
        return bad_value(rule, value, "must end with a piece number and a total not below it");
      }
      break;
    case ValueExtra::no_leading_zero:
      if (value[0] == '0' && value.size() > 1) {
        return bad_value(rule, value, "must not begin with 0");
      }
      break;
    case ValueExtra::importer:
      if (!is_digit(value[0]) || std::string_view("!\"%&'()*+,./:;<=>?").find(value.back()) !=
                                     std::string_view::npos) {
        return bad_value(rule, value, "must begin with a digit and end with a letter, a digit, "
                                      "'-' or '_'");
      }
      break;
  }
  return Done{};
}

// Longer than any value in the table.
constexpr size_t kDecodedMax = 64;

// Returns true only if the segment is what append_escaped() writes for the value.
bool decode_canonical(std::string_view segment, std::array<char, kDecodedMax>& buffer,
                      std::string_view& value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  size_t size = 0;
  for (size_t i = 0; i < segment.size(); ++i) {
    if (size == buffer.size()) return false;
    char c = segment[i];
    if (!is_unreserved(c)) {
      if (c != '%' || segment.size() - i < 3) return false;
      const auto high = kHex.find(segment[i + 1]);
      const auto low = kHex.find(segment[i + 2]);
      if (high == std::string_view::npos || low == std::string_view::npos) return false;
      c = static_cast<char>(high * 16 + low);
      if (is_unreserved(c)) return false;
      i += 2;
    }
    buffer[size++] = c;
  }
  value = {buffer.data(), size};
  return true;
}

// A checked path of a key and at most one qualifier; the values are in `decoded`.
struct CanonicalPath {
  const KeyRule* key = nullptr;
  int qualifier = -1;
  std::array<std::string_view, 2> values = {};
  std::array<std::array<char, kDecodedMax>, 2> decoded;
};

// Returns true only if canonical_text() writes the path like this.
bool read_canonical(std::string_view path, CanonicalPath& parts) {
  std::array<std::string_view, 4> segments;
  size_t count = 0;
  for (;;) {
    const auto slash = path.find('/');
    if (count == segments.size()) return false;
    segments[count++] = path.substr(0, slash);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  parts.key = count % 2 == 0 ? find_key(segments[0]) : nullptr;
  if (parts.key == nullptr) return false;
  const auto take = [&](size_t i, std::string_view ai) {
    return decode_canonical(segments[2 * i + 1], parts.decoded[i], parts.values[i]) &&
           check_value(*find_value_rule(ai), parts.values[i]).has_value();
  };
  if (!take(0, parts.key->ai)) return false;
  if (count == 2) return !parts.key->needs_qualifier;
  parts.qualifier = parts.key->find(segments[2]);
  return parts.qualifier >= 0 && take(1, segments[2]);
}

}  // namespace

int KeyRule::find(std::string_view qualifier_ai) const {
  for (size_t i = 0; i < qualifiers.size() && !qualifiers[i].ai.empty(); ++i) {
    if (qualifiers[i].ai == qualifier_ai) return static_cast<int>(i);
  }
  return -1;
}

std::span<const KeyRule> all_keys() { return kKeys; }

const KeyRule* find_key(std::string_view ai) {
  const auto* found = std::ranges::find(kKeys, ai, &KeyRule::ai);
  return found == std::end(kKeys) ? nullptr : found;
}

const ValueRule* find_value_rule(std::string_view ai) {
  const auto* found = std::ranges::find(kValues, ai, &ValueRule::ai);
  return found == std::end(kValues) ? nullptr : found;
}

std::string_view ai_of_word(std::string_view text) {
  if (text.empty() || is_digit(text[0])) return text;
  const auto* found = std::ranges::find(kValues, text, &ValueRule::word);
  return found == std::end(kValues) ? text : found->ai;
}

Result<Done> check_value(const ValueRule& rule, std::string_view value) {
  const size_t head = size_t{rule.zeros} + rule.digits;
  if (value.size() < head + rule.tail_min || value.size() > head + rule.tail_max) {
    return bad_value(rule, value, "has " + std::to_string(value.size()) + " characters, expected " +
                                      length_words(rule));
  }
  for (size_t i = 0; i < value.size(); ++i) {
    const Charset set = i < head ? Charset::numeric : rule.tail;
    if (fits(set, value[i])) continue;
    return bad_value(rule, value, "has " + quote(value.substr(i, 1)) + " at place " +
                                      std::to_string(i + 1) + ", expected " +
                                      std::string(i < head ? "a digit" : charset_words(set)));
  }
  const auto tail = value.substr(head);
  // Software that handles URIs removes a path segment "." or "..".
  if (value == "." || value == "..") return bad_value(rule, value, "is a dot segment");
  if (rule.zeros != 0 && value[0] != '0') return bad_value(rule, value, "must begin with 0");
  if (rule.digits != 0) {
    SUYUAN_TRY_DONE(check_gs1_number(value.substr(rule.zeros, rule.digits), rule.name));
  }
  SUYUAN_TRY_DONE(check_extra(rule, value, tail));
  if (is_restricted(rule, value)) {
    return fail(Code::CODE_RESTRICTED,
                subject(rule, value).append(" is for use inside one company or region (GS1 prefix "
                                            "02, 04 or 2, GTIN-8 prefix 0 or 2); use the number "
                                            "that GS1 assigned"));
  }
  return Done{};
}

Result<Gs1Code> make_gs1(const KeyRule& key, std::string value, std::span<const Element> others) {
  const ValueRule& rule = *find_value_rule(key.ai);
  if (key.type == CodeType::gtin_class) {
    const size_t size = value.size();
    if (size != 8 && size != 12 && size != 13 && size != 14) {
      return bad_value(rule, value, "must be 8, 12, 13 or 14 digits, and has " +
                                        std::to_string(size) + " characters");
    }
    value.insert(0, 14 - size, '0');
  }
  SUYUAN_TRY_DONE(check_value(rule, value));
  Gs1Code code{.key = &key, .value = std::move(value)};
  std::array<const std::string*, 4> seen{};
  for (const Element& other : others) {
    const int index = key.find(other.ai);
    if (index < 0) continue;
    const ValueRule& other_rule = *find_value_rule(other.ai);
    SUYUAN_TRY_DONE(check_value(other_rule, other.value));
    auto& first = seen[static_cast<size_t>(index)];
    if (first != nullptr && *first != other.value) {
      return bad_value(other_rule, other.value, "differs from " + quote(*first) +
                                                    " in the same code; send one");
    }
    first = &other.value;
    if (index >= code.qualifier) {
      code.qualifier = index;
      code.qualifier_value = other.value;
    }
  }
  if (seen[2] != nullptr && seen[3] != nullptr && key.qualifiers[2].alone) {
    return fail(Code::CODE_SYNTAX, "a code names a serial number (21) or a third party's (235), "
                                   "not both");
  }
  if (key.needs_qualifier && code.qualifier < 0) {
    return bad_value(rule, code.value, std::string("needs AI ").append(key.qualifiers[0].ai));
  }
  return code;
}

std::string canonical_text(const Gs1Code& code) {
  std::string text(kGs1Prefix);
  text.append(code.key->ai).append("/");
  append_escaped(text, code.value);
  if (code.qualifier >= 0) {
    text.append("/").append(code.key->qualifiers[static_cast<size_t>(code.qualifier)].ai);
    text.append("/");
    append_escaped(text, code.qualifier_value);
  }
  return text;
}

bool is_canonical_gs1(std::string_view path) {
  CanonicalPath parts;
  return read_canonical(path, parts);
}

std::optional<Gs1Code> parse_canonical_gs1(std::string_view path) {
  CanonicalPath parts;
  if (!read_canonical(path, parts)) return std::nullopt;
  return Gs1Code{.key = parts.key,
                 .value = std::string(parts.values[0]),
                 .qualifier = parts.qualifier,
                 .qualifier_value = std::string(parts.values[1])};
}

}  // namespace suyuan
