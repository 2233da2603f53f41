// Documents of EPCIS 2.0: each event in them as a payload of its own (docs/epcis.md, Documents).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

struct SplitEvent {
  std::string pointer;  // in the document: "/epcisBody/eventList/3"; "" of a bare event
  Bytes payload;        // the event with the document's @context; numbers and texts as they were
};
struct SplitDocument {
  std::string type;  // EPCISDocument, EPCISQueryDocument, or the type of a bare event
  std::vector<SplitEvent> events;
  // Entries of master data, which are no part of any event and are passed over.
  size_t master_data = 0;
};

struct SplitRules {
  // Stands in each event that does not say it itself; none: nothing is added.
  std::optional<EventAudience> audience = {};
  // Events without eventID get one: their event hash (CBV 8.9).
  bool name_events = false;
  // Of all payloads together: each has the document's @context again.
  size_t bytes_max = size_t{256} << 20;
};

// Whether the text is an EPCIS document or event, by its beginning: a JSON object with "@context".
bool is_epcis_text(std::string_view text);

// The same bytes for the same document and rules, always. It judges the document; whether an event
// can be recorded is for check_epcis. Errors, with a JSON pointer: MALFORMED_EVENT, BAD_TEXT,
// TOO_LARGE, TOO_MANY, MISSING_FIELD, INVALID_FIELD.
Result<SplitDocument> split_epcis(std::string_view text, const SplitRules& rules = {});

}  // namespace suyuan
