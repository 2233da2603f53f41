#include "node/peers/node_cosigners.h"

#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"
#include "node/answer/cosigned_by.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan {
namespace {

using namespace std::chrono_literals;

// What nodes show each other, in memory.
class Board {
 public:
  Result<std::map<std::string, Bytes>> show(const std::string& who,
                                            const std::optional<Bytes>& ours) {
    ++looks;
    if (silent) return fail(Code::UNAVAILABLE, "no answer");
    if (ours) shown[who] = *ours;
    return shown;
  }
  std::map<std::string, Bytes> shown;
  int looks = 0;
  bool silent = false;
};

KeyPair node_pair(char seed) { return key_from_seed(Bytes(kSeedBytes, seed)); }
std::string node_called(char seed) { return std::string("node-") + seed; }

class NodeCosignersTest : public testing::SealedLedger {
 protected:
  NodeCosignersTest() : sealed_(seal()), log_(key_from_seed(Bytes(kSeedBytes, 'l'))) {
    for (const char one : {'a', 'b', 'c'}) {
      genesis_.nodes.push_back({.name = node_called(one), .key = node_pair(one).key});
    }
    genesis_.origin = sealed_.head.origin;
    genesis_.log_key = log_.key;
    text_ = write_checkpoint({.origin = genesis_.origin, .head = tree()});
  }
  TreeHead tree() const { return {.size = sealed_.head.leaves, .root = sealed_.root}; }
  std::string note() const {
    return sign_checkpoint({.origin = genesis_.origin, .head = tree()}, log_.secret, log_.key);
  }
  // The whole note that the node would publish.
  std::string publish(char of, std::chrono::milliseconds patience = 200ms) {
    const NamedKeyPair by{.name = node_called(of), .pair = node_pair(of)};
    NodeCosigners cosigners(
        {.key = by,
         .nodes = [&](uint64_t) { return genesis_.nodes; },
         .clock = [] { return int64_t{1'780'000'000'000}; },
         .show = [&](const auto& ours) { return board_.show(by.name, ours); },
         .living = [&] { return living_; }},
        {.all = patience, .pause = 1ms});
    const std::string base = note();
    std::string all =
        base + cosigners.cosign({.checkpoint = base, .tree = tree(), .state = *sealed_.state});
    return all;
  }
  bool meets(const std::string& checkpoint, size_t k) const {
    const auto policy = policy_of_nodes(
        genesis_, {.origin = genesis_.origin, .genesis = sealed_.head.genesis}, k);
    return accept_checkpoint(checkpoint, *policy).has_value();
  }

  Sealed sealed_;
  KeyPair log_;
  Genesis genesis_;
  std::string text_;
  Board board_;
  std::set<std::string> living_;
};

TEST_F(NodeCosignersTest, ACheckpointHasTheSignaturesOfTheNodesThatAreThere) {
  const std::string alone = publish('a');
  EXPECT_TRUE(meets(alone, 1));
  EXPECT_FALSE(meets(alone, 2)) << "who holds the log's key and one node's has no second";
  EXPECT_EQ(nodes_under(alone, genesis_.nodes), std::vector<std::string>{"node-a"});
  const std::string second = publish('b');
  EXPECT_TRUE(meets(second, 2));
  EXPECT_FALSE(meets(second, 3));
  EXPECT_TRUE(meets(publish('c'), 3));
  const std::string again = publish('a');
  EXPECT_TRUE(meets(again, 3)) << "signed again, with what the others show by now";
  EXPECT_EQ(nodes_under(again, genesis_.nodes).size(), 3U);
}

TEST_F(NodeCosignersTest, AMajorityIsEnoughWhereTheOthersAreNotHeard) {
  publish('b');
  living_ = {"node-b"};
  board_.looks = 0;
  EXPECT_TRUE(meets(publish('a', 60s), 2)) << "without waiting for node-c";
  EXPECT_EQ(board_.looks, 1);
  living_ = {"node-b", "node-c"};
  EXPECT_TRUE(meets(publish('a', 50ms), 2)) << "waited for, and not longer than it may be";
  EXPECT_GT(board_.looks, 2);
}

TEST_F(NodeCosignersTest, WhatDoesNotVerifySpoilsNoCheckpoint) {
  const auto line = [&](char of, const std::string& text) {
    const KeyPair pair = node_pair(of);
    return write_note_line(
        cosign(text, {.name = node_called(of), .secret = pair.secret, .key = pair.key}, 1));
  };
  auto other = parse_checkpoint(text_).value();
  other.head.root = Hash{};
  const uint64_t size = tree().size;
  const std::vector<Bytes> shown = {
      "", "noise", encode_shown({{.size = size, .line = "no line"}}),
      encode_shown({{.size = size, .line = line('b', write_checkpoint(other))}}),
      encode_shown({{.size = size, .line = line('c', text_)}}),  // of another node
      encode_shown({{.size = size, .line = line('b', text_) + line('c', text_)}}),
      encode_shown({{.size = size + 1, .line = line('b', text_)}})};
  for (const Bytes& one : shown) {
    board_.shown = {{"node-b", one}, {"stranger", one}};
    const std::string published = publish('a', 5ms);
    EXPECT_TRUE(meets(published, 1));
    EXPECT_FALSE(meets(published, 2));
    EXPECT_EQ(split_note(published)->lines.size(), 2U) << "the log's and node-a's";
  }
}

TEST_F(NodeCosignersTest, WhereTheLogIsSilentTheNodeSignsAlone) {
  board_.silent = true;
  EXPECT_TRUE(meets(publish('a', 60s), 1));
}

TEST_F(NodeCosignersTest, WhatIsShownIsReadBackAndBounded) {
  ShownLines lines;
  for (size_t i = 0; i < kShownLinesMax; ++i) lines.push_back({.size = i, .line = "x"});
  const Bytes encoded = encode_shown(lines);
  EXPECT_EQ(decode_shown(encoded).value(), lines);
  for (size_t cut = 0; cut < encoded.size(); ++cut) {
    EXPECT_FALSE(decode_shown(BytesView(encoded).substr(0, cut)));
  }
  Bytes many = encoded;
  many[1] = static_cast<char>(kShownLinesMax + 1);
  EXPECT_FALSE(decode_shown(many));
  EXPECT_FALSE(decode_shown(encoded + "x"));
}

}  // namespace
}  // namespace suyuan
