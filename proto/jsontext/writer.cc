#include "proto/jsontext/writer.h"

#include "ledger/base/text.h"

namespace suyuan {

void JsonWriter::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  text(name);
  out_ += ':';
  comma_ = false;
}

void JsonWriter::text(std::string_view value) {
  separate();
  const bool clean = value.empty() || is_clean_utf8(value);
  out_ += '"';
  for (const char c : value) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out_ += "\\u00" + to_hex(std::string_view(&c, 1));
    } else {
      out_ += byte >= 0x80 && !clean ? '?' : c;
    }
  }
  out_ += '"';
}

void JsonWriter::number(std::string_view value) {
  separate();
  out_ += value;
}

void JsonWriter::value(JsonValue value) {
  switch (value.kind()) {
    case NodeKind::text:
      return text(value.value());
    case NodeKind::number:
    case NodeKind::boolean:
      return number(std::string_view(value.value()));
    case NodeKind::null:
      return null();
    case NodeKind::object:
      begin_object();
      members(value.tree());
      return end_object();
    case NodeKind::array:
      begin_array();
      members(value.tree());
      return end_array();
  }
}

// The members or entries of an open container, and everything inside them.
void JsonWriter::members(const Tree& tree) {
  std::vector<NodeKind> open_kinds;
  const auto close_to = [&](size_t depth) {
    for (; open_kinds.size() > depth; open_kinds.pop_back()) {
      open_kinds.back() == NodeKind::object ? end_object() : end_array();
    }
  };
  for (const TreeNode& node : tree) {
    close_to(node.depth);
    if (!node.name.empty()) key(node.name);
    switch (node.kind) {
      case NodeKind::text:
        text(node.value);
        break;
      case NodeKind::number:
      case NodeKind::boolean:
        number(std::string_view(node.value));
        break;
      case NodeKind::null:
        null();
        break;
      case NodeKind::object:
      case NodeKind::array:
        node.kind == NodeKind::object ? begin_object() : begin_array();
        open_kinds.push_back(node.kind);
        break;
    }
  }
  close_to(0);
}

void JsonWriter::field(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  key(name);
  text(value);
}

void JsonWriter::field(std::string_view name, const std::optional<Decimal>& value) {
  if (value) field(name, std::string_view(value->to_text()));
}

void JsonWriter::field(std::string_view name, const std::optional<Moment>& value) {
  if (value) field(name, std::string_view(to_rfc3339(*value)));
}

void JsonWriter::field(std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  key(name);
  begin_array();
  for (const auto& one : values) text(one);
  end_array();
}

void JsonWriter::field(std::string_view name, const Tree& tree) {
  if (tree.empty()) return;
  key(name);
  begin_object();
  members(tree);
  end_object();
}

}  // namespace suyuan
