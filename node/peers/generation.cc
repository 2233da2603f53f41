#include "node/peers/generation.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/merkle/proof.h"
#include "ledger/registry/rules_notice.h"

namespace suyuan {
namespace {

constexpr uint8_t kGenerationVersion = 2;
constexpr size_t kHeadsMax = 16;  // like the nodes of a genesis
constexpr size_t kPathMax = 64;
constexpr std::string_view kHeadHeader = "suyuan/log-head/v2";
constexpr std::string_view kFounderTag = "suyuan/order/signed/generation/v2\n";

Unexpected<Error> bad_evidence(const char* what) {
  return fail(Code::CORRUPT, std::string("what etcd holds as the log's generation ") + what);
}

Bytes founder_text(BytesView words) {
  return Bytes(kFounderTag) + domain_hash(kFounderTag, {words}).bytes();
}

// At equal places the name decides, so that one node begins.
bool stands_higher(const LogHead& a, const LogHead& b) {
  if (a.place.position != b.place.position) return a.place.position > b.place.position;
  return a.node < b.node;
}

struct Evidence {
  uint64_t position = 0;
  std::vector<LogHead> heads;            // of different nodes
  std::vector<std::vector<Hash>> paths;  // one for each head
  BytesView words;                       // the signed bytes
  Signature signature;
};

bool get_path(Decoder& in, std::vector<Hash>& path) {
  uint8_t count = 0;
  if (!in.get_u8(count) || count > kPathMax) return false;
  path.resize(count);
  return std::ranges::all_of(path, [&in](Hash& hash) { return in.get_fixed(hash); });
}

Result<Evidence> read_evidence(BytesView bytes, const LogNodes& nodes) {
  Decoder in(bytes);
  Evidence evidence;
  uint8_t version = 0;
  if (in.get_u8(version) && version == 1) {
    return bad_evidence("was written by an earlier program, and its founder did not sign it. Let "
                        "the ledger continue in a new log: suyuan-node migrate with another "
                        "--etcd-log, on the node with the highest position (docs/cluster.md)");
  }
  uint8_t count = 0;
  if (version != kGenerationVersion || !in.get_u64(evidence.position) || !in.get_u8(count) ||
      count == 0 || count > kHeadsMax) {
    return bad_evidence("cannot be read");
  }
  std::set<std::string> names;
  for (uint8_t i = 0; i < count; ++i) {
    Bytes note;
    if (!in.get_string(note) || !get_path(in, evidence.paths.emplace_back())) {
      return bad_evidence("cannot be read");
    }
    SUYUAN_TRY(head, open_log_head(note, nodes));
    if (!names.insert(head.node).second) return bad_evidence("has a node twice");
    evidence.heads.push_back(std::move(head));
  }
  evidence.words = bytes.substr(0, bytes.size() - in.rest().size());
  if (!in.get_fixed(evidence.signature) || !in.done()) return bad_evidence("cannot be read");
  return evidence;
}

// Whether a head may be a vote for the tree of the highest head.
Result<Done> check_below(const LogHead& head, const std::vector<Hash>& path,
                         const LogHead& highest) {
  if (head.place.position == highest.place.position && head.tree != highest.tree) {
    return bad_evidence("has two trees at one place");
  }
  if (head.tree.size > highest.tree.size) {
    return bad_evidence("has a larger tree at a lower place");
  }
  if (!consistent(head.tree, highest.tree, path)) {
    return bad_evidence("has a tree that its founder's tree does not begin with");
  }
  if (head.generation != highest.generation) return bad_evidence("has heads of two generations");
  if (highest.place.position - head.place.position > kGroupsApartMax) {
    return bad_evidence("has places that are too far apart");
  }
  if (std::abs(head.until_ms - highest.until_ms) > 2 * kLogHeadHoldsMs) {
    return bad_evidence("has heads of different times");
  }
  return Done{};
}

// REQUIRES: one of the nodes.
PublicKey key_of(const std::string& node, const LogNodes& nodes) {
  const auto found = std::ranges::find(nodes.nodes, node, &NamedKey::name);
  SUYUAN_CHECK(found != nodes.nodes.end());
  return found->key;
}

// What it says, whoever signed it.
Result<LogHead> read_head_words(const SignedNote& note, const LogNodes& nodes) {
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
  return head;
}

// The head in a note whose signer, by name and key, none of these is. It is not verified.
std::optional<LogHead> unknown_head(std::string_view text, const LogNodes& ever) {
  const auto note = parse_note(text);
  if (!note || note->signatures.size() != 1) return std::nullopt;
  const NoteSignature& line = note->signatures[0];
  auto head = read_head_words(*note, {.ledger = ever.ledger,
                                      .log = ever.log,
                                      .nodes = {{.name = line.name, .key = {}}}});
  const bool is_known = std::ranges::any_of(ever.nodes, [&line](const NamedKey& one) {
    return one.name == line.name && key_id(one.name, one.key) == line.key_id;
  });
  if (!head || is_known) return std::nullopt;
  return *std::move(head);
}

// Of a clock that is far ahead: else its head would count for as long as that.
bool is_in_force(const LogHead& head, int64_t now_ms) {
  return head.until_ms >= now_ms && head.until_ms - now_ms <= 2 * kLogHeadHoldsMs;
}

// The head that a node put into etcd under its own name, if it counts now; of any generation.
std::optional<LogHead> counting_head(const std::string& name, const Bytes& note,
                                     const LogHead& own, const LogNodes& nodes, int64_t now_ms) {
  auto head = open_log_head(note, nodes);
  if (!head || head->node != name || !is_in_force(*head, now_ms)) return std::nullopt;
  const uint64_t place = head->place.position;
  const uint64_t ours = own.place.position;
  if (std::max(place, ours) - std::min(place, ours) > kGroupsApartMax) return std::nullopt;
  return *std::move(head);
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
  SUYUAN_TRY(head, read_head_words(note, nodes));
  SUYUAN_TRY_DONE(check_node_signed(note, head.node, nodes));
  return head;
}

Bytes encode_generation(uint64_t position, const std::vector<ProvenHead>& heads,
                        const NamedKeyPair& founder) {
  SUYUAN_CHECK(heads.size() <= kHeadsMax);
  Bytes out;
  put_u8(out, kGenerationVersion);
  put_u64(out, position);
  put_u8(out, static_cast<uint8_t>(heads.size()));
  for (const auto& [note, path] : heads) {
    SUYUAN_CHECK(path.size() <= kPathMax);
    put_string(out, note);
    put_u8(out, static_cast<uint8_t>(path.size()));
    for (const Hash& hash : path) out += hash.view();
  }
  out += sign(founder.pair.secret, founder_text(out)).view();
  return out;
}

uint64_t base_position(const LogHead& highest) {
  return std::max(highest.place.position, highest.generation.position + 1);
}

OrderPlace as_given_up(const OrderPlace& base) {
  return {.position = base.position,
          .mark = domain_hash("suyuan/order/given-up/v1\n", {base.mark.view()})};
}

Result<Generation> judge_generation(BytesView evidence, const LogNodes& nodes) {
  SUYUAN_TRY(read, read_evidence(evidence, nodes));
  const auto& [position, heads, paths, words, signature] = read;
  if (heads.size() < nodes.majority()) {
    return fail(Code::KEY_UNKNOWN,
                "the log's generation was agreed upon by " + std::to_string(heads.size()) +
                    " of " + std::to_string(nodes.nodes.size()) + " nodes, not a majority");
  }
  const auto highest = std::ranges::min_element(heads, stands_higher);
  for (size_t i = 0; i < heads.size(); ++i) {
    SUYUAN_TRY_DONE(check_below(heads[i], paths[i], *highest));
  }
  if (!verify(key_of(highest->node, nodes), founder_text(words), signature)) {
    return fail(Code::SIGNATURE_INVALID,
                "what etcd holds as the log's generation is not signed by node " + highest->node +
                    ", whose head is the highest in it");
  }
  if (position != base_position(*highest)) {
    return bad_evidence("begins at another place than its heads say");
  }
  return Generation{
      .base = {.tree = highest->tree,
               .place = {.position = position,
                         .mark = domain_hash("suyuan/order/generation/v1\n", {evidence})}},
      .before = highest->place,
      .from = highest->generation,
      .founder = highest->node,
      .heads = heads};
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
    // A node that a later notice removed has no vote on what follows that notice.
    SUYUAN_TRY(then, rules_at(state, genesis, of_then->base.tree.size));
    if (then.nodes == one.nodes) return of_then;
  }
  return judged;
}

bool is_after(const Generation& generation, const OrderPlace& own) {
  const OrderPlace& from = generation.from;
  // A founder that lacks its own generation's base gives it up, and has to say so.
  if (from == own) return generation.before.position >= own.position;
  return from == as_given_up(own) || from.position > own.position;
}

bool is_new_for(const Generation& generation, const OrderPlace& own, int64_t now_ms) {
  // A founder says its head again before half of its time is over.
  return is_after(generation, own) &&
         std::ranges::any_of(generation.heads, [&](const LogHead& head) {
           return head.until_ms > now_ms - kLogHeadHoldsMs;
         });
}

Error other_history(const SyncTarget& base) {
  return {.code = Code::ROLLED_BACK,
          .message = "the log continues after " + std::to_string(base.tree.size) +
                     " leaves, as more than half of the nodes had them; this store has others. "
                     "Keep it: senders must send again what it holds beyond them; and "
                     "join again with an empty store (docs/cluster.md)"};
}

std::vector<ShownHead> heads_in_force(const std::map<std::string, Bytes>& shown,
                                      const LogHead& own, const LogNodes& nodes, int64_t now_ms) {
  std::vector<ShownHead> all;
  for (const auto& [name, note] : shown) {
    auto head = counting_head(name, note, own, nodes, now_ms);
    if (!head || head->generation != own.generation) continue;
    all.push_back({.head = *std::move(head), .note = note});
  }
  return all;
}

std::optional<LogHead> later_head(const std::map<std::string, Bytes>& shown, const LogHead& own,
                                  const LogNodes& nodes, int64_t now_ms) {
  for (const auto& [name, note] : shown) {
    auto head = counting_head(name, note, own, nodes, now_ms);
    if (head && head->generation.position > own.generation.position) return head;
  }
  return std::nullopt;
}

std::vector<std::string> unknown_heads(const std::map<std::string, Bytes>& shown,
                                       const LogNodes& ever, int64_t now_ms) {
  std::vector<std::string> unknown;
  for (const auto& [name, note] : shown) {
    const auto head = unknown_head(note, ever);
    if (head && head->node == name && is_in_force(*head, now_ms)) unknown.push_back(name);
  }
  return unknown;
}

std::optional<std::string> unknown_node_in(BytesView evidence, const LogNodes& ever) {
  Decoder in(evidence);
  uint8_t version = 0;
  uint64_t position = 0;
  uint8_t count = 0;
  if (!in.get_u8(version) || version != kGenerationVersion || !in.get_u64(position) ||
      !in.get_u8(count)) {
    return std::nullopt;
  }
  for (uint8_t i = 0; i < count; ++i) {
    Bytes note;
    std::vector<Hash> path;
    if (!in.get_string(note) || !get_path(in, path)) return std::nullopt;
    if (const auto head = unknown_head(note, ever)) return head->node;
  }
  return std::nullopt;
}

Result<std::vector<ProvenHead>> heads_below(const std::vector<ShownHead>& heads,
                                             const LogHead& own, const Reader& state) {
  std::vector<ProvenHead> below;
  const TreeRows rows(state);
  if (std::ranges::find(heads, own, &ShownHead::head) == heads.end()) return below;
  for (const auto& [head, note] : heads) {
    if (stands_higher(head, own)) return std::vector<ProvenHead>();
    if (head.tree.size > own.tree.size) continue;
    SUYUAN_TRY(root, root_of(TiledNodes(rows), head.tree.size));
    if (root != head.tree.root) continue;  // it went another way
    if (head.place.position == own.place.position && head.tree != own.tree) continue;  // it lies
    SUYUAN_TRY(path, consistency_proof(TiledNodes(rows), head.tree.size, own.tree.size));
    below.push_back({.note = note, .path = std::move(path)});
  }
  return below;
}

}  // namespace suyuan
