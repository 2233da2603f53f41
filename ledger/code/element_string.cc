// GS1 element strings: bracketed, "(01)...(21)...", and raw with FNC1 as 0x1D, as scanners send.
//
//   bracketed = 1*( "(" 2*4DIGIT ")" value )     a "(" inside a value is written "\("
//   raw       = [ symbology ] [ FNC1 ] 1*( AI value [ FNC1 ] )
//
// The first primary key is the code's key, as in GS1's own Digital Link generator; what is
// neither a key nor one of its qualifiers (dates, weights) is passed over.
#include <vector>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr char kFnc1 = '\x1D';

Unexpected<Error> bad_string(std::string message) {
  return fail(Code::CODE_SYNTAX, "GS1 element string: " + std::move(message));
}

Result<Gs1Code> code_of(std::vector<Element> elements) {
  for (Element& element : elements) {
    const KeyRule* key = find_key(element.ai);
    if (key == nullptr) continue;
    for (const Element& other : elements) {
      if (other.ai == element.ai && other.value != element.value) {
        return bad_string("AI " + element.ai + " stands twice, with different values; send one");
      }
    }
    return make_gs1(*key, element.value, elements);
  }
  return bad_string("no primary key; send the AI that names the thing, such as 01 or 00");
}

// How an AI is cut out of a raw string, by its first two digits (GS1 General
// Specifications 3.2, 7.8): the AI's own length, and its value's where that is predefined and
// needs no FNC1.
struct RawRule {
  uint8_t from;
  uint8_t to;
  uint8_t ai_size;
  uint8_t value_size;  // 0: up to the next FNC1
};
constexpr RawRule kRawRules[] = {
    {0, 0, 2, 18},  {1, 3, 2, 14},  {4, 4, 2, 16},  {10, 10, 2, 0}, {11, 19, 2, 6},
    {20, 20, 2, 2}, {21, 22, 2, 0}, {23, 25, 3, 0}, {30, 30, 2, 0}, {31, 36, 4, 6},
    {37, 37, 2, 0}, {39, 39, 4, 0}, {40, 40, 3, 0}, {41, 41, 3, 13}, {42, 42, 3, 0},
    {43, 43, 4, 0}, {70, 70, 4, 0}, {71, 71, 3, 0}, {72, 72, 4, 0}, {80, 82, 4, 0},
    {90, 99, 2, 0},
};

const RawRule* raw_rule(std::string_view rest) {
  if (rest.size() < 2 || !all_digits(rest.substr(0, 2))) return nullptr;
  const int prefix = (rest[0] - '0') * 10 + (rest[1] - '0');
  for (const RawRule& rule : kRawRules) {
    if (prefix >= rule.from && prefix <= rule.to) return &rule;
  }
  return nullptr;
}

}  // namespace

Result<Gs1Code> parse_bracketed(std::string_view sent) {
  std::vector<Element> elements;
  size_t at = 0;
  while (at < sent.size()) {
    const auto close = sent.find(')', at);
    if (close == std::string_view::npos || close - at < 3 || close - at > 5 ||
        !all_digits(sent.substr(at + 1, close - at - 1))) {
      return bad_string("an AI of 2 to 4 digits in brackets is expected at position " +
                        std::to_string(at + 1) + "; a bracket inside a value is written \"\\(\"");
    }
    Element element{.ai = std::string(sent.substr(at + 1, close - at - 1)), .value = {}};
    for (at = close + 1; at < sent.size() && sent[at] != '('; ++at) {
      if (sent[at] == '\\' && at + 1 < sent.size() && sent[at + 1] == '(') ++at;
      element.value.push_back(sent[at]);
    }
    if (element.value.empty()) return bad_string("AI " + element.ai + " has no value");
    elements.push_back(std::move(element));
  }
  return code_of(std::move(elements));
}

Result<Gs1Code> parse_raw(std::string_view sent) {
  std::string_view rest = sent;
  if (rest.starts_with("]")) {
    const auto symbology = rest.substr(0, 3);
    // GS1 DataMatrix, QR, 128, DataBar and composite, DotCode.
    constexpr std::string_view kKnown[] = {"]d2", "]Q3", "]C1", "]e0", "]J1"};
    if (std::ranges::find(kKnown, symbology) == std::end(kKnown)) {
      return bad_string("symbology " + quote(symbology) +
                        " holds no GS1 data; expected ]d2, ]Q3, ]C1, ]e0 or ]J1");
    }
    rest.remove_prefix(3);
  }
  if (rest.starts_with(kFnc1)) rest.remove_prefix(1);
  std::vector<Element> elements;
  while (!rest.empty()) {
    const auto position = std::to_string(sent.size() - rest.size() + 1);
    const RawRule* rule = raw_rule(rest);
    if (rule == nullptr || rest.size() < rule->ai_size ||
        !all_digits(rest.substr(0, rule->ai_size))) {
      return bad_string("no AI at position " + position);
    }
    Element element{.ai = std::string(rest.substr(0, rule->ai_size)), .value = {}};
    rest.remove_prefix(rule->ai_size);
    const size_t size_max = rule->value_size == 0 ? rest.size() : size_t{rule->value_size};
    const auto value = rest.substr(0, std::min(rest.find(kFnc1), size_max));
    if (value.empty() || (rule->value_size != 0 && value.size() != rule->value_size)) {
      return bad_string("AI " + element.ai + " at position " + position + " is cut short");
    }
    element.value = value;
    rest.remove_prefix(value.size());
    if (rest.starts_with(kFnc1)) rest.remove_prefix(1);
    elements.push_back(std::move(element));
  }
  return code_of(std::move(elements));
}

}  // namespace suyuan
