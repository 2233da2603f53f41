#include "proto/epcis/document.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/epcis/event_hash.h"
#include "proto/epcis/faults.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/terms.h"
#include "proto/jsontext/document.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace ld {
namespace {

constexpr JsonLimits kDocumentLimits = {.bytes = limits::kEpcisDocumentBytesMax,
                                        .values = limits::kEpcisDocumentValuesMax,
                                        .depth = kJsonDepthMax};
constexpr std::string_view kDocument = "EPCISDocument";
constexpr std::string_view kQueryDocument = "EPCISQueryDocument";
constexpr std::string_view kAudienceTerm = "suyuan:audience";

bool is_version(std::string_view text) {
  const auto parts = split(text, '.');
  return std::ranges::all_of(parts, [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  });
}

class Splitter {
 public:
  Splitter(JsonValue root, const SplitRules& rules) : root_(root), rules_(rules) {}
  Result<SplitDocument> run();

 private:
  Unexpected<Error> refuse(Code code, const At& at, std::string message) const {
    return fail(code, std::move(message), at.pointer());
  }
  // Checks that it is an object with these members. Other members of the envelope, such as
  // comments, are ignored: they are not part of any event.
  Result<Done> check_members(JsonValue object, const At& at,
                             std::initializer_list<std::string_view> needed) const;
  Result<Done> check_head(bool query) const;
  // A sender who writes a ledger term next to the events means it, and it would be ignored.
  Result<Done> check_no_terms(JsonValue object, const At& at) const;
  Result<Done> count_master_data(JsonValue list, const At& at);
  Result<Done> read_header();
  Result<JsonValue> event_list(bool query);
  Result<Done> add_event(JsonValue event, std::string pointer, bool bare);
  std::optional<EventAudience> audience_of(JsonValue event) const;
  void write_context(JsonWriter& out, JsonValue event, bool bare) const;
  std::string write_event(JsonValue event, bool bare, std::string_view id) const;

