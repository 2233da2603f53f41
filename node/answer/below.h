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
};

// One page, pinned to the log size of the first. A code whose events are all withheld or erased is
// not listed, so a page may be short and still have a next one. `kind` is "lot", "serial" or
// "variant", or empty: all. REQUIRES: question.code is canonical.
// Errors: NOT_FOUND (the ledger knows neither the code nor anything below it), PAGE_TOKEN_INVALID,
// TOO_MANY, CORRUPT, IO.
Result<Below> answer_below(const Reader& reader, const CodeQuestion& question,
                           std::string_view kind);

// Whether the ledger can say anything about it: an event names it, something is listed below it, or
// the registry has its product, its site or the party with this GLN.
Result<bool> is_known(const Reader& reader, const std::string& code);

}  // namespace suyuan
