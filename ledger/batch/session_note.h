// A party's answer to a node's challenge: who asks, signed (formats.md 10). Nothing of it stands in
// the log. Its first line keeps it apart from every text that does, and ledger, node, nonce and
// time keep it from meaning anything elsewhere or later.
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

// REQUIRES: is_note_name(node), is_party_id(party).
std::string write_session_text(const SessionText& text);
// One signature line, of the party. NOTE_SYNTAX, SIGNATURE_LINES, PARTY_ID_SYNTAX.
Result<SessionNote> parse_session_note(std::string_view note);
// Whether the key that the text names is the party's, in force at `leaf`, and signed it.
// KEY_UNKNOWN, KEY_NOT_IN_FORCE, SIGNATURE_INVALID.
Result<Done> check_session_signature(const SessionNote& note, const PartyState& party,
                                     uint64_t leaf);

}  // namespace suyuan
