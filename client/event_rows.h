// Files of events, whatever their form, as rows to post.
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
  size_t master_data = 0;  // entries of an EPCIS document that are no events, and are not posted
};

// `name` ends in ".csv": comma-separated values; else an EPCIS document or event, known by its
// @context, or a JSON array, one object or NDJSON. Every event is checked by itself and sealed;
// what is wrong with one costs only that one. `audience`: of EPCIS events that do not say it
// themselves; other events cannot say it, and are refused with it.
EventRows read_event_rows(std::string_view name, std::string_view text, std::string_view party,
                          const SaltSource& salts, std::optional<EventAudience> audience = {});

}  // namespace suyuan
