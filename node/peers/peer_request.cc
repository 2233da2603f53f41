#include "node/peers/peer_request.h"

#include <algorithm>

#include "ledger/base/error.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "node/peers/node_words.h"

namespace suyuan {
namespace {

// A node signs for a minute; its clock may be as much ahead of ours.
constexpr int64_t kUntilMsMax = 120 * 1000;

}  // namespace

std::string sign_peer_note(const PeerRequestKind& kind, const PeerEnvelope& envelope,
                           std::span<const uint64_t> numbers, const NamedKeyPair& node) {
  SUYUAN_CHECK(numbers.size() == kind.numbers.size());
  SignedNote note;
  note.text = std::string(kind.header) + "\nledger " + envelope.ledger.line() + "\nnode " +
              envelope.node + "\nto " + envelope.to + "\n";
  for (size_t i = 0; i < numbers.size(); ++i) {
    note.text += std::string(kind.numbers[i]) + " " + std::to_string(numbers[i]) + "\n";
  }
  note.text += "until " + std::to_string(envelope.until_ms) + "\n";
  note.signatures.push_back(sign_note(note.text, node.name, node.pair.secret, node.pair.key));
  return write_note(note);
}

Result<OpenedPeerNote> open_peer_note(const PeerRequestKind& kind, std::string_view body,
                                      const PeerAsked& asked) {
  SUYUAN_TRY(note, parse_note(body, kPeerRequestBytesMax));
  SUYUAN_TRY(lines, TextLines::open(note.text, kind.header));
  OpenedPeerNote opened;
  PeerEnvelope& envelope = opened.envelope;
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  envelope.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(name, lines.take("node"));
  envelope.node = std::string(name);
  SUYUAN_TRY(to, lines.take("to"));
  envelope.to = std::string(to);
  for (const std::string_view wanted : kind.numbers) {
    SUYUAN_TRY(number, lines.take_decimal(wanted));
    opened.numbers.push_back(number);
  }
  SUYUAN_TRY(until, lines.take_time("until"));
  envelope.until_ms = until;
  SUYUAN_TRY_DONE(lines.finish());
  if (envelope.ledger != asked.ledger) {
    return fail(Code::LEDGER_MISMATCH, "the request is for another ledger", "ledger");
  }
  const auto node = std::ranges::find(asked.nodes, envelope.node, &NamedKey::name);
  if (node == asked.nodes.end()) {
    return fail(Code::KEY_UNKNOWN, "only the ledger's nodes may ask for this", "node");
  }
  if (!is_signed_by(note, *node)) {
    return fail(Code::SIGNATURE_INVALID, "the request is not signed by node " + envelope.node);
  }
  // Otherwise its receiver could ask all other nodes in the signing node's name.
  if (envelope.to != asked.self) {
    return fail(Code::LEDGER_MISMATCH,
                "the request is to node " + envelope.to + ", this is " + asked.self, "to");
  }
  if (envelope.until_ms < asked.now_ms || envelope.until_ms - asked.now_ms > kUntilMsMax) {
    return fail(Code::BATCH_EXPIRED,
                "the request's `until` must lie within the next minutes: do the clocks differ?",
                "until");
  }
  return opened;
}

}  // namespace suyuan
