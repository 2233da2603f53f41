// Codes without a GS1 key: containers, ships, parcels, plain EPCs, and numbers that a party or an
// authority issues.
//
//   urn:epc:id:bic:<container number>                      ISO 6346, as GS1's EPC standard names it
//   urn:epc:id:imovn:<ship>                                its IMO number
//   urn:epc:id:gid:<manager>.<class>.<serial>              the other EPCs that have no GS1 key
//   urn:epc:id:usdod:<CAGE code or DoDAAC>.<serial>
//   urn:epc:id:adi:<CAGE code or DoDAAC>.<part number, may be empty>.<serial>
//   urn:epcglobal:cbv:bt:<GLN>:<number>                    a paper, as GS1's CBV names them
//   urn:x-suyuan:parcel:<parcel number>                    UPU S10
//   urn:x-suyuan:order:<GLN or credit code>:<number>
//   urn:x-suyuan:payment:<GLN or credit code>:<number>
//   urn:x-suyuan:customs-list:<country>:<number>
//   urn:x-suyuan:document:<credit code>:<number>           a paper of an issuer that has no GLN
//
// Why "x-suyuan": docs/identifiers.md.
#include <array>

#include "ledger/code/check_digit.h"
#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr std::string_view kEpcId = "urn:epc:id:";
constexpr std::string_view kBic = "urn:epc:id:bic:";
constexpr std::string_view kImo = "urn:epc:id:imovn:";
constexpr std::string_view kCbv = "urn:epcglobal:cbv:bt:";
constexpr std::string_view kOwn = "urn:x-suyuan:";
constexpr size_t kNumberMax = 64;

enum class Issuer : uint8_t { gln_or_uscc, uscc, country };

struct OwnRow {
  std::string_view kind;
  CodeType type;
  Issuer issuer;
};
constexpr OwnRow kOwnRows[] = {
    {"order", CodeType::order, Issuer::gln_or_uscc},
    {"payment", CodeType::payment, Issuer::gln_or_uscc},
    {"customs-list", CodeType::customs_list, Issuer::country},
    {"document", CodeType::document, Issuer::uscc},
};

const OwnRow* row_of(std::string_view kind) {
  const auto* found = std::ranges::find(kOwnRows, kind, &OwnRow::kind);
  return found == std::end(kOwnRows) ? nullptr : found;
}

Result<Done> check_issuer(Issuer rule, std::string_view issuer) {
  switch (rule) {
    case Issuer::country:
      if (issuer.size() == 2 && std::ranges::all_of(issuer, is_upper)) return Done{};
      return fail(Code::CODE_SYNTAX, "the issuer " + quote(issuer) +
                                         " must be a country, 2 capital letters (ISO 3166-1)");
    case Issuer::gln_or_uscc:
      if (issuer.size() == 13) return check_value(*find_value_rule("414"), issuer);
      break;
    case Issuer::uscc: break;
  }
  if (issuer.size() == 18) return check_uscc(issuer);
  return fail(Code::CODE_SYNTAX,
              "the issuer " + quote(issuer) + " must be a " +
                  (rule == Issuer::uscc ? "unified social credit code of 18 characters; with a GLN "
                                          "the form is urn:epcglobal:cbv:bt:<GLN>:<number>"
                                        : "GLN of 13 digits or a unified social credit code of 18 "
                                          "characters"));
}

Result<Done> check_number(std::string_view number) {
  if (!number.empty() && number.size() <= kNumberMax &&
      std::ranges::all_of(number, is_unreserved)) {
    return Done{};
  }
  return fail(Code::CODE_SYNTAX, "the number " + quote(number) +
                                     " must be 1 to 64 letters, digits, '-', '.', '_' or '~'");
}

Result<OwnCode> parse_own(std::string_view rest) {
  const auto colon = rest.find(':');
  const auto kind = rest.substr(0, colon);
  const auto body = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  const std::string text = std::string(kOwn).append(rest);
  if (kind == "parcel") {
    SUYUAN_TRY_DONE(check_s10(body));
    return OwnCode{CodeType::parcel, text};
  }
  const OwnRow* row = row_of(kind);
  const auto second = body.find(':');
  if (row == nullptr || second == std::string_view::npos) {
    return fail(Code::CODE_SYNTAX,
                quote(text) + " must be urn:x-suyuan:parcel:<number>, or urn:x-suyuan: and "
                              "order, payment, customs-list or document:<issuer>:<number>");
  }
  SUYUAN_TRY_DONE(check_issuer(row->issuer, body.substr(0, second)));
  SUYUAN_TRY_DONE(check_number(body.substr(second + 1)));
  return OwnCode{row->type, text};
}

// The CBV allows more characters in a business transaction's number than we do. They are escaped as
// in GS1 keys.
Result<OwnCode> parse_cbv(std::string_view rest) {
  const auto colon = rest.find(':');
  const auto gln = rest.substr(0, colon);
  SUYUAN_TRY_DONE(check_value(*find_value_rule("414"), gln));
  const auto number = decode_escapes(colon == std::string_view::npos ? std::string_view()
                                                                     : rest.substr(colon + 1));
  if (!number || number->empty() || number->size() > kNumberMax ||
      rest.find_first_of("/?#") != std::string_view::npos ||
      !std::ranges::all_of(*number, [](char c) { return c > ' ' && c < '\x7F'; })) {
    return fail(Code::CODE_SYNTAX, quote(rest) + " must be a GLN, ':' and a number of 1 to 64 "
                                                 "characters, with / ? # escaped");
  }
  std::string text = std::string(kCbv).append(gln).append(":");
  append_escaped(text, *number);
  return OwnCode{CodeType::document, std::move(text)};
}

