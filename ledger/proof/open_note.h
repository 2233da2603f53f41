// Signed notes as c2sp.org/signed-note reads them: lines of known keys count, lines of other keys
// and algorithms are skipped. For checkpoints, which unknown logs, witnesses and mirrors also sign.
// Notes that the ledger hashes are read by ledger/crypto/note.h, which skips nothing.
//
//   note      = text "\n" 1*100 line     split at the last blank line; UTF-8; no control but LF
//   line      = "— " name " " base64(key id[4] ‖ signature[1..]) "\n"    "— " is U+2014, U+0020
//   key id    = SHA-256(name ‖ "\n" ‖ type ‖ public key)[0..4), big-endian
//   vkey      = name "+" hex8(key id) "+" base64(type ‖ public key)
//   name      = UTF-8, not empty, without white space (Unicode's White_Space) and "+"
//
// Known types: 0x01, Ed25519 over the text, for logs; 0x04, cosignature/v1, for witnesses
// (cosignature.h).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"

namespace suyuan {

enum class NoteKeyType : uint8_t { ed25519 = 0x01, cosignature = 0x04 };

// A key known to the reader. Its name and id say which lines are its own.
struct NoteKey {
  std::string name;
  NoteKeyType type = NoteKeyType::ed25519;
  PublicKey key;
  uint32_t id() const;
  friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

bool is_c2sp_name(std::string_view text);
// Requires: is_c2sp_name(key.name).
std::string write_note_key(const NoteKey& key);
// Parses a verifier key. Accepts a weak key, because nothing verifies under it.
// Errors: INVALID_FIELD (another form or type, or an id that is not of this name and key).
Result<NoteKey> parse_note_key(std::string_view vkey);

// A signature line of any algorithm.
struct NoteLine {
  std::string name;
  uint32_t key_id = 0;
  Bytes signature;
  friend bool operator==(const NoteLine&, const NoteLine&) = default;
};
std::string write_note_line(const NoteLine& line);  // with "— " and its line feed

struct LineNote {
  std::string text;  // with its final line feed
  std::vector<NoteLine> lines;
  friend bool operator==(const LineNote&, const LineNote&) = default;
};
// Splits a note. Verifies nothing. Errors: TOO_LARGE, TOO_MANY, NOTE_SYNTAX.
Result<LineNote> split_note(std::string_view note);
// The inverse of split_note. Requires: a note that split_note could return.
std::string write_line_note(const LineNote& note);

// One verified line.
struct VerifiedLine {
  size_t key = 0;       // index in the known keys
  uint64_t time_s = 0;  // for a cosignature: the time it states; else 0
  friend bool operator==(const VerifiedLine&, const VerifiedLine&) = default;
};
struct OpenedNote {
  std::string text;
  std::vector<VerifiedLine> verified;  // in the note's order, at most one for each key
};
// Splits a note and verifies the lines of known keys.
// Errors: NOTE_SYNTAX, TOO_LARGE, TOO_MANY, SIGNATURE_INVALID (a line of a known key does not
// verify; the whole note is refused), KEY_UNKNOWN (no line is of a known key).
Result<OpenedNote> open_note(std::string_view note, std::span<const NoteKey> known);
// As open_note, for a split note, and without KEY_UNKNOWN. Of several lines with the same name and
// id the first counts.
Result<std::vector<VerifiedLine>> verify_lines(const LineNote& note,
                                               std::span<const NoteKey> known);

}  // namespace suyuan
