// GS1 keys: what an application identifier (AI) holds, and which qualifiers refine a key. Internal.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/code/ai_table.h"
#include "ledger/code/code.h"

namespace suyuan {

// What an AI's value must satisfy besides lengths and characters.
enum class ValueExtra : uint8_t {
  none,
  company_prefix,   // begins with a GS1 company prefix: digits
  model_number,     // company prefix, and two check characters (8013)
  piece_of_total,   // the tail is a piece number and a total (8006)
  no_leading_zero,  // 8011
  importer,         // a digit, and an importer's index at the end (7040)
};

// value = `zeros` zeros, `digits` digits of which the last is their check digit, a tail.
struct ValueRule {
  std::string_view ai;
  std::string_view name;
  std::string_view word = {};  // in old Digital Links: "gtin"
  uint8_t zeros = 0;
  uint8_t digits = 0;
  Charset tail = Charset::cset82;
  uint8_t tail_min = 0;
  uint8_t tail_max = 0;
  ValueExtra extra = ValueExtra::none;
  int8_t prefix_at = -1;  // position of the GS1 prefix; -1: none
};

struct Qualifier {
  std::string_view ai;
  CodeType type = CodeType::other_gs1;
  bool alone = false;  // appears in a path without the others
};

struct KeyRule {
  std::string_view ai;
  CodeType type = CodeType::other_gs1;
  bool physical = false;
  bool document = false;
  bool needs_qualifier = false;
  // From coarse to fine, the order in a Digital Link.
  std::array<Qualifier, 4> qualifiers = {};

  // Returns the index in qualifiers, or -1.
  int find(std::string_view qualifier_ai) const;
};

std::span<const KeyRule> all_keys();
// Returns null if there is none.
const KeyRule* find_key(std::string_view ai);
const ValueRule* find_value_rule(std::string_view ai);
// Returns the AI of an old word ("lot" is 10), or the text itself.
std::string_view ai_of_word(std::string_view text);

// Checks a decoded value against its AI: lengths, characters, check digits, restricted circulation.
Result<Done> check_value(const ValueRule& rule, std::string_view value);

struct Element {
  std::string ai;
  std::string value;
};

// A primary key and the finest of its qualifiers, all checked.
struct Gs1Code {
  const KeyRule* key = nullptr;
  std::string value;
  int qualifier = -1;  // index in key->qualifiers
  std::string qualifier_value;
};

// Makes a code from a key and the other elements sent. Ignores those that are not its qualifiers.
Result<Gs1Code> make_gs1(const KeyRule& key, std::string value, std::span<const Element> others);

inline constexpr std::string_view kGs1Prefix = "https://id.gs1.org/";
std::string canonical_text(const Gs1Code& code);
// Returns whether `path` (the text after kGs1Prefix) is exactly what canonical_text() writes. Does
// not allocate.
bool is_canonical_gs1(std::string_view path);
// Returns its parts, nullopt if it is not canonical. A fast path: codes in the ledger have this
// form, so most codes that are parsed do.
std::optional<Gs1Code> parse_canonical_gs1(std::string_view path);

}  // namespace suyuan
