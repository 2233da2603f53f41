#include "ledger/batch/session_note.h"

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/crypto/text_lines.h"

namespace suyuan {
namespace {

constexpr std::string_view kSessionHeader = "suyuan/session/v1";

}  // namespace

std::string write_session_text(const SessionText& text) {
  SUYUAN_CHECK(is_note_name(text.node) && is_party_id(text.party) && text.until_ms >= 0);
  return std::string(kSessionHeader) + "\nledger " + text.ledger.line() + "\nnode " + text.node +
         "\nparty " + text.party + "\nkey " + to_base64(text.key.view()) + "\nnonce " +
         to_base64(text.nonce.view()) + "\nuntil " + std::to_string(text.until_ms) + "\n";
}

Result<SessionNote> parse_session_note(std::string_view note) {
  SessionNote session;
  SUYUAN_TRY(parsed, parse_note(note));
  SUYUAN_TRY(lines, TextLines::open(parsed.text, kSessionHeader));
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  session.text.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(node, lines.take("node"));
  if (!is_note_name(node)) return lines.refuse("a node's name is graphic ASCII without '+'");
  session.text.node = std::string(node);
  SUYUAN_TRY(party, lines.take("party"));
  SUYUAN_TRY_DONE(check_party_id(party));
  session.text.party = std::string(party);
  SUYUAN_TRY(key, lines.take_base64<PublicKey>("key"));
  SUYUAN_TRY(nonce, lines.take_base64<SessionNonce>("nonce"));
  SUYUAN_TRY(until, lines.take_time("until"));
  SUYUAN_TRY_DONE(lines.finish());
  session.text.key = key;
  session.text.nonce = nonce;
  session.text.until_ms = until;
  session.note = std::move(parsed);
  const auto& signatures = session.note.signatures;
  if (signatures.size() != 1 || signatures[0].name != session.text.party)
    return fail(Code::SIGNATURE_LINES, "one signature line, by the party", "note");
  return session;
}

Result<Done> check_session_signature(const SessionNote& note, const PartyState& party,
                                     uint64_t leaf) {
  const NoteSignature& line = note.note.signatures.front();
  SUYUAN_TRY(key, key_in_force(party, line.key_id, leaf));
  if (key.key == note.text.key && verify_note_signature(note.note.text, line, key.key))
    return Done{};
  return fail(Code::SIGNATURE_INVALID, "the signature does not verify under the named key",
              "note");
}

}  // namespace suyuan
