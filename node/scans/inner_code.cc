#include "node/scans/inner_code.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "proto/jsontext/document.h"

namespace suyuan {
namespace {

std::string_view text_in(JsonValue object, std::string_view name) {
  if (object.kind() != NodeKind::object) return {};
  for (const JsonValue member : object) {
    if (member.name() == name && member.kind() == NodeKind::text) return member.value();
  }
  return {};
}

InnerCode compare_entry(JsonValue entry, std::string_view inner) {
  const auto salt = from_hex(text_in(entry, "salt"));
  const auto committed = fixed_from_hex<Hash>(text_in(entry, "sha256"));
  if (!salt || !committed) return InnerCode::unknown;
  return sha256({*salt, inner}) == *committed ? InnerCode::right : InnerCode::wrong;
}

// A section is the maker's own text: anything not of this form is not a commitment.
InnerCode compare_section(BytesView bytes, const std::string& code, std::string_view inner) {
  const auto document = parse_json(bytes);
  if (!document || document->root().kind() != NodeKind::object) return InnerCode::unknown;
  for (const JsonValue member : document->root()) {
    if (member.name() != "innerCodes" || member.kind() != NodeKind::array) continue;
    for (const JsonValue entry : member) {
      if (text_in(entry, "code") == code) return compare_entry(entry, inner);
    }
  }
  return InnerCode::unknown;
}

}  // namespace

std::string plain_inner_code(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    plain.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return plain;
}

Result<InnerCode> compare_inner_code(const Reader& reader, const std::string& code,
                                     const std::vector<Place>& makings, std::string_view inner) {
  if (inner.empty()) return InnerCode::none;
  const std::string plain = plain_inner_code(inner);
  InnerCode found = InnerCode::unknown;
  std::optional<Error> fault;
  for (const Place place : makings) {
    const auto compare = [&](BytesView, BytesView row) {
      const auto section = decode<StoredSection>(row);
      if (!section) {
        fault = section.error();
        return false;
      }
      if (section->audience != Audience::owner) return true;
      found = compare_section(section->bytes, code, plain);
      return found == InnerCode::unknown;
    };
    const Bytes prefix = place_key(place);
    SUYUAN_TRY_DONE(reader.scan(Table::section, prefix, after_prefix(prefix), Direction::ascending,
                                compare));
    if (fault) return Unexpected(*std::move(fault));
    if (found != InnerCode::unknown) break;
  }
  return found;
}

}  // namespace suyuan
