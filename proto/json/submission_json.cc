#include "proto/json/submission_json.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/json/reader.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

SectionBody read_section_body(JsonValue value, const std::string& path, FirstFault& faults) {
  SectionBody section;
  ObjectReader object(value, path, faults);
  object.need("salt", "32 random bytes, in base64");
  object.fixed_base64("salt", section.salt);
  object.need("bytes", "the section's bytes, in base64");
  object.base64("bytes", section.bytes);
  object.finish();
  return section;
}

EventBody read_body(JsonValue value, const std::string& path, FirstFault& faults) {
  EventBody body;
  ObjectReader object(value, path, faults);
  object.need("salt", "32 random bytes, in base64");
  object.fixed_base64("salt", body.salt);
  object.need("payload", "the payload's bytes, in base64");
  object.base64("payload", body.payload);
  object.list("sections", body.sections, limits::kSectionsPerEventMax, read_section_body);
  object.finish();
  return body;
}

// Unlike all other texts, a note may be longer than kTextBytesMax.
void read_note(ObjectReader& object, std::string& note) {
  const auto value = object.find("note");
  if (!value) return;
  if (value->kind() != NodeKind::text || value->value().empty()) {
    object.faults().add(Code::MALFORMED_SUBMISSION, "note", "expected the signed note as a text");
  } else if (value->value().size() > limits::kNoteBytesMax) {
    object.faults().add(Code::TOO_LARGE, "note",
                        std::to_string(value->value().size()) + " bytes; at most " +
                            std::to_string(limits::kNoteBytesMax));
  } else {
    note = value->value();
  }
}

void write_body(JsonWriter& out, const EventBody& body) {
  out.begin_object();
  out.field("salt", to_base64(body.salt.view()));
  out.field("payload", to_base64(body.payload));
  if (!body.sections.empty()) {
    out.key("sections");
    out.begin_array();
    for (const auto& section : body.sections) {
      out.begin_object();
      out.field("salt", to_base64(section.salt.view()));
      out.field("bytes", to_base64(section.bytes));
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

}  // namespace

Result<Submission> parse_submission_json(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text));
  if (document.root().kind() != NodeKind::object) {
    return fail(Code::MALFORMED_SUBMISSION, "expected an object with note and events");
  }
  FirstFault faults;
  Submission submission;
  ObjectReader object(document.root(), "", faults);
  for (const std::string_view name : {"note", "events"}) {
    if (!object.find(name)) {
      return fail(Code::MALFORMED_SUBMISSION, "a submission has a note and events",
                  std::string(name));
    }
  }
  read_note(object, submission.note);
  object.list("events", submission.events, limits::kBatchEventsMax, read_body);
  object.finish();
  if (faults.any()) return faults.take();
  if (submission.bytes() > limits::kBatchBytesMax) {
    return fail(Code::TOO_LARGE,
                std::to_string(submission.bytes()) + " bytes; a batch is at most " +
                    std::to_string(limits::kBatchBytesMax) + ": post several");
  }
  return submission;
}

std::string write_submission_json(const Submission& submission) {
  JsonWriter out;
  out.begin_object();
  out.field("note", submission.note);
  out.key("events");
  out.begin_array();
  for (const auto& body : submission.events) write_body(out, body);
  out.end_array();
  out.end_object();
  return std::move(out).str();
}

}  // namespace suyuan
