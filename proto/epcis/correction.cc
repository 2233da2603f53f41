#include "proto/epcis/correction.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "ledger/base/limits.h"
#include "proto/epcis/forms.h"
#include "proto/jsontext/document.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

constexpr std::string_view kContextName = "@context";
constexpr std::string_view kDeclarationName = "errorDeclaration";

size_t end_of(const Tree& tree, size_t node) {
  size_t end = node + 1;
  while (end < tree.size() && tree[end].depth > tree[node].depth) ++end;
  return end;
}

// The nodes from begin to end: siblings with everything below them. As deep as JSON is read.
void append_by_name(Tree& to, const Tree& tree, size_t begin, size_t end, bool are_members) {
  std::vector<size_t> siblings;
  for (size_t i = begin; i < end; i = end_of(tree, i)) siblings.push_back(i);
  if (are_members) std::ranges::stable_sort(siblings, {}, [&](size_t i) { return tree[i].name; });
  for (const size_t i : siblings) {
    to.push_back(tree[i]);
    append_by_name(to, tree, i + 1, end_of(tree, i), tree[i].kind == NodeKind::object);
  }
}

void write_one_way(Tree& tree) {
  for (TreeNode& node : tree) {
    if (node.kind != NodeKind::number) continue;
    if (const auto decimal = ld::decimal_of(node.value)) node.value = decimal->to_text();
  }
  Tree sorted;
  sorted.reserve(tree.size());
  append_by_name(sorted, tree, 0, tree.size(), true);
  tree = std::move(sorted);
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
      return false;  // somebody's own name
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

TraceEvent written_one_way(TraceEvent event) {
  write_one_way(event.ilmd);
  write_one_way(event.extensions);
  for (SensorElement& element : event.sensors) {
    write_one_way(element.metadata);
    for (SensorReport& report : element.reports) write_one_way(report.other);
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
