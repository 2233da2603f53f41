#include "proto/json/csv.h"

#include <algorithm>

#include "ledger/base/limits.h"

namespace suyuan {
namespace {

constexpr size_t kColumnsMax = 128;

bool at_line_end(std::string_view text) {
  return text.empty() || text.front() == '\n' || text.starts_with("\r\n");
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  for (const char c : {';', '\t'}) {
    if (std::ranges::count(line, c) > std::ranges::count(line, separator_)) separator_ = c;
  }
}

bool CsvReader::done() {
  // Spreadsheets end a file with empty lines; each counts as a row, as it does there.
  while (!rest_.empty() && at_line_end(rest_)) {
    skip_line();
    ++row_;
  }
  return rest_.empty();
}

void CsvReader::skip_line() {
  const size_t end = rest_.find('\n');
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
}

// REQUIRES: `at` begins with a quote. Leaves `at` after the closing one.
Result<std::string> CsvReader::quoted_field(std::string_view& at) const {
  std::string field;
  at.remove_prefix(1);
  for (;;) {
    // The bound also keeps the search for a missing closing quote from reading the whole file.
    const size_t quote = at.substr(0, limits::kTextBytesMax + 1).find('"');
    if (quote == std::string_view::npos || field.size() + quote > limits::kTextBytesMax) {
      return fail(Code::BAD_REQUEST, "a quoted field does not end within " +
                                         std::to_string(limits::kTextBytesMax) + " bytes");
    }
    field += at.substr(0, quote);
    at.remove_prefix(quote + 1);
    if (!at.starts_with('"')) return field;
    field += '"';
    at.remove_prefix(1);
  }
}

Result<std::vector<std::string>> CsvReader::next() {
  ++row_;
  std::vector<std::string> fields;
  std::string_view at = rest_;
  const auto refuse = [this](Error error) {
    skip_line();
    return Unexpected(std::move(error));
  };
  for (;;) {
    if (fields.size() >= kColumnsMax) {
      return refuse({.code = Code::TOO_MANY,
                     .message = "more than " + std::to_string(kColumnsMax) + " fields"});
    }
    if (at.starts_with('"')) {
      auto field = quoted_field(at);
      if (!field) return refuse(std::move(field).error());
      fields.push_back(*std::move(field));
      if (!at_line_end(at) && at.front() != separator_) {
        return refuse({.code = Code::BAD_REQUEST,
                       .message = "after a closing quote a separator or the end of the line must "
                                  "follow; double a quote inside a field"});
      }
    } else {
      const char ends[] = {separator_, '"', '\n'};
      const size_t length = std::min(at.find_first_of(std::string_view(ends, 3)), at.size());
      std::string_view field = at.substr(0, length);
      at.remove_prefix(length);
      if (at.starts_with('"')) {
        return refuse({.code = Code::BAD_REQUEST,
                       .message = "quote a field that has a quote in it, and double that quote"});
      }
      if (at_line_end(at) && field.ends_with('\r')) field.remove_suffix(1);
      if (field.size() > limits::kTextBytesMax) {
        return refuse({.code = Code::TOO_LARGE,
                       .message = "a field is at most " + std::to_string(limits::kTextBytesMax) +
                                  " bytes"});
      }
      fields.emplace_back(field);
    }
    if (!at.starts_with(separator_)) break;
    at.remove_prefix(1);
  }
  rest_ = at;
  if (!rest_.empty()) skip_line();
  return fields;
}

}  // namespace suyuan
