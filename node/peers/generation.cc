#include "node/peers/generation.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/merkle/proof.h"
#include "ledger/registry/rules_notice.h"

namespace suyuan {
namespace {

constexpr uint8_t kGenerationVersion = 1;
constexpr size_t kHeadsMax = 16;  // as nodes of a genesis
constexpr std::string_view kHeadHeader = "suyuan/log-head/v2";

// Of equal places the name decides, so that one node begins.
bool stands_higher(const LogHead& a, const LogHead& b) {
  if (a.place.position != b.place.position) return a.place.position > b.place.position;
  return a.node < b.node;
}

}  // namespace

std::string sign_log_head(const LogHead& head, const NamedKeyPair& node) {
  return sign_node_words(
      begin_node_words(kHeadHeader, head.ledger, head.log, head.node) + "generation " +
          std::to_string(head.generation.position) + " " + to_base64(head.generation.mark.view()) +
          "\nuntil " + std::to_string(head.until_ms) + "\nposition " +
          std::to_string(head.place.position) + "\nmark " + to_base64(head.place.mark.view()) +
          "\nleaves " + std::to_string(head.tree.size) + "\nroot " +
          to_base64(head.tree.root.view()) + "\n",
      node);
}

Result<LogHead> open_log_head(std::string_view text, const LogNodes& nodes) {
  SUYUAN_TRY(note, parse_note(text));
  SUYUAN_TRY(lines, TextLines::open(note.text, kHeadHeader));
  SUYUAN_TRY(node, take_node_words(lines, nodes));
  LogHead head{.ledger = nodes.ledger, .log = nodes.log, .node = node};
  SUYUAN_TRY(generation, lines.take_fields("generation", 2));
  const auto begun_at = from_decimal(generation[0]);
  if (!begun_at) return lines.refuse("expected a group's number and its mark");
  head.generation.position = *begun_at;
  SUYUAN_TRY(begun_mark, lines.base64_of<Hash>(generation[1]));
  head.generation.mark = begun_mark;
  SUYUAN_TRY(until, lines.take_time("until"));
  head.until_ms = until;
  SUYUAN_TRY(position, lines.take_decimal("position"));
  head.place.position = position;
  SUYUAN_TRY(mark, lines.take_base64<Hash>("mark"));
  head.place.mark = mark;
  SUYUAN_TRY(leaves, lines.take_decimal("leaves"));
  head.tree.size = leaves;
  SUYUAN_TRY(root, lines.take_base64<Hash>("root"));
  head.tree.root = root;
  SUYUAN_TRY_DONE(lines.finish());
  SUYUAN_TRY_DONE(check_node_signed(note, node, nodes));
  return head;
}

Bytes encode_generation(const std::vector<std::string>& heads) {
  SUYUAN_CHECK(heads.size() <= kHeadsMax);
  Bytes out;
  put_u8(out, kGenerationVersion);
  put_u8(out, static_cast<uint8_t>(heads.size()));
  for (const auto& head : heads) put_string(out, head);
  return out;
}

Result<Generation> judge_generation(BytesView evidence, const LogNodes& nodes) {
  const auto bad = [](const char* what) {
    return fail(Code::CORRUPT, std::string("what etcd holds as the log's generation ") + what);
  };
  Decoder in(evidence);
  uint8_t version = 0;
  uint8_t count = 0;
  if (!in.get_u8(version) || version != kGenerationVersion || !in.get_u8(count) || count == 0 ||
      count > kHeadsMax) {
    return bad("cannot be read");
  }
  Generation generation;
  std::set<std::string> names;
  for (uint8_t i = 0; i < count; ++i) {
    Bytes note;
    if (!in.get_string(note)) return bad("cannot be read");
    SUYUAN_TRY(head, open_log_head(note, nodes));
    if (!names.insert(head.node).second) return bad("has a node twice");
    generation.heads.push_back(std::move(head));
  }
  if (!in.done()) return bad("cannot be read");
  if (names.size() < nodes.majority()) {
    return fail(Code::KEY_UNKNOWN,
                "the log's generation was agreed upon by " + std::to_string(names.size()) +
                    " of " + std::to_string(nodes.nodes.size()) + " nodes, which is no majority");
  }
  const auto highest = std::ranges::min_element(generation.heads, stands_higher);
  for (const LogHead& head : generation.heads) {
    if (head.place.position == highest->place.position && head.tree != highest->tree) {
      return bad("has two trees at one place");
    }
    if (head.tree.size > highest->tree.size) return bad("has a larger tree at a lower place");
    if (head.generation != highest->generation) return bad("has heads of two generations");
    if (std::abs(head.until_ms - highest->until_ms) > 2 * kLogHeadHoldsMs) {
      return bad("has heads of different times");
    }
  }
  generation.founder = highest->node;
  generation.before = highest->place;
  generation.base = {
      .tree = highest->tree,
      .place = {.position = highest->place.position,
                .mark = domain_hash("suyuan/order/generation/v1\n", {evidence})}};
  return generation;
}

Result<Generation> judge_begun(BytesView evidence, const LogNodes& nodes, const Genesis& genesis,
                               const Reader& state) {
  auto judged = judge_generation(evidence, nodes);
  if (judged) return judged;
  SUYUAN_TRY(changes, list_rules(state));
  changes.insert(changes.begin(), rules_of(genesis));
  LogNodes before = nodes;
  for (const RulesState& one : changes) {
    before.nodes = one.nodes;
    auto of_then = judge_generation(evidence, before);
    if (!of_then) continue;
    // Whom a later notice took out has no word about what comes behind it.
    SUYUAN_TRY(then, rules_at(state, genesis, of_then->base.tree.size));
    if (then.nodes == one.nodes) return of_then;
  }
  return judged;
}

std::vector<ShownHead> heads_in_force(const std::map<std::string, Bytes>& shown,
                                      const LogHead& own, const LogNodes& nodes, int64_t now_ms) {
  std::vector<ShownHead> all;
  for (const auto& [name, note] : shown) {
    auto head = open_log_head(note, nodes);
    if (!head || head->node != name || head->generation != own.generation) continue;
    // Of a clock that is far ahead: else its head would count for as long as that.
    if (head->until_ms < now_ms || head->until_ms - now_ms > 2 * kLogHeadHoldsMs) continue;
    all.push_back({.head = *std::move(head), .note = note});
  }
  return all;
}

Result<std::vector<std::string>> heads_below(const std::vector<ShownHead>& heads,
                                             const LogHead& own, const Reader& state) {
  std::vector<std::string> below;
  const TreeRows rows(state);
  for (const auto& [head, note] : heads) {
    if (stands_higher(head, own)) return std::vector<std::string>();
    if (head.tree.size > own.tree.size) continue;
    SUYUAN_TRY(root, root_of(TiledNodes(rows), head.tree.size));
    if (root == head.tree.root) below.push_back(note);  // else it went another way
  }
  return below;
}

}  // namespace suyuan
