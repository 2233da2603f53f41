// Rules notices: the frozen vectors of tests/vectors/rules.json, made by another program; and what
// they leave in the registry.
#include "ledger/registry/rules_notice.h"

#include "ledger/registry/rows.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

template <class T>
std::string code_of_rules(const Result<T>& result) {
  return result ? "OK" : std::string(info(result.error().code).name);
}

RulesText rules_text(const boost::json::value& from, const LedgerId& ledger) {
  RulesText rules{.ledger = ledger,
                  .number = from.at("number").to_number<uint64_t>(),
                  .version = from.at("rules").to_number<uint64_t>(),
                  .nodes = {},
                  .until_ms = from.at("until").to_number<uint64_t>()};
  for (const auto& one : from.at("nodes").as_array()) {
    rules.nodes.push_back(
        {.name = text_of(one.at("name")), .key = hex_of<PublicKey>(one.at("key"))});
  }
  return rules;
}

// The second genesis of genesis.json: two nodes, two authorities, both of whom must sign.
struct VectorLedger {
  VectorLedger() : state(store.latest()) {
    const auto file = own_vectors("genesis.json");
    const auto& second = file.at("genesis").as_array().at(1);
    genesis = parse_genesis(text_of(second.at("text"))).value();
    ledger = ledger_id(genesis, text_of(second.at("leaf_data")));
    start_registry(state, genesis);
  }
  MemoryStore store;
  Overlay state;
  Genesis genesis;
  LedgerId ledger;
};

TEST(RulesVectors, AreWrittenAndReadToTheByte) {
  const VectorLedger world;
  const auto file = own_vectors("rules.json");
  for (const auto& one : file.at("rules").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const RulesText rules = rules_text(one, world.ledger);
    EXPECT_EQ(write_rules(rules).value(), text_of(one.at("text")));
    EXPECT_EQ(parse_rules(text_of(one.at("text"))).value(), rules);
    const std::string note = text_of(one.at("note"));
    const auto notice = parse_rules_notice(note);
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->rules, rules);
    EXPECT_EQ(write_note(notice->note), note);
    EXPECT_EQ(write_leaf(LeafKind::notice, 1'790'000'000'000, note),
              text_of(one.at("leaf_data")));
    EXPECT_EQ(parse_leaf(text_of(one.at("leaf_data")))->text, note);
  }
}

TEST(RulesVectors, TextsThatBreakARuleAreRefused) {
  const auto file = own_vectors("rules.json");
  for (const auto& one : file.at("refused_texts").as_array()) {
    EXPECT_EQ(code_of_rules(parse_rules(text_of(one.at("text")))), text_of(one.at("code")))
        << text_of(one.at("name"));
  }
}

TEST(RulesVectors, NoticesAreJudgedAtTheirPlace) {
  VectorLedger world;
  const auto file = own_vectors("rules.json");
  for (const auto& one : file.at("judged").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const auto notice = parse_rules_notice(text_of(one.at("note")));
    if (!notice) {
      EXPECT_EQ(code_of_rules(notice), text_of(one.at("code")));
      continue;
    }
    const auto judged = judge_rules(world.state, *notice,
                                    {.ledger = world.ledger,
                                     .genesis = world.genesis,
                                     .leaf = one.at("leaf").to_number<uint64_t>(),
                                     .time_ms = one.at("time_ms").to_number<int64_t>()});
    EXPECT_EQ(code_of_rules(judged), text_of(one.at("code")))
        << (judged ? "" : to_text(judged.error()));
    if (judged) put_rules(world.state, *judged);
  }
  const auto names_at = [&](uint64_t leaf) {
    std::string names;
    const RulesState rules = rules_at(world.state, world.genesis, leaf).value();
    for (const auto& node : rules.nodes) names += node.name.substr(5, 1);
    return names;
  };
  EXPECT_EQ(names_at(0), "ab");
  EXPECT_EQ(names_at(10), "ab") << "a notice holds from the next leaf on";
  EXPECT_EQ(names_at(11), "abc");
  EXPECT_EQ(names_at(12), "abc");
  EXPECT_EQ(names_at(13), "ac");
  EXPECT_EQ(names_at(16), "abc");
  EXPECT_EQ(names_at(17), "bc");
  EXPECT_EQ(names_at(UINT64_MAX), "c");
  EXPECT_EQ(list_rules(world.state)->size(), 5U);
}

RulesText next_rules(const Registry& registry, uint64_t number, std::vector<NamedKey> nodes) {
  return {.ledger = registry.ledger, .number = number, .nodes = std::move(nodes),
          .until_ms = 1'900'000'000'000};
}

std::string signed_by(const RulesText& rules, const std::string& authorities,
                      const std::string& seeds) {
  RulesNotice notice{.note = {.text = write_rules(rules).value(), .signatures = {}},
                     .rules = rules};
  std::string text;
  size_t at = 0;
  for (const std::string_view name : split(authorities, ' ')) {
    const KeyPair pair = pair_of(seeds.at(at++));
    text = add_signature(notice, name, pair.secret, pair.key).value();
    notice = parse_rules_notice(text).value();
  }
  return text;
}

