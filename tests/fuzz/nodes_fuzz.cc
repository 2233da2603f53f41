// What nodes sign for each other: heads of the log and the generation that they prove, addresses,
// requests for parts of the log and for a store; and what comes as an answer. Each input is read as
// it is, and signed again: a note by each node; evidence as it is by one, and with each head in it
// signed again by the node that it names, by each. So mutations get past the signatures.
#include <optional>

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"
#include "node/peers/generation.h"
#include "node/peers/peer_log.h"
#include "node/peers/peer_store.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

constexpr int64_t kNowMs = 1'780'000'000'000;
constexpr std::string_view kGenerationTag = "suyuan/order/signed/generation/v2\n";

NamedKeyPair key_of_node(char letter) {
  return {.name = std::string("node-") + letter,
          .pair = key_from_seed(Bytes(kSeedBytes, letter))};
}

struct World {
  std::vector<NamedKeyPair> keys;
  LogNodes nodes{.ledger = {.origin = "ledger.example/test", .genesis = sha256("genesis")},
                 .log = "trace",
                 .nodes = {}};
  World() {
    for (const char letter : {'a', 'b', 'c'}) {
      keys.push_back(key_of_node(letter));
      nodes.nodes.push_back({.name = keys.back().name, .key = keys.back().pair.key});
    }
  }
  const NamedKeyPair& key_of(std::string_view node) const {
    for (const NamedKeyPair& key : keys) {
      if (key.name == node) return key;
    }
    SUYUAN_CHECK(false);
    return keys.front();
  }
};

const World& world() {
  static const World made;
  return made;
}

// `position` also orders the nodes: the highest is the founder.
std::string head_note(char node, uint64_t position, const TreeHead& tree) {
  const LogHead head{.ledger = world().nodes.ledger,
                     .log = world().nodes.log,
                     .node = std::string("node-") + node,
                     .generation = {.position = 3, .mark = sha256("generation")},
                     .until_ms = kNowMs + kLogHeadHoldsMs,
                     .place = {.position = position, .mark = sha256("place")},
                     .tree = tree};
  return sign_log_head(head, world().key_of(head.node));
}

// REQUIRES: it ends in a signature.
Bytes signed_again(BytesView evidence, const NamedKeyPair& founder) {
  const BytesView words = evidence.substr(0, evidence.size() - Signature::kSize);
  const Bytes text = Bytes(kGenerationTag) + domain_hash(kGenerationTag, {words}).bytes();
  return Bytes(words) + sign(founder.pair.secret, text).bytes();
}

std::string signed_by_its_node(const std::string& head) {
  const auto note = parse_note(head);
  if (!note) return head;
  for (const NamedKeyPair& key : world().keys) {
    if (note->text.find("\nnode " + key.name + "\n") == std::string::npos) continue;
    return sign_node_words(note->text, key);
  }
  return head;
}

struct SignedHeads {
  uint64_t position = 0;
  std::vector<ProvenHead> heads = {};
};

// Nullopt: it is not laid out as evidence that can be encoded again.
std::optional<SignedHeads> heads_signed_again(BytesView evidence) {
  Decoder in(evidence);
  SignedHeads all;
  uint8_t version = 0, heads = 0;
  if (!in.get_u8(version) || !in.get_u64(all.position) || !in.get_u8(heads) || heads > 16) {
    return std::nullopt;
  }
  for (uint8_t i = 0; i < heads; ++i) {
    ProvenHead& head = all.heads.emplace_back();
    uint8_t hashes = 0;
    if (!in.get_string(head.note) || !in.get_u8(hashes) || hashes > 64) return std::nullopt;
    head.path.resize(hashes);
    for (Hash& hash : head.path) {
      if (!in.get_fixed(hash)) return std::nullopt;
    }
    head.note = signed_by_its_node(head.note);
  }
  return all;
}

void judge(BytesView evidence) {
  const LogNodes& nodes = world().nodes;
  const auto judged = judge_generation(evidence, nodes);
  if (!judged) return;
  SUYUAN_CHECK(judged->heads.size() >= nodes.majority());
  SUYUAN_CHECK(judged->base.place.position > judged->from.position);
  for (const LogHead& head : judged->heads) {
    SUYUAN_CHECK(head.tree.size <= judged->base.tree.size);
    SUYUAN_CHECK(head.generation == judged->from);
  }
  SUYUAN_CHECK(!unknown_node_in(evidence, nodes));
}

