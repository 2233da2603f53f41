// GS1 Digital Link URIs (URI Syntax 1.6), on any host: the last primary key in the path counts.
//
//   path  = *( "/" stem ) "/" key "/" value *( "/" qualifier "/" value )
//
// The raw path is split at "/" before decoding, so that an escaped slash stays inside its value.
#include <vector>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

Unexpected<Error> bad_link(std::string message) {
  return fail(Code::CODE_SYNTAX, "GS1 Digital Link: " + std::move(message));
}

std::string qualifiers_of(const KeyRule& key) {
  std::string list;
  for (const Qualifier& qualifier : key.qualifiers) {
    if (qualifier.ai.empty()) break;
    if (!list.empty()) list += qualifier.alone ? " or " : ", ";
    list += qualifier.ai;
  }
  return list.empty() ? "none" : list;
}

// Qualifiers come in the table's order. One that must be alone has no others next to it.
Result<Done> check_order(const KeyRule& key, std::span<const Element> qualifiers) {
  int last = -1;
  for (const Element& qualifier : qualifiers) {
    const int index = key.find(qualifier.ai);
    if (index <= last ||
        (qualifiers.size() > 1 && key.qualifiers[static_cast<size_t>(index)].alone)) {
      return bad_link("AI " + quote(qualifier.ai) + " cannot follow key " +
                      std::string(key.ai) + "; its qualifiers, in this order: " +
                      qualifiers_of(key));
    }
    last = index;
  }
  return Done{};
}

// Attributes in the query (dates, weights) do not identify anything and are dropped. A qualifier
// finer than the path's would be lost silently: such a link is refused.
Result<Done> check_query(const Gs1Code& code, std::string_view query) {
  for (const auto pair : split(query, '&')) {
    const auto name = decode_escapes(pair.substr(0, pair.find('=')));
    if (!name) return bad_link("an escape in the query is not % and two hex digits");
    if (code.key->find(ai_of_word(*name)) > code.qualifier) {
      return bad_link("AI " + std::string(ai_of_word(*name)) +
                      " is in the query; a part of the identity belongs in the path");
    }
  }
  return Done{};
}

}  // namespace

Result<LinkElements> split_digital_link(std::string_view path) {
  if (!path.starts_with('/')) return LinkElements{};
  std::vector<std::string> segments;
  for (const auto raw : split(path.substr(1), '/')) {
    auto segment = decode_escapes(raw);
    if (!segment) {
      return bad_link("an escape in " + quote(raw) + " is not % and two hex digits");
    }
    segments.push_back(*std::move(segment));
  }
  const KeyRule* key = nullptr;
  size_t at = segments.size();
  while (key == nullptr && at >= 2) {
    at -= 2;
    key = find_key(ai_of_word(segments[at]));
  }
  if (key == nullptr) {
    // One part is out of place: "/01/<GTIN>/", "/01//<GTIN>", "/01/<GTIN>/photo". A broken link is
    // not a name of its own.
    for (size_t i = 0; i + 1 < segments.size(); ++i) {
      if (find_key(ai_of_word(segments[i])) == nullptr) continue;
      return bad_link("after key " + quote(segments[i]) +
                      " the path must continue in pairs of AI and value, and end there");
    }
    return LinkElements{};
  }
  LinkElements link{.key = key, .elements = {}};
  for (size_t i = at; i < segments.size(); i += 2) {
    link.elements.push_back(
        {.ai = std::string(ai_of_word(segments[i])), .value = std::move(segments[i + 1])});
  }
  return link;
}

Result<std::optional<Gs1Code>> parse_digital_link(std::string_view path, std::string_view query) {
  SUYUAN_TRY(link, split_digital_link(path));
  if (link.key == nullptr) return std::optional<Gs1Code>();
  const std::span<const Element> qualifiers = std::span(link.elements).subspan(1);
  SUYUAN_TRY_DONE(check_order(*link.key, qualifiers));
  SUYUAN_TRY(code, make_gs1(*link.key, link.elements[0].value, qualifiers));
  SUYUAN_TRY_DONE(check_query(code, query));
  return std::optional(std::move(code));
}

}  // namespace suyuan
