// The common form of our strict notes (note.h) and others' (ledger/proof/open_note.h): a text, a
// blank line, signature lines.
#pragma once

#include <string_view>

#include "ledger/base/error.h"

namespace suyuan {

struct NoteParts {
  std::string_view text;   // with its final line feed
  std::string_view lines;  // one or more, each with its line feed
};

// Splits at the last blank line. Errors: TOO_LARGE, NOTE_SYNTAX (not UTF-8, control characters
// except LF, truncated, no blank line, no signature line).
Result<NoteParts> split_note_parts(std::string_view note, size_t bytes_max);

}  // namespace suyuan
