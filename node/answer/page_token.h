// Page tokens: where the next page starts, bound to the question and to the log size that the first
// page saw. Text form: <log size>.<first 8 hex of the question's hash>.<hex of the cursor>.
#pragma once

#include <string>

#include "ledger/base/error.h"
#include "proto/answers.h"

namespace suyuan {

struct PageStart {
  uint64_t size = 0;   // the log size to answer as of
  std::string cursor;  // empty: the first page
};

// PAGE_TOKEN_INVALID. `asked` names the kind of question; `size` is the log's.
Result<PageStart> open_page(std::string_view asked, const CodeQuestion& question, uint64_t size);
std::string next_page(std::string_view asked, const CodeQuestion& question, uint64_t size,
                      std::string_view cursor);

}  // namespace suyuan
