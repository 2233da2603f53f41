// Files of events: finds where each event begins and ends, so that each is read separately.
#include <algorithm>

#include "proto/json/event_json.h"

namespace suyuan {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// The length of the bracketed value at the start of `text`, ignoring quoted brackets; npos: no end.
size_t bracketed_length(std::string_view text) {
  size_t depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '{' || c == '[') ++depth;
    if (c != '}' && c != ']') continue;
    if (depth < 2) return i + 1;
    --depth;
  }
  return std::string_view::npos;
}

class File {
 public:
  explicit File(std::string_view text) : text_(text) {}

  void read_lines() {
    for (size_t begin = 0; begin < text_.size();) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      const auto line = trimmed(text_.substr(begin, end - begin));
      if (!line.empty()) add(line);
      begin = end + 1;
    }
  }

  void read_array() {
    size_t at = text_.find('[') + 1;
    for (;;) {
      at = text_.find_first_not_of(kSpace, at);
      if (at == std::string_view::npos) return fail_at(text_.size(), "the array has no end");
      if (text_[at] == ']' && rows.empty()) break;
      const size_t length = entry_length(at);
      add(trimmed(text_.substr(at, length)));
      at = text_.find_first_not_of(kSpace, at + length);
      if (at == std::string_view::npos) return fail_at(text_.size(), "the array has no end");
      if (text_[at] == ']') break;
      if (text_[at] != ',') return fail_at(at, "expected ',' or ']' after an event");
      ++at;
    }
    if (!trimmed(text_.substr(at + 1)).empty()) fail_at(at + 1, "there is data after the array");
  }

  void add(std::string_view event) {
    rows.push_back(row_at(event.data(), parse_event_json(event)));
  }

  std::vector<EventRow> rows;

 private:
  // Up to the end of a bracketed value; otherwise up to the next comma or bracket, as its own row.
  size_t entry_length(size_t at) const {
    const std::string_view rest = text_.substr(at);
    const size_t length = rest.front() == '{' || rest.front() == '['
                              ? bracketed_length(rest)
                              : std::max<size_t>(rest.find_first_of(",]"), 1);
    return std::min(length, rest.size());
  }

  EventRow row_at(const char* begin, Result<JsonEvent> event) {
    const auto offset = static_cast<size_t>(begin - text_.data());
    // Lines are counted from the previous row on, so a file is scanned once.
    line_ += static_cast<size_t>(
        std::count(text_.begin() + static_cast<ptrdiff_t>(counted_),
                   text_.begin() + static_cast<ptrdiff_t>(offset), '\n'));
    counted_ = offset;
    return {.row = rows.size() + 1, .line = line_, .event = std::move(event)};
  }

  void fail_at(size_t offset, std::string message) {
    rows.push_back(row_at(text_.data() + offset, fail(Code::BAD_REQUEST, std::move(message))));
  }

  std::string_view text_;
  size_t counted_ = 0;
  size_t line_ = 1;
};

// One object per line: the first line is whole, or the second also begins an object. The second
// line of an object broken over lines never does.
bool is_ndjson(std::string_view text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  if (bracketed_length(text.substr(0, end)) != std::string_view::npos) return true;
  return trimmed(text.substr(end)).starts_with('{');
}

}  // namespace

std::vector<EventRow> parse_events(std::string_view file_text) {
  if (file_text.starts_with(kByteOrderMark)) file_text.remove_prefix(kByteOrderMark.size());
  const auto whole_file = [](Code code, std::string message) {
    std::vector<EventRow> rows;
    rows.push_back({.row = 1, .line = 1, .event = fail(code, std::move(message))});
    return rows;
  };
  if (file_text.size() > kEventFileBytesMax) {
    return whole_file(Code::TOO_LARGE, "a file of events is at most " +
                                           std::to_string(kEventFileBytesMax) + " bytes");
  }
  const std::string_view text = trimmed(file_text);
  if (text.empty()) return whole_file(Code::BAD_REQUEST, "the file is empty");
  File file(file_text);
  if (text.front() == '[') {
    file.read_array();
  } else if (is_ndjson(text)) {
    file.read_lines();
  } else {
    file.add(text);
  }
  return std::move(file.rows);
}

}  // namespace suyuan
