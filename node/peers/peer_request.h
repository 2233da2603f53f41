// What a node signs when it asks another node for something (formats.md 10): a note with common
// lines, valid for a minute or two, at one node, for one thing.
//
//   <header>                        names the kind of request
//   ledger <origin> <base64 of genesis hash>
//   node <name>                     who asks
//   to <name>                       the node that is asked: it is worth nothing at another
//   <name> <number>                 what is wanted: the lines of this kind, in its order
//   until <ms since 1970>           within the next two minutes
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/batch/batch.h"
#include "ledger/crypto/key_file.h"

namespace suyuan {

inline constexpr size_t kPeerRequestBytesMax = 4096;

// A kind of request: its header, and the names of its numbers.
struct PeerRequestKind {
  std::string_view header;
  std::span<const std::string_view> numbers;
};

// What every kind says: its requests hold it as `envelope`.
struct PeerEnvelope {
  LedgerId ledger;
  std::string node;  // who asks
  std::string to;
  int64_t until_ms = 0;
  friend bool operator==(const PeerEnvelope&, const PeerEnvelope&) = default;
};
// REQUIRES: as many numbers as the kind has.
std::string sign_peer_note(const PeerRequestKind& kind, const PeerEnvelope& envelope,
                           std::span<const uint64_t> numbers, const NamedKeyPair& node);

// What a request is checked against.
struct PeerAsked {
  LedgerId ledger;
  std::string self;
  const std::vector<NamedKey>& nodes;  // in force
  int64_t now_ms = 0;
};
struct OpenedPeerNote {
  PeerEnvelope envelope;
  std::vector<uint64_t> numbers;  // as many as the kind has
};
// Opens a request of this kind to this node, signed by a node in force and still valid. Errors:
// NOTE_SYNTAX, TOO_LARGE, LEDGER_MISMATCH (also: to another node), KEY_UNKNOWN, SIGNATURE_INVALID,
// BATCH_EXPIRED.
Result<OpenedPeerNote> open_peer_note(const PeerRequestKind& kind, std::string_view body,
                                      const PeerAsked& asked);

}  // namespace suyuan
