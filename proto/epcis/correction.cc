#include "proto/epcis/correction.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ledger/base/limits.h"
#include "proto/epcis/forms.h"
#include "proto/jsontext/document.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

constexpr std::string_view kContextName = "@context";
constexpr std::string_view kDeclarationName = "errorDeclaration";

void write_plainly(Tree& tree) {
  for (TreeNode& node : tree) {
    if (node.kind != NodeKind::number) continue;
    if (const auto decimal = ld::decimal_of(node.value)) node.value = decimal->to_text();
  }
}

std::optional<JsonValue> member_of(const JsonDocument& document, std::string_view name) {
  if (document.root().kind() != NodeKind::object) return std::nullopt;
  for (const JsonValue member : document.root()) {
    if (member.name() == name) return member;
  }
  return std::nullopt;
}

// A word, or a URI with a scheme that no context can declare as a prefix.
bool is_free_of_context(std::string_view text) {
  constexpr std::array<std::string_view, 4> kSchemes = {"urn:", "http:", "https:", "ni:"};
  return text.find(':') == std::string_view::npos ||
         std::ranges::any_of(kSchemes, [text](std::string_view scheme) {
           return ld::begins_with(text, scheme);
         });
}

// REQUIRES: the declaration of an event that decodes.
bool names_nothing_by_prefix(JsonValue error) {
  for (const JsonValue member : error) {
    if (member.name() == "declarationTime") continue;
    if (member.name() == "reason") {
      if (!is_free_of_context(member.value())) return false;
    } else if (member.name() == "correctiveEventIDs") {
      for (const JsonValue entry : member) {
        if (!is_free_of_context(entry.value())) return false;
      }
    } else {
      return false;  // a name of somebody's own
    }
  }
  return true;
}

std::string text_of(std::optional<JsonValue> value) {
  JsonWriter out;
  if (value) out.value(*value);
  return std::move(out).str();
}

}  // namespace

TraceEvent with_plain_numbers(TraceEvent event) {
  write_plainly(event.ilmd);
  write_plainly(event.extensions);
  for (SensorElement& element : event.sensors) {
    write_plainly(element.metadata);
    for (SensorReport& report : element.reports) write_plainly(report.other);
  }
  return event;
}

Result<Bytes> declared_in_first_words(BytesView first, BytesView declaration) {
  constexpr JsonLimits kLimits{.bytes = limits::kPayloadBytesMax,
                               .values = limits::kEpcisValuesMax};
  SUYUAN_TRY(original, parse_json(first, kLimits));
  SUYUAN_TRY(declared, parse_json(declaration, kLimits));
  const auto error = member_of(declared, kDeclarationName);
  const bool fits =
      error && !member_of(original, kDeclarationName) &&
      (names_nothing_by_prefix(*error) ||
       text_of(member_of(original, kContextName)) == text_of(member_of(declared, kContextName)));
  if (!fits) {
    return fail(Code::INVALID_FIELD, "no declaration, or one under another context",
                "/" + std::string(kDeclarationName));
  }
  JsonWriter out;
  out.begin_object();
  for (const JsonValue member : original.root()) {
    out.key(member.name());
    out.value(member);
  }
  out.key(kDeclarationName);
  out.value(*error);
  out.end_object();
  return std::move(out).str();
}

}  // namespace suyuan