// GS1 EPC Tag Data Standard 6.3: the parts of an EPC without a GS1 key.
enum class EpcPart : uint8_t { number, cage, part_number, serial };
struct PlainEpc {
  std::string_view scheme;
  size_t size;
  std::array<EpcPart, 3> parts;
};
constexpr PlainEpc kPlainEpcs[] = {
    {"gid:", 3, {EpcPart::number, EpcPart::number, EpcPart::number}},
    {"usdod:", 2, {EpcPart::cage, EpcPart::number}},
    {"adi:", 3, {EpcPart::cage, EpcPart::part_number, EpcPart::serial}}};

bool is_adi_char(char c) { return is_upper(c) || is_digit(c) || c == '-' || c == '/'; }

// `part` is decoded.
bool fits_epc(EpcPart form, std::string_view part) {
  constexpr size_t kDigitsMax = 11;  // of 36 bits
  constexpr size_t kPartNumberMax = 32;
  constexpr size_t kSerialMax = 30;
  switch (form) {
    case EpcPart::number:
      return !part.empty() && part.size() <= kDigitsMax && all_digits(part) &&
             (part.size() == 1 || part[0] != '0');
    case EpcPart::cage:
      return (part.size() == 5 || part.size() == 6) && std::ranges::all_of(part, [](char c) {
               return is_digit(c) || (is_upper(c) && c != 'I' && c != 'O');
             });
    case EpcPart::part_number:
      return part.size() <= kPartNumberMax && std::ranges::all_of(part, is_adi_char);
    case EpcPart::serial: {
      const auto serial = part.starts_with('#') ? part.substr(1) : part;
      return !serial.empty() && part.size() <= kSerialMax &&
             std::ranges::all_of(serial, is_adi_char);
    }
  }
  SUYUAN_CHECK(false);
}

// `rest` follows the scheme.
Result<OwnCode> parse_plain_epc(const PlainEpc& epc, std::string_view rest) {
  std::string text = std::string(kEpcId).append(epc.scheme);
  const auto parts = split(rest, '.');
  bool good = parts.size() == epc.size &&
              rest.find_first_of("/#") == std::string_view::npos;  // these are escaped
  for (size_t i = 0; good && i < parts.size(); ++i) {
    const auto part = decode_escapes(parts[i]);
    good = part && fits_epc(epc.parts[i], *part);
    if (!good) break;
    if (i > 0) text += '.';
    append_escaped(text, *part);
  }
  if (good) return OwnCode{CodeType::uri, std::move(text)};
  return fail(Code::CODE_SYNTAX, "EPC URN " + quote(std::string(kEpcId).append(epc.scheme) +
                                                    std::string(rest)) +
                                     " does not have the parts of its scheme; "
                                     "docs/identifiers.md 4 lists them");
}

Result<OwnCode> parse_ship(std::string_view number) {
  SUYUAN_TRY_DONE(check_imo(number));
  return OwnCode{CodeType::uri, std::string(kImo).append(number)};
}

}  // namespace

bool is_plain_epc(std::string_view canonical) {
  if (canonical.starts_with(kImo)) return true;
  return canonical.starts_with(kEpcId) &&
         std::ranges::any_of(kPlainEpcs, [&](const PlainEpc& epc) {
           return canonical.substr(kEpcId.size()).starts_with(epc.scheme);
         });
}

std::optional<Result<OwnCode>> parse_own_urn(std::string_view sent) {
  if (starts_with_any_case(sent, kOwn)) return parse_own(sent.substr(kOwn.size()));
  if (starts_with_any_case(sent, kCbv)) return parse_cbv(sent.substr(kCbv.size()));
  if (!starts_with_any_case(sent, kEpcId)) return std::nullopt;
  if (starts_with_any_case(sent, kImo)) return parse_ship(sent.substr(kImo.size()));
  const auto scheme_on = sent.substr(kEpcId.size());
  for (const PlainEpc& epc : kPlainEpcs) {
    if (starts_with_any_case(scheme_on, epc.scheme))
      return parse_plain_epc(epc, scheme_on.substr(epc.scheme.size()));
  }
  if (!starts_with_any_case(sent, kBic)) return std::nullopt;
  const auto number = sent.substr(kBic.size());
  auto checked = check_iso6346(number);
  if (!checked) return Result<OwnCode>(Unexpected(std::move(checked).error()));
  return Result<OwnCode>(OwnCode{CodeType::container, std::string(kBic).append(number)});
}

std::string own_urn_text(CodeType type, std::string_view issuer, std::string_view number) {
  // A document is named after its issuer's GLN, if there is one, so that it has only one name.
  if (type == CodeType::document && issuer.size() != 18) {
    return std::string(kCbv).append(issuer).append(":").append(number);
  }
  const auto* row = std::ranges::find(kOwnRows, type, &OwnRow::type);
  SUYUAN_CHECK(row != std::end(kOwnRows));
  return std::string(kOwn).append(row->kind).append(":").append(issuer).append(":").append(number);
}

}  // namespace suyuan
