#include "ledger/crypto/note_parts.h"

#include <algorithm>
#include <string>

#include "ledger/base/text.h"

namespace suyuan {

Result<NoteParts> split_note_parts(std::string_view note, size_t bytes_max) {
  const auto refuse = [](const char* why) { return fail(Code::NOTE_SYNTAX, why); };
  if (note.size() > bytes_max) {
    return fail(Code::TOO_LARGE, "the note has " + std::to_string(note.size()) +
                                     " bytes, at most " + std::to_string(bytes_max));
  }
  const bool control = std::any_of(note.begin(), note.end(), [](char c) {
    return static_cast<uint8_t>(c) < 0x20 && c != '\n';
  });
  if (control || !is_clean_utf8(note)) {
    return refuse("a note is UTF-8 without control characters except LF");
  }
  if (note.empty() || note.back() != '\n') {
    return refuse("the note must end in a line feed; is it cut off?");
  }
  const size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) {
    return refuse("found no blank line, expected one between the text and the signature lines");
  }
  const NoteParts parts{.text = note.substr(0, split + 1), .lines = note.substr(split + 2)};
  if (parts.lines.empty()) return refuse("no signature line follows the blank line; sign the text");
  return parts;
}

}  // namespace suyuan
