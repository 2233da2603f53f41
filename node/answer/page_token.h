// Page tokens: where the next page starts, bound to the question, to the viewer and to the log size
// of the first page. The text form is safe in a URL:
//   <log size>.<first 8 hex of the question's hash>.<base64url of the cursor, unpadded>
// Tokens are not signed, so that every node reads those of the others. Whoever forges one learns
// nothing that the same viewer could not ask for directly. A viewer reads its tokens, so a cursor
// names nothing that the viewer may not see.
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
