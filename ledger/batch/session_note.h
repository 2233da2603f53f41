// A party's signed answer to a node's challenge; it authenticates the caller (formats.md 10). It is
// never stored in the log. Its first line differs from every text in the log; ledger, node, nonce
// and time make it worthless elsewhere or later.
//
//   suyuan/session/v1
//   ledger <origin> <base64 of genesis hash>
//   node <name of the node that gave the nonce>
//   party <party id>
//   key <base64 of the public key that signs>
//   nonce <base64 of 32 bytes, as the node gave it>
//   until <ms since 1970, as the node gave it>
#pragma once

#include "ledger/crypto/note.h"
#include "ledger/registry/state.h"

namespace suyuan {

using SessionNonce = Fixed<32, struct SessionNonceTag>;

struct SessionText {
  LedgerId ledger;
  std::string node;
  std::string party;
  PublicKey key;
  SessionNonce nonce;
  int64_t until_ms = 0;
  friend bool operator==(const SessionText&, const SessionText&) = default;
};

struct SessionNote {
  SessionText text;
  SignedNote note;
};

// Returns the text to sign. Requires: is_note_name(node), is_party_id(party).
std::string write_session_text(const SessionText& text);
// Parses a note with exactly one signature line, the party's.
// Errors: NOTE_SYNTAX, SIGNATURE_LINES, PARTY_ID_SYNTAX.
Result<SessionNote> parse_session_note(std::string_view note);
// Verifies that the key named in the text is the party's, is in force at `leaf`, and signed it.
// Errors: KEY_UNKNOWN, KEY_NOT_IN_FORCE, SIGNATURE_INVALID.
Result<Done> check_session_signature(const SessionNote& note, const PartyState& party,
                                     uint64_t leaf);

}  // namespace suyuan