  JsonValue root_;
  const SplitRules& rules_;
  size_t bytes_ = 0;
  SplitDocument document_;
};

Result<Done> Splitter::check_members(JsonValue object, const At& at,
                                     std::initializer_list<std::string_view> needed) const {
  if (object.kind() != NodeKind::object) {
    return refuse(Code::INVALID_FIELD, at, "expected an object");
  }
  for (const auto name : needed) {
    const At here = at.member(name);
    if (!object.find(name)) {
      return refuse(Code::MISSING_FIELD, here, "the document has no " + std::string(name));
    }
  }
  return Done{};
}

Result<Done> Splitter::check_no_terms(JsonValue object, const At& at) const {
  if (object.kind() != NodeKind::object) return Done{};
  for (const JsonValue member : object) {
    if (!begins_with(member.name(), kOwnPrefix)) continue;
    const At here = at.member(member.name());
    return refuse(Code::INVALID_FIELD, here, "a term of the ledger belongs in each event");
  }
  return Done{};
}

Result<Done> Splitter::check_head(bool query) const {
  if (query) {
    SUYUAN_TRY_DONE(check_members(root_, kEvent, {"@context", "type", "epcisBody"}));
  } else {
    SUYUAN_TRY_DONE(check_members(
        root_, kEvent, {"@context", "type", "schemaVersion", "creationDate", "epcisBody"}));
  }
  if (const auto version = root_.find("schemaVersion")) {
    const At at = kEvent.member("schemaVersion");
    if (version->kind() != NodeKind::text || !is_version(version->value())) {
      return refuse(Code::INVALID_FIELD, at,
                    quoted(version->value()) + " is not a version, such as \"2.0\"");
    }
  }
  if (const auto date = root_.find("creationDate")) {
    const At at = kEvent.member("creationDate");
    if (date->kind() != NodeKind::text || !from_rfc3339(date->value())) {
      return refuse(Code::INVALID_FIELD, at,
                    quoted(date->value()) + " is not a time with its offset, such as "
                                            "\"2026-06-02T05:30:00Z\"");
    }
  }
  for (const auto name : {"instanceIdentifier", "sender", "receiver"}) {
    const auto text = root_.find(name);
    const At at = kEvent.member(name);
    if (text && text->kind() != NodeKind::text) {
      return refuse(Code::INVALID_FIELD, at, "expected a text");
    }
  }
  return Done{};
}

Result<Done> Splitter::count_master_data(JsonValue list, const At& at) {
  if (list.kind() != NodeKind::array) return refuse(Code::INVALID_FIELD, at, "expected an array");
  size_t index = 0;
  for (const JsonValue vocabulary : list) {
    const At here = at.entry(index++);
    if (!vocabulary.find("type")) {
      return refuse(Code::MISSING_FIELD, here, "a vocabulary of master data has a type");
    }
    const auto elements = vocabulary.find("vocabularyElementList");
    if (elements && elements->kind() == NodeKind::array) document_.master_data += elements->size();
  }
  return Done{};
}

Result<Done> Splitter::read_header() {
  const auto header = root_.find("epcisHeader");
  if (!header) return Done{};
  const At at_header = kEvent.member("epcisHeader");
  SUYUAN_TRY_DONE(check_members(*header, at_header, {}));
  const auto master = header->find("epcisMasterData");
  if (!master) return Done{};
  const At at_master = at_header.member("epcisMasterData");
  if (master->kind() != NodeKind::object) {
    return refuse(Code::INVALID_FIELD, at_master, "expected an object");
  }
  const auto list = master->find("vocabularyList");
  if (!list) return Done{};
  const At at_list = at_master.member("vocabularyList");
  return count_master_data(*list, at_list);
}

Result<JsonValue> Splitter::event_list(bool query) {
  const At at_body = kEvent.member("epcisBody");
  const JsonValue body = *root_.find("epcisBody");
  if (!query) {
    if (body.kind() != NodeKind::object) {
      return refuse(Code::INVALID_FIELD, at_body, "expected an object");
    }
    const At at_list = at_body.member("eventList");
    const auto list = body.find("eventList");
    if (!list) return refuse(Code::MISSING_FIELD, at_list, "the document has no eventList");
    if (list->kind() == NodeKind::array) return *list;
    return refuse(Code::INVALID_FIELD, at_list, "expected an array of events");
  }
  SUYUAN_TRY_DONE(check_members(body, at_body, {"queryResults"}));
  const At at_query = at_body.member("queryResults");
  const JsonValue results = *body.find("queryResults");
  // The schema asks for queryName as well; servers leave it out of answers to plain questions.
  SUYUAN_TRY_DONE(check_members(results, at_query, {"resultsBody"}));
  const At at_results = at_query.member("resultsBody");
  const JsonValue inner = *results.find("resultsBody");
  SUYUAN_TRY_DONE(check_members(inner, at_results, {"eventList"}));
  if (const auto master = inner.find("vocabularyList")) {
    const At at_master = at_results.member("vocabularyList");
    SUYUAN_TRY_DONE(count_master_data(*master, at_master));
  }
  const At at_list = at_results.member("eventList");
  const JsonValue list = *inner.find("eventList");
  if (list.kind() == NodeKind::array) return list;
  return refuse(Code::INVALID_FIELD, at_list, "expected an array of events");
}

// What is added; nullopt: nothing. An event of a node's answer that states no audience was for
// partners there, and who posts a copy publishes nothing by a rule for events of their own.
std::optional<EventAudience> Splitter::audience_of(JsonValue event) const {
  if (!rules_.audience || event.find(kAudienceTerm)) return std::nullopt;
  for (const JsonValue member : event) {
    if (is_answer_term(member.name())) return EventAudience::partner;
  }
  return rules_.audience;
}

// The document's, then the event's own.
void Splitter::write_context(JsonWriter& out, JsonValue event, bool bare) const {
  const auto of_document = bare ? std::optional<JsonValue>{} : root_.find("@context");
  const auto of_event = event.find("@context");
  if (!of_document && !of_event) return;
  out.key("@context");
  if (!of_document || !of_event) return out.value(of_document ? *of_document : *of_event);
  out.begin_array();
  for (const auto& context : {*of_document, *of_event}) {
    if (context.kind() != NodeKind::array) {
      out.value(context);
      continue;
    }
    for (const JsonValue entry : context) out.value(entry);
  }
  out.end_array();
}

std::string Splitter::write_event(JsonValue event, bool bare, std::string_view id) const {
  JsonWriter out;
  out.begin_object();
  write_context(out, event, bare);
  if (const auto audience = audience_of(event)) out.field(kAudienceTerm, word(*audience));
  out.field("eventID", id);
  for (const JsonValue member : event) {
    // Who copies an event from a node's answer to a ledger states the event, not the answer.
    if (member.name() == "@context" || is_answer_term(member.name())) continue;
    out.key(member.name());
    out.value(member);
  }
  out.end_object();
  return std::move(out).str();
}

Result<Done> Splitter::add_event(JsonValue event, std::string pointer, bool bare) {
  if (document_.events.size() == limits::kEpcisDocumentEventsMax) {
    return fail(Code::TOO_MANY, "more than " + std::to_string(limits::kEpcisDocumentEventsMax) +
                                    " events in one document", pointer);
  }
  if (event.kind() != NodeKind::object) {
    return fail(Code::INVALID_FIELD, "expected an event: an object", pointer);
  }
  std::string payload = write_event(event, bare, {});
  if (rules_.name_events && !event.find("eventID")) {
    SUYUAN_TRY(id, event_hash(payload));
    payload = write_event(event, bare, id);
  }
  bytes_ += payload.size();
  if (bytes_ > rules_.bytes_max) {
    return fail(Code::TOO_LARGE, "the events have more than " + std::to_string(rules_.bytes_max) +
                                     " bytes, with the document's @context in each: send "
                                     "them in several documents", pointer);
  }
  document_.events.push_back({.pointer = std::move(pointer), .payload = std::move(payload)});
  return Done{};
}

Result<SplitDocument> Splitter::run() {
  const At at_type = kEvent.member("type");
  const auto type = root_.find("type");
  if (!type || type->kind() != NodeKind::text) {
    return refuse(Code::MISSING_FIELD, at_type,
                  "expected an EPCISDocument, an EPCISQueryDocument or one event");
  }
  document_.type = type->value();
  const bool query = document_.type == kQueryDocument;
  if (!query && document_.type != kDocument) {
    SUYUAN_TRY_DONE(add_event(root_, "", true));
    return std::move(document_);
  }
  SUYUAN_TRY_DONE(check_head(query));
  SUYUAN_TRY_DONE(check_no_terms(root_, kEvent));
  const At at_body = kEvent.member("epcisBody");
  SUYUAN_TRY_DONE(check_no_terms(*root_.find("epcisBody"), at_body));
  SUYUAN_TRY_DONE(read_header());
  SUYUAN_TRY(list, event_list(query));
  const std::string above =
      query ? "/epcisBody/queryResults/resultsBody/eventList/" : "/epcisBody/eventList/";
  size_t index = 0;
  for (const JsonValue event : list) {
    SUYUAN_TRY_DONE(add_event(event, above + std::to_string(index++), false));
  }
  return std::move(document_);
}

}  // namespace
}  // namespace ld

bool is_epcis_text(std::string_view text) {
  const size_t start = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return start != std::string_view::npos && text[start] == '{' &&
         text.find("\"@context\"") != std::string_view::npos;
}

Result<SplitDocument> split_epcis(std::string_view text, const SplitRules& rules) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto parsed = parse_json(text, ld::kDocumentLimits);
  if (!parsed) {
    Error error = std::move(parsed).error();
    if (error.code == Code::BAD_REQUEST || error.code == Code::INVALID_FIELD) {
      error.code = Code::MALFORMED_EVENT;
    }
    error.field.clear();
    return Unexpected(std::move(error));
  }
  const JsonValue root = parsed->root();
  if (root.kind() != NodeKind::object) {
    return fail(Code::MALFORMED_EVENT, "an EPCIS document is a JSON object");
  }
  return ld::Splitter(root, rules).run();
}

size_t split_bytes_max(std::string_view text) { return parse_bytes_max(text, ld::kDocumentLimits); }

}  // namespace suyuan
