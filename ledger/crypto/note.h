// Signed notes (c2sp.org/signed-note) in the strict form of formats.md: Ed25519 only, nothing is
// skipped.
//
//   note      = text "\n" 1*16 line         text ends in "\n"; it is signed, the blank line is not
//   line      = "— " name " " base64(key id[4] ‖ signature[64]) "\n"      "— " is U+2014, U+0020
//   key id    = SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key)[0..4), big-endian
//   vkey      = name "+" hex8(key id) "+" base64(0x01 ‖ public key)
//   name      = 1 to 255 graphic ASCII without "+"
//
// C2SP lets a reader skip lines of unknown algorithms. A ledger that hashes whole notes must not,
// because two readers would disagree on a note's content. So a line of any other algorithm or
// length refuses the note.
#pragma once

#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/ed25519.h"

namespace suyuan {

inline constexpr size_t kNoteSignaturesMax = 16;

struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  Signature signature;
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct SignedNote {
  std::string text;  // with its final line feed
  // Lines may repeat: count distinct keys, not lines.
  std::vector<NoteSignature> signatures;
  friend bool operator==(const SignedNote&, const SignedNote&) = default;
};

// Splits a note at its last blank line. Checks that the text is UTF-8 without control characters;
// TextLines checks its content. write_note of the result gives the same bytes.
// Errors: TOO_LARGE, TOO_MANY, NOTE_SYNTAX.
Result<SignedNote> parse_note(std::string_view note, size_t bytes_max = limits::kNoteBytesMax);
// Requires: a note that parse_note could return, except for its bounds.
std::string write_note(const SignedNote& note);

uint32_t key_id(std::string_view name, const PublicKey& key);
// As it is shown: 8 hex digits.
std::string key_id_text(uint32_t id);
bool is_note_name(std::string_view name);

// Requires: text ends in a line feed, is_note_name(name), the keys are one pair.
NoteSignature sign_note(std::string_view text, std::string_view name, const SecretKey& secret,
                        const PublicKey& key);
// Verifies that the line's key id is of its name and this key, and that it is the key's signature
// over the text. Whose name it is, the caller compares.
bool verify_note_signature(std::string_view text, const NoteSignature& line, const PublicKey& key);

// A verifier's key as text.
struct VerifierKey {
  std::string name;
  PublicKey key;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};
// Requires: is_note_name(key.name).
std::string write_vkey(const VerifierKey& key);
// Errors: INVALID_FIELD, also for any algorithm but Ed25519 and a key not a point of prime order.
Result<VerifierKey> parse_vkey(std::string_view text);

}  // namespace suyuan
