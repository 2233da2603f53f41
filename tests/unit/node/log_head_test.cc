// What nodes say in etcd, each under its own signature: its address, and where it stands once the
// log is lost. Which of it counts.
#include "ledger/base/text.h"
#include "tests/unit/node/generation_fixture.h"

namespace suyuan {
namespace {

class LogHeadTest : public GenerationFixture {};

TEST_F(LogHeadTest, ANodesAddressIsItsOwnWord) {
  const NamedKeyPair by{.name = "node-a", .pair = pair_of('a')};
  const NodeAddress address{.ledger = nodes_.ledger, .log = "trace", .node = "node-a",
                            .url = "https://a.example:7480"};
  const std::string note = sign_node_address(address, by);
  EXPECT_EQ(open_node_address(note, nodes_).value(), address);
  EXPECT_EQ(note.substr(0, note.find("\n\n") + 1),
            "suyuan/node-address/v1\nledger " + nodes_.ledger.line() +
                "\nlog trace\nnode node-a\nurl https://a.example:7480\n");
  const auto code = [&](const std::string& text) {
    const auto opened = open_node_address(text, nodes_);
    return opened ? Code::BUSY : opened.error().code;
  };
  auto other = address;
  other.log = "another";
  EXPECT_EQ(code(sign_node_address(other, by)), Code::LEDGER_MISMATCH);
  other = address;
  other.ledger.origin = "other.example/log";
  EXPECT_EQ(code(sign_node_address(other, by)), Code::LEDGER_MISMATCH);
  other = address;
  other.node = "node-b";
  EXPECT_EQ(code(sign_node_address(other, by)), Code::SIGNATURE_INVALID);
  other.node = "nobody";
  EXPECT_EQ(code(sign_node_address(other, by)), Code::KEY_UNKNOWN);
  std::string moved = note;
  moved.replace(moved.find("a.example"), 9, "b.example");
  EXPECT_EQ(code(moved), Code::SIGNATURE_INVALID);
  EXPECT_EQ(code("https://a.example:7480"), Code::NOTE_SYNTAX) << "as older programs put it";
}

// The signature is of the node's key, and the key id of that key and the other name.
TEST_F(LogHeadTest, ALineInAnotherNameIsNoNodesOwnWord) {
  const NamedKeyPair renamed{.name = "node-b", .pair = pair_of('a')};
  const auto opened = open_node_address(
      sign_node_address({.ledger = nodes_.ledger, .log = "trace", .node = "node-a",
                         .url = "https://a.example:7480"},
                        renamed),
      nodes_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::SIGNATURE_INVALID);
  const auto head_of_a = open_log_head(sign_log_head(head('a', 5), renamed), nodes_);
  ASSERT_FALSE(head_of_a);
  EXPECT_EQ(head_of_a.error().code, Code::SIGNATURE_INVALID);
}

// What stands in etcd of an earlier recover, put back by who may write there.
TEST_F(LogHeadTest, AnOldHeadIsNoVote) {
  const LogHead own = head('c', 9);
  LogHead earlier = head('a', 5);
  earlier.generation = {};
  LogHead ended = head('b', 5);
  ended.until_ms = kNow - 1;
  const std::map<std::string, Bytes> old = {
      {"node-a", note(earlier)}, {"node-b", note(ended)}, {"node-c", note(own)}};
  const auto in_force = heads_in_force(old, own, nodes_, kNow);
  ASSERT_EQ(in_force.size(), 1U);
  EXPECT_EQ(in_force[0].head, own);
  LogHead ahead = head('a', 5);
  ahead.until_ms = kNow + 3 * kLogHeadHoldsMs;
  EXPECT_TRUE(heads_in_force({{"node-a", note(ahead)}}, own, nodes_, kNow).empty());
  EXPECT_TRUE(heads_in_force({{"node-b", note(head('a', 5))}}, own, nodes_, kNow).empty());

  const auto refused = [&](const LogHead& other) {
    return !judge_generation(evidence({other, own}), nodes_);
  };
  EXPECT_FALSE(refused(head('a', 5)));
  EXPECT_TRUE(refused(earlier));
  LogHead hours_ago = head('a', 5);
  hours_ago.until_ms -= 3 * kLogHeadHoldsMs;
  EXPECT_TRUE(refused(hours_ago));
}

TEST_F(LogHeadTest, AHeadNamesItsGenerationAndItsTime) {
  const LogHead one = head('a', 2);
  const std::string signed_note = note(one);
  EXPECT_EQ(open_log_head(signed_note, nodes_).value(), one);
  EXPECT_EQ(signed_note.substr(0, signed_note.find("\n\n") + 1),
            "suyuan/log-head/v2\nledger " + nodes_.ledger.line() +
                "\nlog trace\nnode node-a\ngeneration 3 " +
                to_base64(one.generation.mark.view()) + "\nuntil 1700000600000\nposition 4\nmark " +
                to_base64(one.place.mark.view()) + "\nleaves 2\nroot " +
                to_base64(one.tree.root.view()) + "\n");
  std::string old_form = signed_note;
  const size_t from = old_form.find("generation ");
  old_form.erase(from, old_form.find("position ") - from);
  EXPECT_FALSE(open_log_head(old_form, nodes_));
  std::string longer = signed_note;
  longer.replace(longer.find("1700000600000"), 13, "1800000600000");
  EXPECT_EQ(open_log_head(longer, nodes_).error().code, Code::SIGNATURE_INVALID);
}

// A node behind a notice does not begin by the nodes that it knows, where it sees others.
TEST_F(LogHeadTest, NodesAndKeysThatAStoreDoesNotKnowAreSeen) {
  LogNodes ever = nodes_;
  ever.nodes.push_back({.name = "node-a", .key = pair_of('o').key});
  const auto by_key = [&](LogHead head, const std::string& name, char key) {
    head.node = name;
    return sign_log_head(head, {.name = name, .pair = pair_of(key)});
  };
  LogHead ended = head('a', 5);
  ended.until_ms = kNow - 1;
  LogHead other_log = head('a', 5);
  other_log.log = "another";
  const std::map<std::string, Bytes> shown = {
      {"node-a", by_key(head('a', 5), "node-a", 'o')},  // by its key of before
      {"node-b", by_key(head('b', 5), "node-b", 'n')},  // by one that is not known
      {"node-c", note(head('c', 9))},
      {"node-d", by_key(head('a', 5), "node-d", 'd')},
      {"node-e", by_key(ended, "node-e", 'e')},
      {"node-f", by_key(other_log, "node-f", 'f')},
      {"node-g", note(head('a', 5))},
      {"node-h", "noise"}};
  EXPECT_EQ(unknown_heads(shown, ever, kNow), (std::vector<std::string>{"node-b", "node-d"}));

  const auto in_evidence = [&](const std::string& name) {
    return unknown_node_in(encode_generation(18, {{.note = shown.at("node-c")},
                                                  {.note = shown.at(name)}}, by('c')),
                           ever);
  };
  EXPECT_EQ(in_evidence("node-d"), "node-d");
  EXPECT_EQ(in_evidence("node-b"), "node-b");
  EXPECT_EQ(in_evidence("node-a"), std::nullopt);
  EXPECT_EQ(in_evidence("node-h"), std::nullopt);
  const Bytes whole = encode_generation(18, {{.note = shown.at("node-d")}}, by('c'));
  for (size_t size = 0; size < 12; ++size) {
    EXPECT_EQ(unknown_node_in(whole.substr(0, size), ever), std::nullopt) << size;
  }
}

}  // namespace
}  // namespace suyuan
