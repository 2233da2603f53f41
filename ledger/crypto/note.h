// Signed notes (c2sp.org/signed-note), in the strict form of formats.md: Ed25519 only, nothing to
// ignore.
//
//   note      = text "\n" 1*16 line         text ends in "\n"; it is signed, the blank line is not
//   line      = "— " name " " base64(key id[4] ‖ signature[64]) "\n"      "— " is U+2014, U+0020
//   key id    = SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key)[0..4), big-endian
//   vkey      = name "+" hex8(key id) "+" base64(0x01 ‖ public key)
//   name      = 1 to 255 graphic ASCII without "+"
//
// C2SP lets a reader skip lines of unknown algorithms. A ledger that hashes whole notes must not:
// two readers would differ in what a note says. So a line of any other algorithm or length refuses
// the note.
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
  // Nothing says that they differ: who counts signers counts keys, not lines.
  std::vector<NoteSignature> signatures;
  friend bool operator==(const SignedNote&, const SignedNote&) = default;
};

// Splits at the last blank line. The text is clean UTF-8 without control characters; whether it is
// one of our texts is for TextLines to say. write_note of the result gives the same bytes. Errors:
// TOO_LARGE, TOO_MANY, NOTE_SYNTAX.
Result<SignedNote> parse_note(std::string_view note, size_t bytes_max = limits::kNoteBytesMax);
// REQUIRES: what parse_note could have given, but for the bounds.
std::string write_note(const SignedNote& note);

uint32_t key_id(std::string_view name, const PublicKey& key);
bool is_note_name(std::string_view name);

// REQUIRES: text ends in a line feed, is_note_name(name), the keys are one pair.
NoteSignature sign_note(std::string_view text, std::string_view name, const SecretKey& secret,
                        const PublicKey& key);
// The line names this key (by name and key id), and its signature is the key's over the text.
bool verify_note_signature(std::string_view text, const NoteSignature& line, const PublicKey& key);

// How a verifier's key is written down and handed on.
struct VerifierKey {
  std::string name;
  PublicKey key;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};
// REQUIRES: is_note_name(key.name).
std::string write_vkey(const VerifierKey& key);
// INVALID_FIELD; refuses every algorithm but Ed25519, and a key that is not a point of prime order.
Result<VerifierKey> parse_vkey(std::string_view text);

}  // namespace suyuan
