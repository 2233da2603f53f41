// Every application identifier (AI) of the GS1 General Specifications: how it and its value are
// cut out of an element string, and what the value may hold. Internal.
#pragma once

#include <cstdint>
#include <string_view>

#include "ledger/base/error.h"

namespace suyuan {

enum class Charset : uint8_t { numeric, cset82, cset39, base64url };

bool fits(Charset set, char c);
std::string_view charset_words(Charset set);

// A row is one AI, or all from `from` to `to` whose last digit is at most `last_max`.
//
//   form  = 1*( part / "[" part "]" )       the parts of the value, in order; [..] may be absent
//   part  = ( "N" / "X" / "Y" / "Z" ) ( length / ".." length ) [ check ]
//   check = "c" its last digit checks the others; "d" a date whose day may be 00;
//           "D" a date; "t" a time of day
struct AiRow {
  std::string_view from;
  std::string_view to;
  char last_max;
  std::string_view form;
  bool predefined;  // of a length known by heart: no FNC1 follows it
  bool attribute;   // may stand in a Digital Link's query
};

// Null if GS1 has not assigned it.
const AiRow* find_ai(std::string_view ai);
// The AI with which `text` begins; no AI begins with another.
const AiRow* first_ai(std::string_view text);

// Lengths and characters of a value: whether it was cut right.
Result<Done> check_form(std::string_view ai, const AiRow& row, std::string_view value);
// Check digits and dates as well. REQUIRES: check_form() passed.
Result<Done> check_content(std::string_view ai, const AiRow& row, std::string_view value);
// The longest value in bytes.
size_t size_max(const AiRow& row);

}  // namespace suyuan
