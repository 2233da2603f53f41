#include "ledger/crypto/text_lines.h"

namespace suyuan {
namespace {

Unexpected<Error> refuse_line(Code code, size_t number, std::string message) {
  return fail(code, std::move(message), "line " + std::to_string(number));
}

std::string_view keyword_of(std::string_view line) { return line.substr(0, line.find(' ')); }

// Says what is wrong with a line on its own; empty: nothing.
std::string fault_of(std::string_view line) {
  if (line.empty()) return "a blank line; remove it";
  if (line.back() == '\r') return "ends in CR LF; use only LF";
  for (const char c : line) {
    if (c < 0x20 || c > 0x7E) return "has a byte that is not printable ASCII: " + quote(line);
  }
  if (line.front() == ' ' || line.back() == ' ' || line.find("  ") != std::string_view::npos) {
    return "fields are separated by one space, with none at either end: " + quote(line);
  }
  return {};
}

}  // namespace

Result<TextLines> TextLines::open(std::string_view text, std::string_view header, Code code) {
  if (text.empty() || text.back() != '\n') {
    return fail(code, "the text must end in a line feed; is it cut off?");
  }
  size_t number = 0;
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    ++number;
    auto fault = fault_of(rest.substr(0, rest.find('\n')));
    if (!fault.empty()) return refuse_line(code, number, std::move(fault));
  }
  TextLines lines(text, code);
  const std::string_view first = lines.peek();
  if (first != header) {
    return refuse_line(code, 1, "found " + quote(first) + ", expected " + quote(header));
  }
  lines.rest_.remove_prefix(header.size() + 1);
  lines.taken_ = 1;
  return lines;
}

Result<std::string_view> TextLines::take(std::string_view keyword) {
  const auto wanted = [keyword] { return quote(std::string(keyword) + " ..."); };
  if (rest_.empty()) {
    return refuse_line(code_, taken_ + 1, "the text ends here, expected the line " + wanted());
  }
  const std::string_view line = peek();
  ++taken_;
  if (keyword_of(line) != keyword) {
    return refuse("found " + quote(line) + ", expected the line " + wanted());
  }
  if (line.size() == keyword.size()) return refuse(quote(line) + " lacks its value");
  rest_.remove_prefix(line.size() + 1);
  return line.substr(keyword.size() + 1);
}

Result<std::optional<std::string_view>> TextLines::take_if(std::string_view keyword) {
  if (rest_.empty() || keyword_of(peek()) != keyword) return std::optional<std::string_view>{};
  SUYUAN_TRY(rest, take(keyword));
  return std::optional(rest);
}

Result<std::vector<std::string_view>> TextLines::take_fields(std::string_view keyword,
                                                              size_t count) {
  SUYUAN_TRY(rest, take(keyword));
  auto fields = split(rest, ' ');
  if (fields.size() != count) {
    return refuse("found " + std::to_string(fields.size()) + " values after " + quote(keyword) +
                  ", expected " + std::to_string(count));
  }
  return fields;
}

Result<uint64_t> TextLines::take_decimal(std::string_view keyword) {
  SUYUAN_TRY(rest, take(keyword));
  const auto number = from_decimal(rest);
  if (!number) {
    return refuse("found " + quote(rest) +
                  ", expected a decimal number of at most 19 digits without leading zeros");
  }
  return *number;
}

Result<int64_t> TextLines::take_time(std::string_view keyword) {
  SUYUAN_TRY(ms, take_decimal(keyword));
  if (ms <= kTextTimeMsMax) return static_cast<int64_t>(ms);
  return refuse("found " + std::to_string(ms) + ", times end at " +
                std::to_string(kTextTimeMsMax) + ", with the year 9999");
}

Result<Done> TextLines::finish() const {
  if (rest_.empty()) return Done{};
  return refuse_line(code_, taken_ + 1, "found " + quote(peek()) + ", expected the text's end");
}

Unexpected<Error> TextLines::refuse(std::string message) const {
  return refuse_line(code_, taken_, std::move(message));
}

Unexpected<Error> TextLines::refuse_base64(std::string_view field, size_t size) const {
  return refuse("found " + quote(field) + ", expected " + std::to_string(size) +
                " bytes in standard padded base64");
}

}  // namespace suyuan
