// Page tokens: where the next page starts, bound to the question, to who asks it and to the log size
// that the first page saw. Text form, safe in a URL as it is:
//   <log size>.<first 8 hex of the question's hash>.<base64url of the cursor, unpadded>
// They are not signed: any node reads those of another, and whoever forges one asks, under his own
// name, what he could have asked without it.
#pragma once

#include <string>

#include "ledger/base/error.h"
#include "proto/answers.h"

namespace suyuan {

// A URL with the longest token and a usual code stays below 4 KiB, which proxies pass on.
inline constexpr size_t kPageTokenBytesMax = 3840;

struct PageStart {
  uint64_t size = 0;   // the log size to answer as of
  std::string cursor;  // empty: the first page
};

// PAGE_TOKEN_INVALID. `asked` names the kind of question; `size` is the log's.
Result<PageStart> open_page(std::string_view asked, const CodeQuestion& question, uint64_t size);
std::string next_page(std::string_view asked, const CodeQuestion& question, uint64_t size,
                      std::string_view cursor);

}  // namespace suyuan
