// Product codes: recognises the form that was sent, and makes the one canonical text.
#include "ledger/code/code.h"

#include <utility>

#include "ledger/base/limits.h"
#include "ledger/code/check_digit.h"
#include "ledger/code/forms.h"
#include "ledger/crypto/hash.h"

namespace suyuan {

// The only way to make a ProductCode.
struct CodeMaker {
  static ProductCode gs1(const Gs1Code& from) { return gs1(from, canonical_text(from)); }
  static ProductCode gs1(const Gs1Code& from, std::string canonical) {
    ProductCode code;
    code.text_ = std::move(canonical);
    code.type_ = from.key->type;
    code.physical_ = from.key->physical;
    code.document_ = from.key->document;
    if (from.key->ai == "01" || from.key->ai == "8006") code.gtin_ = from.value.substr(0, 14);
    if (from.qualifier < 0) return code;
    const Qualifier& qualifier = from.key->qualifiers[static_cast<size_t>(from.qualifier)];
    code.type_ = qualifier.type;
    if (qualifier.ai == "10") code.lot_ = from.qualifier_value;
    if (qualifier.ai == "21" || qualifier.ai == "235" || qualifier.ai == "8011") {
      code.serial_ = from.qualifier_value;
    }
    return code;
  }
  static ProductCode plain(CodeType type, std::string text) {
    ProductCode code;
    code.text_ = std::move(text);
    code.type_ = type;
    code.physical_ =
        type == CodeType::container || type == CodeType::parcel || type == CodeType::uri;
    code.document_ = !code.physical_;
    return code;
  }
};

namespace {

constexpr std::string_view kRegistry = "urn:suyuan:";
constexpr std::string_view kEpc = "urn:epc:";
constexpr std::string_view kPartyKind = "party:";
constexpr std::string_view kProductKind = "product:";
constexpr std::string_view kSiteKind = "site:";

// Short names that people put before numbers. As URIs they would be names in their own right next
// to the real code.
constexpr std::string_view kShorthands[] = {
    "lot",  "batch", "ser",   "serial", "gtin", "sgtin", "lgtin", "sscc",    "gln",    "sgln",
    "pgln", "grai",  "giai",  "gdti",   "epc",  "ean",   "upc",   "cont",    "bic",    "wb",
    "s10",  "order", "po",    "pay",    "invt", "party", "site",  "product", "parcel", "customs"};

Result<ProductCode> from_gs1(Result<Gs1Code> code) {
  if (!code) return Unexpected(std::move(code).error());
  return CodeMaker::gs1(*code);
}

Unexpected<Error> reserved() {
  return fail(Code::CODE_RESERVED,
              "urn:suyuan: names are given by the registry; name the thing by its own code");
}

// Escapes and dot segments must not bypass the checks of the other forms.
Result<Done> check_plain_uri(const Uri& uri, std::string_view normal) {
  if (uri.is_web()) {
    if (uri.authority == "id.gs1.org") {
      return fail(Code::CODE_SYNTAX, "https://id.gs1.org/ names only GS1 keys, and " +
                                         quote(normal) + " has none that is known");
    }
    const size_t start = uri.scheme.size() + 3 + uri.authority->size();
    SUYUAN_TRY(link, parse_digital_link(normal.substr(start, normal.find('?') - start), {}));
    if (link) {
      return fail(Code::CODE_SYNTAX, "dot segments hide the GS1 key in the path; send " +
                                         quote(canonical_text(*link)));
    }
  }
  for (const auto prefix : {kRegistry, kEpc, std::string_view("urn:x-suyuan:"),
                            std::string_view("urn:epcglobal:cbv:bt:")}) {
    if (!starts_with_any_case(normal, prefix)) continue;
    if (prefix == kRegistry) return reserved();
    return fail(Code::CODE_SYNTAX, "escapes hide the namespace " + std::string(prefix) +
                                       "; write its letters as they are");
  }
  if (std::ranges::find(kShorthands, uri.scheme) != std::end(kShorthands)) {
    return fail(Code::CODE_SYNTAX, "'" + uri.scheme + ":' is a shorthand, not a URI scheme; send "
                                                      "the whole code (docs/identifiers.md)");
  }
  if (uri.scheme == "mailto" || uri.scheme == "tel") {
    return fail(Code::CODE_SYNTAX, "a mail address or telephone number can name a person, and a "
                                   "person is never a code (formats.md 8)");
  }
  return Done{};
}

// A number as it is painted on a container or printed on a parcel is no code without its kind.
Result<Done> check_bare_number(std::string_view sent) {
  if (sent.find(':') != std::string_view::npos) return Done{};
  for (const auto& [check, urn] : {std::pair{&check_iso6346, "urn:epc:id:bic:"},
                                   std::pair{&check_s10, "urn:x-suyuan:parcel:"}}) {
    const auto checked = check(sent);
    if (!checked && checked.error().code != Code::CODE_SYNTAX) return checked;
    if (checked)
      return fail(Code::CODE_SYNTAX, quote(sent) + " does not say its kind; send " + urn +
                                         std::string(sent));
  }
  return Done{};
}

Result<ProductCode> from_uri(std::string_view sent) {
  SUYUAN_TRY_DONE(check_bare_number(sent));
  SUYUAN_TRY(uri, split_uri(sent));
  if (uri.is_web()) {
    SUYUAN_TRY(link, parse_digital_link(uri.path, uri.query.value_or("")));
    if (link) return CodeMaker::gs1(*link);
  }
  SUYUAN_TRY(normal, normal_uri(uri));
  SUYUAN_TRY_DONE(check_plain_uri(uri, normal));
  return CodeMaker::plain(CodeType::uri, std::move(normal));
}

constexpr size_t kGtinMax = 14;

bool is_gtin_size(size_t size) { return size == 8 || (size >= 12 && size <= kGtinMax); }

Result<ProductCode> from_digits(std::string_view sent) {
  constexpr size_t kSsccSize = 18;
  const size_t size = sent.size();
  if (is_gtin_size(size)) {
    return from_gs1(make_gs1(*find_key("01"), std::string(sent), {}));
  }
  // The shortest raw string with a key is "01" and a GTIN.
  if (size > kGtinMax + 1 && size != kSsccSize) return from_gs1(parse_raw(sent));
  return fail(Code::CODE_SYNTAX,
              quote(sent) + " has " + std::to_string(size) +
                  " digits; a GTIN has 8, 12, 13 or 14, and an SSCC is sent as (00) and 18");
}

// As many characters as a GTIN has, all but one of them digits.
bool is_nearly_gtin(std::string_view sent) {
  const auto digits = static_cast<size_t>(std::ranges::count_if(sent, is_digit));
  return is_gtin_size(sent.size()) && digits + 1 == sent.size();
}

// What is no element string, and a GTIN but for one character, is told which one.
Result<ProductCode> from_raw(std::string_view sent) {
  auto read = parse_raw(sent);
  const bool unread = !read && read.error().code == Code::CODE_SYNTAX;
  return unread && is_nearly_gtin(sent) ? from_digits(sent) : from_gs1(std::move(read));
}

// Prefixes that a scanner may put before data that are not an element string (ISO/IEC 15424).
struct PlainSymbology {
  std::string_view id;
  uint8_t digits;  // of the GTIN; 0: a web address
};
constexpr PlainSymbology kPlainSymbologies[] = {
    {"]E0", 13}, {"]E4", 8}, {"]I0", 14}, {"]I1", 14}, {"]Q1", 0}, {"]d1", 0}};

// EAN-13 and UPC, EAN-8, ITF-14, and QR code and Data Matrix with a Digital Link.
Result<ProductCode> from_scanner(std::string_view sent) {
  const auto data = sent.substr(std::min<size_t>(3, sent.size()));
  const auto* known = std::ranges::find(kPlainSymbologies, sent.substr(0, 3), &PlainSymbology::id);
  if (known == std::end(kPlainSymbologies)) return from_gs1(parse_raw(sent));
  if (known->digits == 0) {
    if (starts_with_any_case(data, "http://") || starts_with_any_case(data, "https://")) {
      return from_uri(data);
    }
    return fail(Code::CODE_SYNTAX, "after symbology " + quote(known->id) +
                                       " a web address is expected, found " + quote(data));
  }
  if (data.size() != known->digits) {
    return fail(Code::CODE_SYNTAX, "after symbology " + quote(known->id) + " there are " +
                                       std::to_string(data.size()) + " characters, expected " +
                                       std::to_string(known->digits) + " digits");
  }
  return from_gs1(make_gs1(*find_key("01"), std::string(data), {}));
}

Result<Done> check_bytes(std::string_view sent) {
  if (sent.empty()) return fail(Code::CODE_SYNTAX, "the code is empty");
  if (sent.size() > limits::kSentCodeBytesMax) {
    return fail(Code::CODE_SYNTAX, "the code has " + std::to_string(sent.size()) +
                                       " bytes, at most " +
                                       std::to_string(limits::kSentCodeBytesMax) + " are accepted");
  }
  for (size_t i = 0; i < sent.size(); ++i) {
    if ((sent[i] > ' ' && sent[i] < '\x7F') || sent[i] == '\x1D') continue;
    return fail(Code::CODE_SYNTAX, "the code " + quote(sent) + " holds a space, control or "
                                       "non-ASCII character at position " + std::to_string(i + 1));
  }
  return Done{};
}

}  // namespace

std::string number_words(std::string_view text) {
  constexpr size_t kPlainMax = 40;
  const bool plain = !text.empty() && text.size() <= kPlainMax &&
                     std::ranges::all_of(text, [](char c) {
                       return is_digit(c) || is_upper(c) || is_lower(c);
                     });
  return plain ? std::string(text) : quote(text);
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool starts_with_any_case(std::string_view text, std::string_view lower_case_prefix) {
  if (text.size() < lower_case_prefix.size()) return false;
  return std::ranges::equal(lower_case_prefix, text.substr(0, lower_case_prefix.size()),
                            [](char a, char b) {
                              return a == b || (is_upper(b) && a == b - 'A' + 'a');
                            });
}

std::string_view word(CodeType type) {
  switch (type) {
    case CodeType::gtin_class: return "class";
    case CodeType::variant: return "variant";
    case CodeType::lot: return "lot";
    case CodeType::serial: return "serial";
    case CodeType::sscc: return "sscc";
    case CodeType::location: return "location";
    case CodeType::asset: return "asset";
    case CodeType::container: return "container";
    case CodeType::parcel: return "parcel";
    case CodeType::order: return "order";
    case CodeType::payment: return "payment";
    case CodeType::customs_list: return "customs-list";
    case CodeType::document: return "document";
    case CodeType::other_gs1: return "other-gs1";
    case CodeType::uri: return "uri";
  }
  SUYUAN_CHECK(false);
}

std::optional<std::string> ProductCode::class_of() const {
  if (gtin_.empty() || type_ == CodeType::gtin_class) return std::nullopt;
  return std::string(kGs1Prefix).append("01/").append(gtin_);
}

std::vector<std::string> ProductCode::parents() const {
  std::vector<std::string> parents;
  if (!text_.starts_with(kGs1Prefix)) return parents;
  const auto segments = split(std::string_view(text_).substr(kGs1Prefix.size()), '/');
  const KeyRule& key = *find_key(segments[0]);
  const ValueRule& rule = *find_value_rule(key.ai);
  const std::string base = std::string(kGs1Prefix).append(key.ai).append("/");
  if (segments.size() == 4 && !key.needs_qualifier) {
    parents.push_back(base + std::string(segments[1]));
  }
  // GRAI, GDTI and GCN have their serial in the key's own value, after the type's check digit.
  const size_t type_size = size_t{rule.zeros} + rule.digits;
  if (type_size != 0 && rule.tail_min == 0 && segments[1].size() > type_size) {
    parents.push_back(base + std::string(segments[1].substr(0, type_size)));
  }
  if (key.ai == "8006") parents.push_back(*class_of());
  return parents;
}

Result<ProductCode> parse_code(std::string_view sent) {
  SUYUAN_TRY_DONE(check_bytes(sent));
  if (sent.starts_with(kGs1Prefix)) {
    const auto code = parse_canonical_gs1(sent.substr(kGs1Prefix.size()));
    if (code) return CodeMaker::gs1(*code, std::string(sent));
  }
  if (sent[0] == '(') return from_gs1(parse_bracketed(sent));
  if (sent[0] == ']') return from_scanner(sent);
  if (sent.find('\x1D') != std::string_view::npos) return from_gs1(parse_raw(sent));
  if (all_digits(sent)) return from_digits(sent);
  if (is_digit(sent[0]) || is_nearly_gtin(sent)) return from_raw(sent);
  if (starts_with_any_case(sent, kRegistry)) return reserved();
  if (auto own = parse_own_urn(sent)) {
    if (!*own) return Unexpected(std::move(*own).error());
    return CodeMaker::plain((*own)->type, std::move((*own)->text));
  }
  if (starts_with_any_case(sent, kEpc)) return from_gs1(parse_epc_urn(sent));
  return from_uri(sent);
}

Result<Done> check_canonical(std::string_view code) {
  if (code.starts_with(kGs1Prefix) && is_canonical_gs1(code.substr(kGs1Prefix.size()))) {
    return Done{};
  }
  SUYUAN_TRY(parsed, parse_code(code));
  if (parsed.text() == code) return Done{};
  return fail(Code::CODE_NOT_CANONICAL,
              "the code is " + quote(code) + ", its canonical form is " + parsed.text());
}

Hash code_key(std::string_view canonical) {
  return domain_hash("suyuan/code/v1\n", {canonical});
}

Result<ProductCode> own_number(CodeType type, std::string_view issuer, std::string_view number) {
  return parse_code(own_urn_text(type, issuer, number));
}

Result<ProductCode> container_code(std::string_view iso6346) {
  return parse_code(std::string("urn:epc:id:bic:").append(iso6346));
}

Result<ProductCode> parcel_code(std::string_view s10) {
  return parse_code(std::string("urn:x-suyuan:parcel:").append(s10));
}

std::string party_code(std::string_view id) {
  return std::string(kRegistry).append(kPartyKind).append(id);
}

std::string product_code(std::string_view gtin14) {
  return std::string(kRegistry).append(kProductKind).append(gtin14);
}

std::string site_code(std::string_view gln13) {
  return std::string(kRegistry).append(kSiteKind).append(gln13);
}

bool is_registry_code(std::string_view code) { return code.starts_with(kRegistry); }

Result<Done> check_registry_code(std::string_view code) {
  if (is_registry_code(code)) {
    const auto name = code.substr(kRegistry.size());
    if (name.starts_with(kPartyKind)) return check_party_id(name.substr(kPartyKind.size()));
    if (name.starts_with(kProductKind)) {
      return check_value(*find_value_rule("01"), name.substr(kProductKind.size()));
    }
    if (name.starts_with(kSiteKind)) {
      return check_value(*find_value_rule("414"), name.substr(kSiteKind.size()));
    }
  }
  return fail(Code::CODE_SYNTAX, quote(code) + " must be urn:suyuan:party:<id>, "
                                               "urn:suyuan:product:<GTIN of 14 digits> or "
                                               "urn:suyuan:site:<GLN>");
}

Result<Done> check_party_id(std::string_view id) {
  const auto is_end = [](char c) { return is_digit(c) || is_lower(c); };
  const auto is_inner = [&](char c) { return is_end(c) || c == '.' || c == '-'; };
  if (!id.empty() && id.size() <= limits::kPartyIdBytesMax && is_end(id.front()) &&
      is_end(id.back()) && std::ranges::all_of(id, is_inner)) {
    return Done{};
  }
  return fail(Code::PARTY_ID_SYNTAX,
              "the party id " + quote(id) +
                  " must be 1 to 63 of a-z, 0-9, '.' and '-', with a letter or digit at both ends");
}

}  // namespace suyuan
