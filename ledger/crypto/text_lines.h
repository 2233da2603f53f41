// The text grammar of formats.md, for every text that is signed or hashed: exactly the lines
// shown, each once, in order; ASCII; LF only; one space between fields; no blank line.
#pragma once

#include <optional>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/base/text.h"

namespace suyuan {

// The largest time in ms since 1970: the end of the year 9999.
inline constexpr uint64_t kTextTimeMsMax = 253'402'300'799'999;

// Reads such a text from its first line to its last. Views are into the text, which must outlive
// them. A refusal names the line in its field, "line 4"; the message says what was found and what
// was expected.
class TextLines {
 public:
  // Checks the grammar of the whole text, and that its first line is `header`. Every refusal has
  // the code `code`.
  static Result<TextLines> open(std::string_view text, std::string_view header,
                                Code code = Code::NOTE_SYNTAX);

  // Takes the next line, which must be "<keyword> <rest>", and returns the rest.
  Result<std::string_view> take(std::string_view keyword);
  // As take, for an optional line: returns nullopt if the next line has another keyword. Call it in
  // a loop for "up to 8 such lines".
  Result<std::optional<std::string_view>> take_if(std::string_view keyword);
  // Takes a line whose rest is exactly `count` fields.
  Result<std::vector<std::string_view>> take_fields(std::string_view keyword, size_t count);
  Result<uint64_t> take_decimal(std::string_view keyword);
  // Takes a time in ms since 1970, at most kTextTimeMsMax.
  Result<int64_t> take_time(std::string_view keyword);
  // Takes the base64 of a Hash, Nonce or other value of fixed size.
  template <class F>
  Result<F> take_base64(std::string_view keyword) {
    SUYUAN_TRY(rest, take(keyword));
    return base64_of<F>(rest);
  }
  template <class F>
  Result<F> base64_of(std::string_view field) const {
    const auto value = fixed_from_base64<F>(field);
    if (!value) return refuse_base64(field, F::kSize);
    return *value;
  }
  // Checks that no line is left.
  Result<Done> finish() const;

  // Returns a refusal of the line taken last, for rules that the caller checks.
  Unexpected<Error> refuse(std::string message) const;

 private:
  TextLines(std::string_view text, Code code) : rest_(text), code_(code) {}
  Unexpected<Error> refuse_base64(std::string_view field, size_t size) const;
  std::string_view peek() const { return rest_.substr(0, rest_.find('\n')); }

  std::string_view rest_;  // whole lines, each with its LF
  size_t taken_ = 0;
  Code code_;
};

}  // namespace suyuan
