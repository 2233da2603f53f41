// Every application identifier (AI) of the GS1 General Specifications: how it and its value are cut
// out of an element string, and what the value may contain. Internal to this folder.
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
  bool predefined;  // of predefined length: no FNC1 follows it
  bool attribute;   // allowed in a Digital Link's query
};

// Returns null if GS1 has not assigned the AI.
const AiRow* find_ai(std::string_view ai);
// Returns the AI with which `text` begins. No AI is a prefix of another.
const AiRow* first_ai(std::string_view text);

// Checks lengths and characters of a value, which shows that it was cut correctly.
Result<Done> check_form(std::string_view ai, const AiRow& row, std::string_view value);
// Checks check digits and dates. Requires: check_form() passed.
Result<Done> check_content(std::string_view ai, const AiRow& row, std::string_view value);
// The longest value in bytes.
size_t size_max(const AiRow& row);

}  // namespace suyuan
