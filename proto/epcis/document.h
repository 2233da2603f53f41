// Documents of EPCIS 2.0: each event in them becomes its own payload (docs/epcis.md, Documents).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

struct SplitEvent {
  std::string pointer;  // in the document: "/epcisBody/eventList/3"; "" of a bare event
  // The event with the document's @context, without what a node adds to its answers (terms.h);
  // numbers and texts unchanged.
  Bytes payload;
};
struct SplitDocument {
  std::string type;  // EPCISDocument, EPCISQueryDocument, or the type of a bare event
  std::vector<SplitEvent> events;
  // Entries of master data. They belong to no event and are ignored.
  size_t master_data = 0;
};

struct SplitRules {
  // Added to each event that does not state it; nullopt: nothing is added. An event of a node's
  // answer (terms.h) gets partner instead: what it does not say there is not public.
  std::optional<EventAudience> audience = {};
  // Events without an eventID get their event hash as one (CBV 8.9).
  bool name_events = false;
  // Of all payloads together: each repeats the document's @context.
  size_t bytes_max = size_t{256} << 20;
};

// Returns whether the text starts like an EPCIS document or event: a JSON object with "@context".
bool is_epcis_text(std::string_view text);

// Splits a document. Deterministic: the same document and rules give the same bytes. Judges the
// document only; check_epcis says whether an event can be recorded.
// Errors, with a JSON pointer: MALFORMED_EVENT, BAD_TEXT, TOO_LARGE, TOO_MANY, MISSING_FIELD,
// INVALID_FIELD.
Result<SplitDocument> split_epcis(std::string_view text, const SplitRules& rules = {});
// The bytes that split_epcis holds at most at its peak for this text, without the payloads.
size_t split_bytes_max(std::string_view text);

}  // namespace suyuan
