#include "node/peers/node_words.h"

#include <algorithm>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr size_t kAddressBytesMax = 4096;
constexpr std::string_view kAddressHeader = "suyuan/node-address/v1";

}  // namespace

std::string begin_node_words(std::string_view header, const LedgerId& ledger,
                             const std::string& log, const std::string& node) {
  return std::string(header) + "\nledger " + ledger.line() + "\nlog " + log + "\nnode " + node +
         "\n";
}

std::string sign_node_words(std::string text, const NamedKeyPair& node) {
  SignedNote note{.text = std::move(text), .signatures = {}};
  note.signatures.push_back(sign_note(note.text, node.name, node.pair.secret, node.pair.key));
  return write_note(note);
}

Result<std::string> take_node_words(TextLines& lines, const LogNodes& nodes) {
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  SUYUAN_TRY(log, lines.take("log"));
  SUYUAN_TRY(node, lines.take("node"));
  if (ledger[0] != nodes.ledger.origin || genesis != nodes.ledger.genesis || log != nodes.log) {
    return fail(Code::LEDGER_MISMATCH, "a node's words are of another ledger or log", "ledger");
  }
  if (std::ranges::find(nodes.nodes, node, &NamedKey::name) == nodes.nodes.end()) {
    return fail(Code::KEY_UNKNOWN, std::string(node) + " is not a node of this ledger", "node");
  }
  return std::string(node);
}

// The key id is made of the line's own name: without a look at that name, a line renamed together
// with its key id would count too.
bool is_signed_by(const SignedNote& note, const NamedKey& node) {
  return note.signatures.size() == 1 && note.signatures[0].name == node.name &&
         verify_note_signature(note.text, note.signatures[0], node.key);
}

Result<Done> check_node_signed(const SignedNote& note, const std::string& node,
                               const LogNodes& nodes) {
  const auto named = std::ranges::find(nodes.nodes, node, &NamedKey::name);
  SUYUAN_CHECK(named != nodes.nodes.end());
  if (is_signed_by(note, *named)) return Done{};
  return fail(Code::SIGNATURE_INVALID, "the words of node " + node + " are not signed by it");
}

std::string sign_node_address(const NodeAddress& address, const NamedKeyPair& node) {
  return sign_node_words(
      begin_node_words(kAddressHeader, address.ledger, address.log, address.node) + "url " +
          address.url + "\n",
      node);
}

Result<NodeAddress> open_node_address(std::string_view text, const LogNodes& nodes) {
  SUYUAN_TRY(note, parse_note(text, kAddressBytesMax));
  SUYUAN_TRY(lines, TextLines::open(note.text, kAddressHeader));
  SUYUAN_TRY(node, take_node_words(lines, nodes));
  SUYUAN_TRY(url, lines.take("url"));
  NodeAddress address{
      .ledger = nodes.ledger, .log = nodes.log, .node = node, .url = std::string(url)};
  SUYUAN_TRY_DONE(lines.finish());
  SUYUAN_TRY_DONE(check_node_signed(note, node, nodes));
  return address;
}

}  // namespace suyuan