// What opens is signed to the same note.
void open_note_of_node(std::string_view note) {
  const LogNodes& nodes = world().nodes;
  if (const auto head = open_log_head(note, nodes)) {
    SUYUAN_CHECK(sign_log_head(*head, world().key_of(head->node)) == note);
  }
  if (const auto address = open_node_address(note, nodes)) {
    SUYUAN_CHECK(sign_node_address(*address, world().key_of(address->node)) == note);
  }
  const PeerAsked asked{
      .ledger = nodes.ledger, .self = "node-b", .nodes = nodes.nodes, .now_ms = kNowMs};
  if (const auto request = open_peer_request(note, asked)) {
    SUYUAN_CHECK(sign_peer_request(*request, world().key_of(request->envelope.node)) == note);
  }
  if (const auto request = open_store_request(note, asked)) {
    SUYUAN_CHECK(sign_store_request(*request, world().key_of(request->envelope.node)) == note);
  }
}

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  const LogNodes& nodes = world().nodes;
  const NamedKeyPair& first = world().key_of("node-a");
  const NamedKeyPair& founder = world().key_of("node-c");
  const Hash one = leaf_hash("leaf 0");
  const Hash two = leaf_hash("leaf 1");
  const TreeHead small{.size = 1, .root = one};
  const TreeHead large{.size = 2, .root = node_hash(one, two)};
  const std::vector<ProvenHead> heads = {{.note = head_note('a', 4, small), .path = {two}},
                                         {.note = head_note('b', 5, large)},
                                         {.note = head_note('c', 6, large)}};
  std::vector<std::string> all;
  all.push_back(encode_generation(6, heads, founder));
  all.push_back(encode_generation(6, {heads[0], heads[2]}, founder));
  // The heads' own signatures are of another key: only signed again it is evidence.
  std::vector<ProvenHead> by_nobody = heads;
  for (ProvenHead& head : by_nobody) {
    head.note = sign_node_words(parse_note(head.note)->text, key_of_node('x'));
  }
  const auto again = heads_signed_again(encode_generation(6, by_nobody, founder));
  SUYUAN_CHECK(again && judge_generation(encode_generation(6, again->heads, founder), nodes));
  all.push_back(encode_generation(6, by_nobody, founder));
  all.push_back(heads[0].note);
  all.push_back(sign_node_address({.ledger = nodes.ledger,
                                   .log = nodes.log,
                                   .node = first.name,
                                   .url = "https://a.example:7480"},
                                  first));
  const PeerEnvelope envelope{.ledger = nodes.ledger,
                              .node = first.name,
                              .to = "node-b",
                              .until_ms = kNowMs + 1000};
  all.push_back(sign_peer_request({.envelope = envelope, .from = 1, .size = 2}, first));
  all.push_back(
      sign_store_request({.envelope = envelope, .view = 7, .file = 1, .from = 2}, first));
  all.push_back(encode_store_list({.view = 7,
                                   .files = {{.name = "000007.sst", .bytes = 12},
                                             {.name = "CURRENT", .bytes = 16}}}));
  all.push_back(encode_peer_answer({.size = 2,
                                    .checkpoint = "a checkpoint",
                                    .place = {.position = 6, .mark = sha256("place")},
                                    .path = {two},
                                    .leaves = {{.data = "leaf 0", .submission = {}},
                                               {.data = "leaf 1", .submission = "a batch"}}}));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  judge(bytes);
  if (bytes.size() >= Signature::kSize) judge(signed_again(bytes, world().key_of("node-c")));
  if (const auto again = heads_signed_again(bytes)) {
    for (const NamedKeyPair& founder : world().keys) {
      judge(encode_generation(again->position, again->heads, founder));
    }
  }
  (void)unknown_node_in(bytes, {.ledger = world().nodes.ledger, .log = "trace", .nodes = {}});
  open_note_of_node(bytes);
  if (const auto note = parse_note(bytes)) {
    for (const NamedKeyPair& key : world().keys) {
      open_note_of_node(sign_node_words(note->text, key));
    }
  }
  if (const auto answer = decode_peer_answer(bytes)) {
    SUYUAN_CHECK(encode_peer_answer(*answer) == bytes);
  }
  if (const auto list = decode_store_list(bytes)) {
    SUYUAN_CHECK(encode_store_list(*list) == bytes);
  }
  return 0;
}