std::string judged(Registry& registry, const std::string& note, uint64_t leaf) {
  const auto notice = parse_rules_notice(note);
  if (!notice) return code_of_rules(notice);
  const auto done = judge_rules(registry.state(), *notice,
                                {.ledger = registry.ledger, .genesis = registry.genesis,
                                 .leaf = leaf, .time_ms = 1});
  if (done) put_rules(registry.state(), *done);
  return code_of_rules(done);
}

TEST(RulesNotice, TakesSignaturesInAnyOrderAndFromEachOnce) {
  const Registry registry;
  const auto rules = next_rules(registry, 1, registry.genesis.nodes);
  EXPECT_EQ(signed_by(rules, "other-auth auth", "BA"), signed_by(rules, "auth other-auth", "AB"));
  const auto notice = parse_rules_notice(signed_by(rules, "auth", "A")).value();
  const KeyPair pair = pair_of('A');
  EXPECT_FALSE(add_signature(notice, "auth", pair.secret, pair.key));
}

TEST(RulesNotice, CountsTheKeysThatAreInForceAtItsPlace) {
  Registry registry;
  ASSERT_EQ(registry.apply(AddKey{.party = "auth", .key = registry.entry("auth", 'C')}, 5), "OK");
  ASSERT_EQ(registry.apply(RevokeKey{.party = "auth", .key = pair_of('A').key}, 6), "OK");
  const NamedKey more{.name = "o", .key = pair_of('O').key};
  const auto rules = next_rules(registry, 1, {registry.genesis.nodes.front(), more});
  EXPECT_EQ(judged(registry, signed_by(rules, "auth other-auth", "CB"), 5), "KEY_NOT_IN_FORCE");
  EXPECT_EQ(judged(registry, signed_by(rules, "auth other-auth", "AB"), 7), "KEY_NOT_IN_FORCE");
  EXPECT_EQ(judged(registry, signed_by(rules, "auth other-auth", "CB"), 7), "OK");
}

TEST(RulesNotice, ItsNodesKeysAreNobodyElsesFromThenOn) {
  Registry registry;
  const NamedKey node = registry.genesis.nodes.front();
  const NamedKey more{.name = "o", .key = pair_of('O').key};
  const auto take = [&](uint64_t number, const NamedKey& second, uint64_t leaf) {
    return judged(registry,
                  signed_by(next_rules(registry, number, {node, second}), "auth other-auth", "AB"),
                  leaf);
  };
  ASSERT_EQ(take(1, more, 7), "OK");
  EXPECT_EQ(registry.apply(registry.registration("p", "O"), 8), "KEY_EXISTS keys[0]");
  ASSERT_EQ(registry.apply(registry.registration("q", "Q"), 9), "OK");
  const NamedKey taken{.name = "o", .key = pair_of('Q').key};
  EXPECT_EQ(take(2, taken, 10), "KEY_EXISTS");
}

TEST(RulesNotice, NeedsMoreThanHalfOfTheAuthoritiesWhereGenesisAsksForOne) {
  Registry registry;
  ASSERT_EQ(registry.genesis.quorum, 1U);
  EXPECT_EQ(rules_quorum(registry.genesis), 2U);
  const auto rules = next_rules(registry, 1, registry.genesis.nodes);
  EXPECT_EQ(judged(registry, signed_by(rules, "auth", "A"), 7), "SIGNATURE_LINES");
  EXPECT_EQ(judged(registry, signed_by(rules, "auth other-auth", "AB"), 7), "OK");
}

// Else none could sign for more than half of the new ones before those have what they join by.
TEST(RulesNotice, LeavesThoseWhoStayMoreThanHalfButForASecondNode) {
  Registry registry;
  std::vector<NamedKey> nodes = registry.genesis.nodes;
  const auto with = [&](const std::string& more) {
    auto all = nodes;
    for (const char name : more) all.push_back({.name = {'o', name}, .key = pair_of(name).key});
    return all;
  };
  uint64_t number = 0;
  const auto take = [&](const std::vector<NamedKey>& all) {
    const auto rules = next_rules(registry, number + 1, all);
    const auto code = judged(registry, signed_by(rules, "auth other-auth", "AB"), 7 + number);
    if (code == "OK") ++number, nodes = all;
    return code;
  };
  EXPECT_EQ(take(with("PQ")), "INVALID_FIELD") << "three out of one";
  ASSERT_EQ(take(with("P")), "OK");
  EXPECT_EQ(take(with("QR")), "INVALID_FIELD") << "four out of two";
  ASSERT_EQ(take(with("Q")), "OK");
  ASSERT_EQ(take(with("RS")), "OK") << "five out of three";
}

TEST(RulesRows, ReadBackAsTheyWereWritten) {
  const RulesState rules{.number = 3, .version = 2, .nodes = Registry().genesis.nodes, .leaf = 9};
  const Bytes bytes = encode(rules);
  EXPECT_EQ(decode<RulesState>(bytes).value(), rules);
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode<RulesState>(BytesView(bytes).substr(0, size)));
  EXPECT_FALSE(decode<RulesState>(bytes + '\0'));
}

}  // namespace
}  // namespace suyuan::testing
