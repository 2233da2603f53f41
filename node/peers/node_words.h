// A node's statements about itself in etcd, where anyone with access may write: signed notes by its
// key with a common beginning (formats.md 10). So nobody else can make them, and they are valid for
// no other ledger, log or node.
//
//   <header>
//   ledger <origin> <base64 of genesis hash>
//   log <name in etcd>
//   node <name>
//   ...
//
// An address, under <log>/at/<name> (ledger/order/etcd/log_view.h), is such a note:
//
//   suyuan/node-address/v1          its header
//   url <where the node can be asked for what another missed>
#pragma once

#include <string>
#include <vector>

#include "ledger/batch/batch.h"
#include "ledger/crypto/key_file.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// What such a note is checked against.
struct LogNodes {
  LedgerId ledger;
  std::string log;
  std::vector<NamedKey> nodes;  // in force
  size_t majority() const { return nodes.size() / 2 + 1; }
};

// The common lines.
std::string begin_node_words(std::string_view header, const LedgerId& ledger,
                             const std::string& log, const std::string& node);
std::string sign_node_words(std::string text, const NamedKeyPair& node);
// Reads these lines after the header; returns the named node. LEDGER_MISMATCH, KEY_UNKNOWN.
Result<std::string> take_node_words(TextLines& lines, const LogNodes& nodes);
// Returns whether the note has one signature line, and it is of this name and key.
bool is_signed_by(const SignedNote& note, const NamedKey& node);
// Errors: SIGNATURE_INVALID. REQUIRES: take_node_words returned the node.
Result<Done> check_node_signed(const SignedNote& note, const std::string& node,
                               const LogNodes& nodes);

struct NodeAddress {
  LedgerId ledger;
  std::string log;
  std::string node;
  std::string url;
  friend bool operator==(const NodeAddress&, const NodeAddress&) = default;
};
std::string sign_node_address(const NodeAddress& address, const NamedKeyPair& node);
// Errors: NOTE_SYNTAX, TOO_LARGE, LEDGER_MISMATCH, KEY_UNKNOWN, SIGNATURE_INVALID.
Result<NodeAddress> open_node_address(std::string_view note, const LogNodes& nodes);

}  // namespace suyuan
