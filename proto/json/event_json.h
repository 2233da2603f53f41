// Events as JSON: the form that suppliers write and that answers show (docs/events.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

// A section as its author writes it. The client salts it, puts its digest into the event's
// sections, in this order, and sends the bytes beside the payload.
struct UnsealedSection {
  Audience audience = Audience::partner;
  std::string label;
  Bytes content;  // compact JSON
  friend bool operator==(const UnsealedSection&, const UnsealedSection&) = default;
};

struct JsonEvent {
  TraceEvent event;
  std::vector<UnsealedSection> sealed;
};

// Codes may come in any form that parse_code() takes; the event has them canonical. Checks the form
// alone: faults_of() is the caller's to ask. Errors: those of parse_json(), INVALID_FIELD,
// MISSING_FIELD, TOO_MANY, TOO_LARGE, CODE_*, each with the field's path.
Result<JsonEvent> parse_event_json(std::string_view text);

// parse_event_json() reads it back to the same event, sections aside: they are shown by digest.
std::string write_event_json(const TraceEvent& event);
void write_event(JsonWriter& out, const TraceEvent& event);

struct EventRow {
  size_t row = 0;   // of the event in its file, from 1
  size_t line = 0;  // where it begins, from 1
  Result<JsonEvent> event;
};

inline constexpr size_t kEventFileBytesMax = 256 << 20;

// A file of events: a JSON array, one object, or one object on each line (NDJSON). A bad event does
// not cost the others theirs. A file that is none of these gives one row with the error.
std::vector<EventRow> parse_events(std::string_view file_text);

}  // namespace suyuan
