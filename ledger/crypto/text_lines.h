// The text grammar of formats.md, for every text that is signed or hashed: exactly the lines
// shown, each once, in order; ASCII; LF only; one space between fields; no blank line.
#pragma once

#include <optional>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/base/text.h"

namespace suyuan {

// Of a time in milliseconds since 1970: the end of the year 9999.
inline constexpr uint64_t kTextTimeMsMax = 253'402'300'799'999;

// Reads such a text from its first line to its last. Views are of the text given, which outlives
// them. A refusal names the line: field "line 4", and in the message what stands there and what
// should.
class TextLines {
 public:
  // Checks the grammar of the whole text, and that its first line is `header`. `code` is that of
  // every refusal.
  static Result<TextLines> open(std::string_view text, std::string_view header,
                                Code code = Code::NOTE_SYNTAX);

  // The rest of the next line, which is "<keyword> <rest>".
  Result<std::string_view> take(std::string_view keyword);
  // As take, where the line may be absent: nullopt if the next line has another keyword. For "up
  // to 8 such lines", in a loop.
  Result<std::optional<std::string_view>> take_if(std::string_view keyword);
  // The rest as exactly `count` fields.
  Result<std::vector<std::string_view>> take_fields(std::string_view keyword, size_t count);
  Result<uint64_t> take_decimal(std::string_view keyword);
  // Milliseconds since 1970, at most kTextTimeMsMax.
  Result<int64_t> take_time(std::string_view keyword);
  // The rest as base64 of a Hash, Nonce or other value of fixed size.
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
  // No line is left.
  Result<Done> finish() const;

  // A refusal of the line taken last, for rules that the caller checks.
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
