// k of n nodes: what a policy of nodes takes, and what it does not. The cases of
// tests/vectors/bundles/nodes.json are judged by the second verifier too.
#include <cstdlib>
#include <fstream>

#include "ledger/base/text.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/node_policy.h"
#include "tests/support/vectors.h"
#include "tests/unit/proof/bundle_world.h"

namespace suyuan::testing {
namespace {

namespace json = boost::json;

NamedKey node_of(char seed) {
  return {.name = std::string("node-") + seed, .key = witness_key(seed).key};
}

Genesis three_nodes() {
  Genesis genesis;
  genesis.origin = small_ledger().id().origin;
  genesis.log_key = small_ledger().policy().logs[0].key.key;
  for (const char seed : {'n', 'o', 'p'}) genesis.nodes.push_back(node_of(seed));
  return genesis;
}

Policy k_of_three(size_t k) {
  auto policy = policy_of_nodes(three_nodes(), small_ledger().id(), k);
  EXPECT_TRUE(policy);
  return *policy;
}

// The text of the ledger's newest checkpoint with the log's own line, without any other.
LineNote bare() {
  auto note = split_note(small_ledger().bundle(code(kFirstCan)).checkpoint);
  EXPECT_TRUE(note);
  note->lines.resize(1);
  return *note;
}

NoteLine line_of_node(char seed, int64_t at_ms) {
  const KeyPair pair = witness_key(seed);
  return cosign(bare().text, {.name = node_of(seed).name, .secret = pair.secret, .key = pair.key},
                static_cast<uint64_t>(at_ms / 1000));
}

struct NodeCase {
  std::string name;
  Policy policy;
  LineNote note;
};

std::vector<NodeCase> node_cases() {
  const int64_t at = small_ledger().sealed_ms();
  const auto with = [&](std::vector<NoteLine> more) {
    LineNote note = bare();
    for (auto& line : more) note.lines.push_back(std::move(line));
    return note;
  };
  const auto own_line = [&](char seed) {  // as the node that gives it out signs in the log's name
    const KeyPair pair = witness_key(seed);
    const auto text = parse_checkpoint(bare().text).value();
    return split_note(sign_checkpoint(text, pair.secret, pair.key))->lines[0];
  };
  NoteLine of_another = line_of_node('o', at);
  of_another.signature = line_of_node('p', at).signature;
  Policy both = k_of_three(2);
  const Policy outside = small_ledger().policy();
  for (size_t i = 0; i < 3; ++i) both.witnesses.push_back(outside.witnesses[i]);
  both.groups.push_back(
      {.name = "witnesses", .threshold = 2, .members = {{.index = 3}, {.index = 4}}});
  both.groups.push_back({.name = "both",
                         .threshold = 2,
                         .members = {{.is_group = true, .index = 0},
                                     {.is_group = true, .index = 1}}});
  both.quorum = PolicyMember{.is_group = true, .index = 2};
  return {
      {"two of three nodes", k_of_three(2),
       with({own_line('n'), line_of_node('n', at), line_of_node('p', at)})},
      {"all of three nodes", k_of_three(3),
       with({line_of_node('n', at), line_of_node('o', at), line_of_node('p', at)})},
      {"two where three are asked for", k_of_three(3),
       with({line_of_node('n', at), line_of_node('o', at)})},
      {"the log's key and one node's, stolen", k_of_three(2),
       with({own_line('n'), line_of_node('n', at)})},
      {"the log's key alone", k_of_three(1), with({})},
      {"one node's line twice", k_of_three(2),
       with({line_of_node('n', at), line_of_node('n', at + 1000)})},
      {"lines in the log's name are not cosignatures", k_of_three(2),
       with({own_line('n'), own_line('o'), own_line('p')})},
      {"a line in another node's name", k_of_three(2), with({line_of_node('n', at), of_another})},
      {"nodes do not stand in for witnesses", both,
       with({line_of_node('n', at), line_of_node('o', at), line_of_node('p', at)})},
      {"nodes that signed too long ago", k_of_three(2),
       with({line_of_node('n', at - 90'000'000), line_of_node('o', at - 90'000'000)})},
  };
}

json::object judged(const NodeCase& one) {
  Bundle bundle = small_ledger().bundle(code(kFirstCan));
  bundle.checkpoint = write_line_note(one.note);
  const std::string policy = write_policy(one.policy);
  const int64_t now = small_ledger().sealed_ms() + 1000;
  const std::string text = write_bundle_json(bundle);
  const auto verdict = verify_bundle_text(text, policy, now);
  json::object out{{"name", one.name}, {"policy", policy}, {"nowMs", now}, {"bundle", text},
                   {"verdict", std::string(word(verdict.judged))}};
  if (verdict.fault) out["code"] = std::string(info(*verdict.fault).name);
  if (verdict.as_of_ms) out["asOfMs"] = *verdict.as_of_ms;
  return out;
}

std::string vector_path() {
  return std::string(SUYUAN_SOURCE_DIR) + "/tests/vectors/bundles/nodes.json";
}

TEST(NodePolicy, AsksForKOfTheNodesThatGenesisNames) {
  const Policy policy = k_of_three(2);
  EXPECT_EQ(parse_policy(write_policy(policy)).value(), policy);
  EXPECT_EQ(policy.witnesses[1].name, "node:node-o");
  EXPECT_EQ(policy.witnesses[1].key.key, node_of('o').key);
  EXPECT_EQ(policy.groups[0].threshold, 2U);
  EXPECT_EQ(policy.genesis, std::vector<Hash>{small_ledger().id().genesis});
  for (const size_t k : {size_t{0}, size_t{4}}) {
    const auto refused = policy_of_nodes(three_nodes(), small_ledger().id(), k);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
  }
}

TEST(NodePolicy, TakesNothingThatTooFewNodesSigned) {
  const std::vector<std::string> verdicts = {
      "PROVEN",  "PROVEN",  "REFUSED QUORUM_MISSING", "REFUSED QUORUM_MISSING",
      "REFUSED QUORUM_MISSING", "REFUSED QUORUM_MISSING", "REFUSED QUORUM_MISSING",
      "REFUSED COSIGNATURE_INVALID", "REFUSED QUORUM_MISSING"};
  const auto cases = node_cases();
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const json::object found = judged(cases[i]);
    std::string said = text_of(found.at("verdict"));
    if (const auto* why = found.if_contains("code")) said += " " + text_of(*why);
    EXPECT_EQ(said, verdicts[i]) << cases[i].name;
  }
}

TEST(NodePolicy, TheCasesAreJudgedAsFrozen) {
  if (std::getenv("SUYUAN_WRITE_VECTORS") != nullptr) {
    std::string text =
        R"({"about":"Checkpoints that nodes cosigned, and policies that ask for k of them. )"
        R"(Made by tests/unit/proof/node_policy_test.cc.",)" "\n\"cases\":[";
    const char* before = "\n";
    for (const NodeCase& one : node_cases()) {
      text.append(before).append(json::serialize(judged(one)));
      before = ",\n";
    }
    std::ofstream(vector_path(), std::ios::binary) << text << "\n]}\n";
  }
  const auto all = own_vectors("bundles/nodes.json");
  ASSERT_GE(all.at("cases").as_array().size(), 10U);
  for (const auto& value : all.at("cases").as_array()) {
    const auto& one = value.as_object();
    const auto verdict = verify_bundle_text(text_of(one.at("bundle")), text_of(one.at("policy")),
                                            one.at("nowMs").as_int64());
    EXPECT_EQ(std::string(word(verdict.judged)), text_of(one.at("verdict")))
        << text_of(one.at("name"));
    EXPECT_EQ(verdict.fault ? std::string(info(*verdict.fault).name) : std::string(),
              one.contains("code") ? text_of(one.at("code")) : std::string());
  }
}

}  // namespace
}  // namespace suyuan::testing
