// Reads files of events, in any supported format, as rows to post.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/post.h"

namespace suyuan {

struct EventRows {
  PayloadType type = PayloadType::event_capnp;
  std::vector<PostRow> good;
  std::vector<RowFault> bad;
  size_t master_data = 0;  // entries of an EPCIS document that are not events; they are not posted
  size_t unsaid = 0;  // EPCIS events to which nobody gave an audience: only partners read them
};

// The format follows from `name` (".csv": comma-separated values) or from the content: an EPCIS
// document or event, known by its @context, or a JSON array, one object or NDJSON. Every event is
// checked and sealed on its own; an error costs only that event. `audience` applies to EPCIS events
// that do not state one. Other events cannot state one, and are refused if it is given.
EventRows read_event_rows(std::string_view name, std::string_view text, std::string_view party,
                          const SaltSource& salts, std::optional<EventAudience> audience = {});

}  // namespace suyuan
