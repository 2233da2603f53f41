// GS1 element strings: bracketed, "(01)...(21)...", and raw with FNC1 as 0x1D, as scanners send.
//
//   bracketed = 1*( "(" 2*4DIGIT ")" value )     a "(" inside a value is written "\("
//   raw       = [ symbology ] [ FNC1 ] 1*( AI value [ FNC1 ] )
//
// The first primary key is the code's key, as in GS1's own Digital Link generator. Other AIs that
// are not its qualifiers (dates, weights) do not identify anything. They must still be GS1 AIs of
// the right form: else the string was misread or an FNC1 is missing, and a lot or serial number may
// be cut wrongly too.
#include <vector>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr char kGroupSeparator = '\x1D';

Unexpected<Error> bad_string(std::string message) {
  return fail(Code::CODE_SYNTAX, "GS1 element string: " + std::move(message));
}

Result<Gs1Code> code_of(const std::vector<Element>& elements) {
  for (const Element& element : elements) {
    const KeyRule* key = find_key(element.ai);
    if (key == nullptr) continue;
    for (const Element& other : elements) {
      if (other.ai == element.ai && other.value != element.value) {
        return bad_string("AI " + element.ai + " is given twice, with different values; send one");
      }
      if (other.ai == element.ai || key->find(other.ai) >= 0) continue;
      const AiRow* row = find_ai(other.ai);
      if (row == nullptr) return bad_string("(" + other.ai + ") is not an AI that GS1 assigned");
      SUYUAN_TRY_DONE(check_form(other.ai, *row, other.value));
    }
    return make_gs1(*key, element.value, elements);
  }
  return bad_string("no primary key; send the AI that names the thing, such as 01 or 00");
}

}  // namespace

Result<std::vector<Element>> split_bracketed(std::string_view sent) {
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
  return elements;
}

Result<Gs1Code> parse_bracketed(std::string_view sent) {
  SUYUAN_TRY(elements, split_bracketed(sent));
  return code_of(elements);
}

Result<std::vector<Element>> split_raw(std::string_view sent) {
  std::string_view rest = sent;
  if (rest.starts_with("]")) {
    const auto symbology = rest.substr(0, 3);
    // GS1 DataMatrix, QR, 128, DataBar and composite, DotCode.
    constexpr std::string_view kKnown[] = {"]d2", "]Q3", "]C1", "]e0", "]J1"};
    if (std::ranges::find(kKnown, symbology) == std::end(kKnown)) {
      return bad_string("symbology " + quote(symbology) +
                        " holds no GS1 data; expected ]d2, ]Q3, ]C1, ]e0 or ]J1, or before "
                        "a GTIN ]E0, ]E4 or ]I1, or before a link ]Q1 or ]d1");
    }
    rest.remove_prefix(3);
  }
  if (rest.starts_with(kGroupSeparator)) rest.remove_prefix(1);
  std::vector<Element> elements;
  while (!rest.empty()) {
    const auto position = std::to_string(sent.size() - rest.size() + 1);
    const AiRow* row = first_ai(rest);
    if (row == nullptr) {
      return bad_string("no AI begins at position " + position + ", at " +
                        quote(rest.substr(0, 4)));
    }
    Element element{.ai = std::string(rest.substr(0, row->from.size())), .value = {}};
    rest.remove_prefix(element.ai.size());
    const size_t most = row->predefined ? size_max(*row) : rest.size();
    const auto value = rest.substr(0, std::min(rest.find(kGroupSeparator), most));
    if (value.empty() || (row->predefined && value.size() != most)) {
      return bad_string("AI " + element.ai + " at position " + position + " is cut short");
    }
    element.value = value;
    rest.remove_prefix(value.size());
    if (rest.starts_with(kGroupSeparator)) rest.remove_prefix(1);
    elements.push_back(std::move(element));
  }
  return elements;
}

Result<Gs1Code> parse_raw(std::string_view sent) {
  SUYUAN_TRY(elements, split_raw(sent));
  return code_of(elements);
}

}  // namespace suyuan
