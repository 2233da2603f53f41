#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "proto/jsontext/document.h"
#include "proto/json/submission_json.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

std::string member_text(JsonValue object, std::string_view name) {
  for (const JsonValue member : object) {
    if (member.name() == name && member.kind() == NodeKind::text) return member.value();
  }
  return {};
}

std::optional<uint64_t> member_number(JsonValue object, std::string_view name) {
  for (const JsonValue member : object) {
    if (member.name() == name && member.kind() == NodeKind::number) {
      return from_decimal(member.value());
    }
  }
  return std::nullopt;
}

Error read_error(JsonValue value, Code unknown) {
  Error error{.code = unknown,
              .message = member_text(value, "message"),
              .field = member_text(value, "field")};
  const std::string name = member_text(value, "code");
  if (const CodeInfo* known = find_code(name)) {
    error.code = known->code;
  } else {
    error.message = '[' + name + "] " + error.message;
  }
  const auto event = member_number(value, "event");
  if (event && *event < limits::kBatchEventsMax) error.event = static_cast<int32_t>(*event);
  return error;
}

}  // namespace

std::string write_problem_json(const Errors& errors) {
  SUYUAN_CHECK(!errors.empty());
  const CodeInfo& first = info(errors.front().code);
  JsonWriter out;
  out.begin_object();
  out.field("type", "/problems/" + std::string(first.name));
  out.field("title", first.rule);
  out.key("status");
  out.number(static_cast<uint64_t>(first.http_status));
  out.field("detail", to_text(errors.front()));
  out.key("errors");
  out.begin_array();
  for (const Error& error : errors) {
    out.begin_object();
    out.field("code", info(error.code).name);
    if (error.event >= 0) {
      out.key("event");
      out.number(static_cast<uint64_t>(error.event));
    }
    out.field("field", error.field);
    out.field("message", error.message);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).str();
}

// Unknown members are ignored, as RFC 9457 3.2 requires of readers.
Result<Errors> parse_problem_json(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text));
  const JsonValue root = document.root();
  if (root.kind() != NodeKind::object) return fail(Code::BAD_REQUEST, "a problem is an object");
  const uint64_t status = member_number(root, "status").value_or(400);
  const Code unknown = status >= 500 ? Code::UNAVAILABLE : Code::BAD_REQUEST;
  Errors errors;
  for (const JsonValue member : root) {
    if (member.name() != "errors" || member.kind() != NodeKind::array) continue;
    for (const JsonValue entry : member) {
      if (errors.size() >= limits::kErrorsPerBatchMax) break;
      if (entry.kind() == NodeKind::object) errors.push_back(read_error(entry, unknown));
    }
  }
  if (!errors.empty()) return errors;
  const std::string title = member_text(root, "title");
  const std::string detail = member_text(root, "detail");
  if (title.empty() && detail.empty()) {
    return fail(Code::BAD_REQUEST, "a problem has a title, a detail or errors");
  }
  errors.push_back({.code = unknown, .message = detail.empty() ? title : detail});
  return errors;
}

}  // namespace suyuan
