#include "proto/jsontext/document.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

namespace json = boost::json;

// Builds the list of values from the parser's calls. The parser gives a number's text next to its
// binary value; only the text is kept.
class Builder {
 public:
  // The effective bounds are those of the text and of the number of values.
  static constexpr size_t max_object_size = size_t{1} << 31;
  static constexpr size_t max_array_size = size_t{1} << 31;
  static constexpr size_t max_key_size = size_t{1} << 31;
  static constexpr size_t max_string_size = size_t{1} << 31;

  explicit Builder(size_t values_max) : values_max_(values_max) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code& ec) { return open(NodeKind::array, ec); }
  bool on_array_end(size_t, json::error_code& ec) { return close(ec); }
  bool on_object_begin(json::error_code& ec) { return open(NodeKind::object, ec); }
  bool on_object_end(size_t, json::error_code& ec) { return close(ec); }
  bool on_key_part(json::string_view part, size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_string_part(json::string_view part, size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, size_t, json::error_code& ec) {
    text_.append(part.data(), part.size());
    return add(NodeKind::text, ec);
  }
  bool on_number_part(json::string_view part, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(int64_t, json::string_view s, json::error_code& ec) { return number(s, ec); }
  bool on_uint64(uint64_t, json::string_view s, json::error_code& ec) { return number(s, ec); }
  bool on_double(double, json::string_view s, json::error_code& ec) { return number(s, ec); }
  bool on_bool(bool value, json::error_code& ec) {
    text_ = value ? "true" : "false";
    return add(NodeKind::boolean, ec);
  }
  bool on_null(json::error_code& ec) { return add(NodeKind::null, ec); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  std::vector<JsonNode> nodes;
  std::optional<Error> error;  // ours; the parser's own are in its error code

 private:
  bool number(json::string_view part, json::error_code& ec) {
    text_.append(part.data(), part.size());
    return add(NodeKind::number, ec);
  }

  bool refuse(Code code, std::string message, std::string field, json::error_code& ec) {
    error = Error{.code = code, .message = std::move(message), .field = std::move(field)};
    ec = json::error::exception;  // any error code: it stops the parser
    return false;
  }

  bool add(NodeKind kind, json::error_code& ec) {
    if (nodes.size() >= values_max_) {
      return refuse(Code::TOO_MANY, "more than " + std::to_string(values_max_) + " values", "", ec);
    }
    const bool unnamed = key_.empty() && !open_.empty() &&
                         nodes[open_.back()].kind == NodeKind::object;
    const bool nul = key_.find('\0') != std::string::npos || text_.find('\0') != std::string::npos;
    nodes.push_back({.kind = kind,
                     .end = static_cast<uint32_t>(nodes.size() + 1),
                     .name = std::move(key_),
                     .value = std::move(text_)});
    key_.clear();
    text_.clear();
    if (unnamed) {
      return refuse(Code::INVALID_FIELD, "a member has an empty name", path(nodes.size() - 1), ec);
    }
    if (nul) {
      return refuse(Code::BAD_TEXT, "a text holds NUL (\\u0000)", path(nodes.size() - 1), ec);
    }
    return true;
  }

  bool open(NodeKind kind, json::error_code& ec) {
    if (!add(kind, ec)) return false;
    open_.push_back(static_cast<uint32_t>(nodes.size() - 1));
    return true;
  }

  bool close(json::error_code& ec) {
    const uint32_t index = open_.back();
    nodes[index].end = static_cast<uint32_t>(nodes.size());
    const uint32_t twice = nodes[index].kind == NodeKind::object ? name_twice(index) : 0;
    if (twice != 0) {
      return refuse(Code::INVALID_FIELD, quoted(nodes[twice].name) + " is twice in one object",
                    path(twice), ec);
    }
    open_.pop_back();
    return true;
  }

  // The second member of the object with a name that occurred before; 0: none.
  uint32_t name_twice(uint32_t object) const {
    std::vector<uint32_t> members;
    for (uint32_t i = object + 1; i < nodes.size(); i = nodes[i].end) members.push_back(i);
    std::sort(members.begin(), members.end(), [this](uint32_t a, uint32_t b) {
      const int order = nodes[a].name.compare(nodes[b].name);
      return order != 0 ? order < 0 : a < b;
    });
    const auto equal = [this](uint32_t a, uint32_t b) { return nodes[a].name == nodes[b].name; };
    const auto found = std::adjacent_find(members.begin(), members.end(), equal);
    return found == members.end() ? 0 : *(found + 1);
  }

  // "events[2].objects[0].code", for a value inside the open ones.
  std::string path(size_t index) const {
    std::string text;
    for (size_t level = 0; level < open_.size(); ++level) {
      const size_t inside = level + 1 < open_.size() ? open_[level + 1] : index;
      if (nodes[open_[level]].kind == NodeKind::object) {
        text.append(text.empty() ? "" : ".").append(nodes[inside].name, 0, 64);
        continue;
      }
      size_t entry = 0;
      for (uint32_t i = open_[level] + 1; i < inside; i = nodes[i].end) ++entry;
      text.append("[").append(std::to_string(entry)).append("]");
    }
    return is_clean_utf8(text) ? text : quoted(text);
  }

  size_t values_max_;
  std::vector<uint32_t> open_;
  std::string key_;
  std::string text_;
};

std::string place_in(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t begin = before.rfind('\n');
  const size_t column = begin == std::string_view::npos ? offset + 1 : offset - begin;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

size_t JsonValue::size() const {
  size_t count = 0;
  for (auto at = begin(); !(at == end()); ++at) ++count;
  return count;
}

std::optional<JsonValue> JsonValue::find(std::string_view name) const {
  if (kind() != NodeKind::object) return std::nullopt;
  for (const JsonValue member : *this) {
    if (member.name() == name) return member;
  }
  return std::nullopt;
}

Tree JsonValue::tree() const {
  Tree tree;
  tree.reserve(node().end - index_ - 1);
  std::vector<uint32_t> ends;  // of the open containers
  for (uint32_t i = index_ + 1; i < node().end; ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    const JsonNode& one = (*nodes_)[i];
    tree.push_back({.depth = static_cast<uint8_t>(ends.size()),
                    .kind = one.kind,
                    .name = one.name,
                    .value = one.value});
    if (one.kind == NodeKind::object || one.kind == NodeKind::array) ends.push_back(one.end);
  }
  return tree;
}

Result<JsonDocument> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(Code::TOO_LARGE, std::to_string(text.size()) + " bytes of JSON; at most " +
                                     std::to_string(limits.bytes));
  }
  if (!is_clean_utf8(text)) return fail(Code::BAD_TEXT, "JSON is valid UTF-8 without NUL");
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<Builder> parser(options, limits.values);
  json::error_code ec;
  const size_t read = parser.write_some(false, text.data(), text.size(), ec);
  Builder& builder = parser.handler();
  if (builder.error) return Unexpected(std::move(*builder.error));
  if (ec == json::error::too_deep) {
    return fail(Code::TOO_LARGE, "values nest at most " + std::to_string(limits.depth) + " deep");
  }
  if (ec || read != text.size() || builder.nodes.empty()) {
    return fail(Code::BAD_REQUEST, "no JSON at " + place_in(text, read) + ": " +
                                       (ec ? ec.message() : "there is data after the value"));
  }
  JsonDocument document;
  document.nodes_ = std::move(builder.nodes);
  return document;
}

size_t parse_bytes_max(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) return 0;  // nothing of it is read
  // Before every value but the first is one of these.
  const auto begins_value = [](char c) { return c == ',' || c == '[' || c == '{'; };
  const auto found = static_cast<size_t>(std::ranges::count_if(text, begins_value));
  const size_t values = std::min(limits.values, found + 1);
  // The list doubles when it is full: for a moment it is there at its old size and at twice that. A
  // text of its own takes up to twice its bytes, and what malloc adds.
  constexpr size_t kOfValue = 3 * sizeof(JsonNode);
  constexpr size_t kOfByte = 4;
  return values * kOfValue + text.size() * kOfByte;
}

}  // namespace suyuan
