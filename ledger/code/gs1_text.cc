#include "ledger/code/gs1_text.h"

#include <algorithm>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr std::string_view kNoKey = "names no GS1 key (GTIN, SSCC, GLN, ...), so it has no Digital "
                                    "Link";

Unexpected<Error> no_key(std::string_view sent) {
  return fail(Code::CODE_SYNTAX, quote(sent) + " " + std::string(kNoKey));
}

void add_once(std::vector<Gs1Part>& parts, Gs1Part part) {
  const auto same = [&](const Gs1Part& one) { return one.ai == part.ai; };
  if (std::none_of(parts.begin(), parts.end(), same)) parts.push_back(std::move(part));
}

// The first key is the code's, as in element_string.cc. REQUIRES: parse_code() accepts the text.
Gs1Text from_elements(const std::vector<Element>& elements) {
  Gs1Text text;
  const auto key = std::ranges::find_if(
      elements, [](const Element& element) { return find_key(element.ai) != nullptr; });
  SUYUAN_CHECK(key != elements.end());
  const KeyRule& rule = *find_key(key->ai);
  text.path.push_back({key->ai, key->value});
  for (const Qualifier& qualifier : rule.qualifiers) {
    for (const Element& element : elements) {
      if (element.ai == qualifier.ai) add_once(text.path, {element.ai, element.value});
    }
  }
  for (const Element& element : elements) {
    if (element.ai == key->ai || rule.find(element.ai) >= 0) continue;
    add_once(text.attributes, {element.ai, element.value});
  }
  return text;
}

Result<Gs1Text> from_link(std::string_view sent) {
  SUYUAN_TRY(uri, split_uri(sent));
  SUYUAN_TRY(link, split_digital_link(uri.path));
  if (link.key == nullptr) return no_key(sent);
  Gs1Text text = from_elements(link.elements);
  for (const auto pair : split(uri.query.value_or(""), '&')) {
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = decode_escapes(pair.substr(0, equals));
    auto value = decode_escapes(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || value->empty() || find_ai(*name) == nullptr) continue;
    // A qualifier in the query is coarser than the path's; parse_code() ensures it.
    add_once(text.attributes, {*name, *std::move(value)});
  }
  return text;
}

Result<Gs1Text> from_code(const Gs1Code& code) {
  Gs1Text text;
  text.path.push_back({std::string(code.key->ai), code.value});
  if (code.qualifier >= 0) {
    const auto& qualifier = code.key->qualifiers[static_cast<size_t>(code.qualifier)];
    text.path.push_back({std::string(qualifier.ai), code.qualifier_value});
  }
  return text;
}

Result<Gs1Text> split_text(std::string_view sent) {
  if (sent[0] == '(') {
    SUYUAN_TRY(elements, split_bracketed(sent));
    return from_elements(elements);
  }
  // A scanner's prefix before a GTIN or a link is not part of the code.
  for (const std::string_view plain : {"]E0", "]E4", "]I0", "]I1", "]Q1", "]d1"}) {
    if (sent.starts_with(plain)) return split_text(sent.substr(plain.size()));
  }
  if (starts_with_any_case(sent, "http")) return from_link(sent);
  if (starts_with_any_case(sent, "urn:epc:")) {
    SUYUAN_TRY(code, parse_epc_urn(sent));
    return from_code(code);
  }
  if (all_digits(sent) && sent.size() <= 14) {
    return Gs1Text{.path = {{"01", std::string(sent)}}, .attributes = {}};
  }
  SUYUAN_TRY(elements, split_raw(sent));
  return from_elements(elements);
}

}  // namespace

const std::vector<std::string_view>& gs1_keys() {
  static const std::vector<std::string_view> kAis = [] {
    std::vector<std::string_view> ais;
    for (const KeyRule& key : all_keys()) ais.push_back(key.ai);
    return ais;
  }();
  return kAis;
}

Result<Gs1Text> parse_gs1_text(std::string_view sent) {
  SUYUAN_TRY(code, parse_code(sent));
  if (!code.text().starts_with(kGs1Prefix)) return no_key(sent);
  SUYUAN_TRY(text, split_text(sent));
  std::string& key = text.path[0].value;
  if (text.path[0].ai == "01") key.insert(0, 14 - key.size(), '0');
  return text;
}

std::string link_path(const Gs1Text& text, size_t count) {
  std::string path;
  for (size_t i = 0; i < std::min(count, text.path.size()); ++i) {
    path.append("/").append(text.path[i].ai).append("/");
    append_escaped(path, text.path[i].value);
  }
  return path;
}

Result<std::string> digital_link(const Gs1Text& text, std::string_view stem) {
  const KeyRule& key = *find_key(text.path[0].ai);
  for (const Gs1Part& part : text.path) {
    const int at = key.find(part.ai);
    if (at < 0 || !key.qualifiers[static_cast<size_t>(at)].alone || text.path.size() == 2) continue;
    return fail(Code::CODE_SYNTAX, "AI (" + part.ai + ") cannot be in a Digital Link with other "
                                                      "qualifiers; leave one out");
  }
  std::vector<Gs1Part> attributes = text.attributes;
  // Not std::ranges: clang 14, which is used for fuzzing, cannot read the subrange of libstdc++ 12.
  std::stable_partition(attributes.begin(), attributes.end(),
                        [](const Gs1Part& part) { return find_ai(part.ai)->predefined; });
  if (stem.ends_with('/')) stem.remove_suffix(1);
  std::string link = std::string(stem) + link_path(text, text.path.size());
  char separator = '?';
  for (const Gs1Part& part : attributes) {
    const AiRow& row = *find_ai(part.ai);
    if (!row.attribute) {
      return fail(Code::CODE_SYNTAX, "AI (" + part.ai + ") cannot be in a Digital Link of key " +
                                         text.path[0].ai);
    }
    SUYUAN_TRY_DONE(check_form(part.ai, row, part.value));
    SUYUAN_TRY_DONE(check_content(part.ai, row, part.value));
    link += separator;
    link.append(part.ai).append("=");
    append_escaped(link, part.value);
    separator = '&';
  }
  return link;
}

std::string bracketed_text(const Gs1Text& text) {
  std::string out;
  for (const auto* parts : {&text.path, &text.attributes}) {
    for (const Gs1Part& part : *parts) {
      out.append("(").append(part.ai).append(")");
      for (const char c : part.value) {
        if (c == '(') out += '\\';
        out += c;
      }
    }
  }
  return out;
}

}  // namespace suyuan
