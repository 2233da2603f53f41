// Files of events, whatever their form, as rows to post.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/post.h"

namespace suyuan {

struct EventRows {
  std::vector<PostRow> good;
  std::vector<RowFault> bad;
};

// `name` ends in ".csv": comma-separated values; else a JSON array, one object or NDJSON. Every
// event is checked by itself and sealed; what is wrong with one costs only that one.
EventRows read_event_rows(std::string_view name, std::string_view text, std::string_view party,
                          const SaltSource& salts);

}  // namespace suyuan
