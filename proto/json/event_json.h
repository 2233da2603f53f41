// Events as JSON, as suppliers write them and answers show them (docs/events.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

// A section as its author writes it. The client adds a salt, puts its digest into the event's
// sections in this order, and sends the bytes next to the payload.
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

// Parses an event. Codes may have any form that parse_code() accepts; the result has them
// canonical. Checks the form only; the caller calls faults_of().
// Errors, with the field's path: those of parse_json(), INVALID_FIELD, MISSING_FIELD, TOO_MANY,
// TOO_LARGE, CODE_*.
Result<JsonEvent> parse_event_json(std::string_view text);

// Writes an event. parse_event_json() reads it back, except sections, which are shown by digest.
std::string write_event_json(const TraceEvent& event);
void write_event(JsonWriter& out, const TraceEvent& event);

struct EventRow {
  size_t row = 0;   // of the event in its file, from 1
  size_t line = 0;  // where it begins, from 1
  Result<JsonEvent> event;
};

// Some editors begin a file of UTF-8 with it; a file of events may have it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline constexpr size_t kEventFileBytesMax = 256 << 20;

// Parses a file of events: a JSON array, one object, or one object per line (NDJSON). An invalid
// event does not affect the others. A file of another form gives one row with the error.
std::vector<EventRow> parse_events(std::string_view file_text);

}  // namespace suyuan
