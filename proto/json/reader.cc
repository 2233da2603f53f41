#include "proto/json/reader.h"

#include "ledger/base/limits.h"
#include "ledger/code/code.h"

namespace suyuan {
namespace {

std::string shown(JsonValue value) {
  switch (value.kind()) {
    case NodeKind::object:
      return "an object";
    case NodeKind::array:
      return "an array";
    case NodeKind::null:
      return "null";
    case NodeKind::number:
    case NodeKind::boolean:
    case NodeKind::text:
      break;
  }
  return quoted(value.value());
}

std::string read_parsed_code(std::string_view sent, const std::string& path, FirstFault& faults) {
  auto code = parse_code(sent);
  if (code) return code->text();
  faults.add(code.error(), path);
  return {};
}

}  // namespace

std::string read_text(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() != NodeKind::text || value.value().empty()) {
    faults.add(Code::INVALID_FIELD, path,
               (value.kind() == NodeKind::text ? "an empty text" : shown(value)) +
                   "; expected a text, or leave the field out");
    return {};
  }
  if (value.value().size() > limits::kTextBytesMax) {
    faults.add(Code::TOO_LARGE, path, std::to_string(value.value().size()) +
                                          " bytes; a text is at most " +
                                          std::to_string(limits::kTextBytesMax));
    return {};
  }
  return value.value();
}

std::string read_code(JsonValue value, const std::string& path, FirstFault& faults) {
  const std::string sent = read_text(value, path, faults);
  return sent.empty() ? sent : read_parsed_code(sent, path, faults);
}

std::string read_place(JsonValue value, const std::string& path, FirstFault& faults) {
  std::string sent = read_text(value, path, faults);
  if (sent.empty()) return sent;
  // Where a place is expected, 13 digits are a GLN; elsewhere they are a GTIN.
  const bool gln = sent.size() == 13 && sent.find_first_not_of("0123456789") == std::string::npos;
  return read_parsed_code(gln ? "(414)" + sent : sent, path, faults);
}

Decimal read_decimal(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() == NodeKind::number || value.kind() == NodeKind::text) {
    if (const auto decimal = Decimal::parse(value.value())) return *decimal;
  }
  faults.add(Code::INVALID_FIELD, path,
             shown(value) + " is not a decimal, such as 24000 or \"0.125\": up to 18 digits, 9 of "
                            "them after the point, and no exponent");
  return {};
}

Moment read_moment(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() == NodeKind::text) {
    if (const auto moment = from_rfc3339(value.value())) return *moment;
  }
  faults.add(Code::INVALID_FIELD, path,
             shown(value) + " is not a time with its offset, such as "
                            "\"2026-06-02T05:30:00+12:00\"");
  return {};
}

Bytes read_base64(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() == NodeKind::text && !value.value().empty()) {
    if (auto bytes = from_base64(value.value())) return *std::move(bytes);
  }
  faults.add(Code::INVALID_FIELD, path, shown(value) + " is not base64 (standard, padded)");
  return {};
}

uint64_t read_unsigned(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() == NodeKind::number) {
    if (const auto number = from_decimal(value.value())) return *number;
  }
  faults.add(Code::INVALID_FIELD, path, shown(value) + " is not a whole number, 0 or more");
  return 0;
}

bool read_boolean(JsonValue value, const std::string& path, FirstFault& faults) {
  if (value.kind() != NodeKind::boolean) {
    faults.add(Code::INVALID_FIELD, path, shown(value) + " is neither true nor false");
  }
  return value.kind() == NodeKind::boolean && value.value() == "true";
}

ObjectReader::ObjectReader(JsonValue value, std::string path, FirstFault& faults)
    : value_(value),
      is_object_(value.kind() == NodeKind::object),
      path_(std::move(path)),
      faults_(faults) {
  if (!is_object_) faults_.add(Code::INVALID_FIELD, path_, shown(value) + "; expected an object");
}

std::optional<JsonValue> ObjectReader::find(std::string_view name) {
  asked_.push_back(name);
  if (!is_object_) return std::nullopt;
  for (const JsonValue member : value_) {
    if (member.name() == name) return member;
  }
  return std::nullopt;
}

void ObjectReader::need(std::string_view name, std::string_view why) {
  if (is_object_ && !find(name)) faults_.add(Code::MISSING_FIELD, path_of(name), std::string(why));
}

void ObjectReader::tree(std::string_view name, Tree& out) {
  const auto value = find(name);
  if (!value) return;
  if (value->kind() != NodeKind::object) {
    return faults_.add(Code::INVALID_FIELD, path_of(name), "expected an object");
  }
  out = value->tree();
}

void ObjectReader::finish() {
  if (!is_object_) return;
  for (const JsonValue member : value_) {
    if (std::find(asked_.begin(), asked_.end(), member.name()) != asked_.end()) continue;
    const std::string_view name = std::string_view(member.name()).substr(0, 64);
    faults_.add(Code::INVALID_FIELD, is_clean_utf8(name) ? path_of(name) : path_,
                "no such field: " + quoted(member.name()));
    return;
  }
}

}  // namespace suyuan
