// Lists what is below a code: variants, lots and units of a class, units of a lot. For browsing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/store/schema.h"
#include "proto/answers.h"

namespace suyuan {

struct Below {
  std::vector<std::string> codes;  // canonical, ascending
  std::string next;                // empty: this was the last page
  bool any = false;                // the reader is shown something below it, here or on other pages
};

// One page, pinned to the log size of the first. A code is not listed if the events that put it
// there are all withheld from the reader or erased: below a class, those that name the code; below
// a lot, those that say it was made under the lot. So a page may be short and still have a next
// one. `next` tells no code. `kind` is "lot", "serial" or "variant", or empty: all.
// REQUIRES: question.code is canonical; no question.as_of.at_ms.
// Errors: NOT_FOUND (nothing that is not withheld from the reader names the code or the first 1,000
// codes below it, and it is not registered), PAGE_TOKEN_INVALID, BAD_REQUEST (kind), CORRUPT, IO.
Result<Below> answer_below(const Reader& reader, const CodeQuestion& question,
                           std::string_view kind);

// Whether the ledger can say anything about it: an event names it, something is listed below it, or
// the registry has its product, its site or the party with this GLN.
Result<bool> is_known(const Reader& reader, const std::string& code);

}  // namespace suyuan
