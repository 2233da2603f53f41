// Whom a node takes for the ledger's nodes before it follows the log: what its store holds, or a
// newer notice in its folder that enough authorities signed, and nothing else.
#include "node/peers/known_rules.h"

#include "ledger/os/files.h"
#include "tests/unit/node/sealed_ledger.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

// A ledger of node "node", whose two authorities sign.
class KnownRules : public ::testing::Test {
 protected:
  RulesText rules_text(uint64_t number, const std::string& more) const {
    RulesText rules{.ledger = registry_.ledger,
                    .number = number,
                    .nodes = registry_.genesis.nodes,
                    .until_ms = 1'900'000'000'000};
    for (const char name : more)
      rules.nodes.push_back({.name = std::string("node-") + name, .key = pair_of(name).key});
    return rules;
  }
  static std::string signed_rules(const RulesText& rules, const std::string& seeds) {
    SignedNote note{.text = write_rules(rules).value(), .signatures = {}};
    for (const char seed : seeds) {
      const KeyPair pair = pair_of(seed);
      const char* name = seed == 'A' ? "auth" : seed == 'Z' ? "stranger" : "other-auth";
      note.signatures.push_back(sign_note(note.text, name, pair.secret, pair.key));
    }
    return write_note(note);
  }
  void lay(const std::string& note) const {
    ASSERT_TRUE(write_file(data_.rules(), note, FileMode::shared));
  }
  // The names, or why not.
  std::string known() {
    const auto rules =
        known_rules(data_, registry_.state(), registry_.genesis, registry_.ledger);
    if (!rules) return std::string(info(rules.error().code).name);
    std::string names;
    for (const auto& node : rules->nodes) names += (names.empty() ? "" : " ") + node.name;
    return names;
  }

  const TempFolder folder_;
  const DataFolder data_{folder_ / "."};
  Registry registry_;
};

TEST_F(KnownRules, AreGenesisWhereNothingElseIsThere) {
  EXPECT_EQ(known(), "node");
  EXPECT_EQ(known_rules(data_, registry_.genesis, registry_.ledger).value(),
            rules_of(registry_.genesis));
}

TEST_F(KnownRules, AreANoticesInTheFolderThatEnoughSigned) {
  lay(signed_rules(rules_text(1, "x"), "AB"));
  EXPECT_EQ(known(), "node node-x");
  const auto joining = known_rules(data_, registry_.genesis, registry_.ledger);
  ASSERT_TRUE(joining) << "by the authorities' keys of genesis";
  EXPECT_EQ(joining->number, 1U);
  lay(signed_rules(rules_text(7, "y"), "AB"));
  EXPECT_EQ(known(), "node node-y") << "it says all, whatever was between";
}

TEST_F(KnownRules, RefuseANoticeThatTooFewSignedOrAnother) {
  lay(signed_rules(rules_text(1, "x"), "A"));
  EXPECT_EQ(known(), "SIGNATURE_LINES");
  lay(signed_rules(rules_text(1, "x"), "AC"));
  EXPECT_EQ(known(), "SIGNATURE_LINES") << "a key that is not other-auth's";
  lay(signed_rules(rules_text(1, "x"), "AZ"));
  EXPECT_EQ(known(), "SIGNATURE_LINES") << "a stranger's line counts nothing";
  RulesText foreign = rules_text(1, "x");
  foreign.ledger.origin = "other.example/log";
  lay(signed_rules(foreign, "AB"));
  EXPECT_EQ(known(), "LEDGER_MISMATCH");
  lay(signed_rules(rules_text(1, "x"), "AB") + "more\n");
  EXPECT_EQ(known(), "NOTE_SYNTAX");
  std::string changed = signed_rules(rules_text(1, "x"), "AB");
  changed.replace(changed.find("number 1"), 8, "number 2");
  lay(changed);
  EXPECT_EQ(known(), "SIGNATURE_LINES");
}

// An authority may have a key by then that only the log knows.
TEST_F(KnownRules, AreNotSpoiledByALineThatIsNotKnownHere) {
  lay(signed_rules(rules_text(1, "x"), "ABZ"));
  EXPECT_EQ(known(), "node node-x");
}

TEST_F(KnownRules, AreTheStoresWhereTheFolderHasNothingNewer) {
  put_rules(registry_.state(), {.number = 2,
                                .version = 1,
                                .nodes = rules_text(2, "y").nodes,
                                .leaf = 9});
  EXPECT_EQ(known(), "node node-y");
  lay(signed_rules(rules_text(1, "x"), "AB"));
  EXPECT_EQ(known(), "node node-y") << "older";
  lay(signed_rules(rules_text(2, "x"), "A"));
  EXPECT_EQ(known(), "node node-y") << "of the same number, not even looked at";
  lay(signed_rules(rules_text(3, "z"), "AB"));
  EXPECT_EQ(known(), "node node-z");
}

TEST_F(KnownRules, CountTheAuthoritiesKeysThatTheStoreKnows) {
  ASSERT_EQ(registry_.apply(AddKey{.party = "auth", .key = registry_.entry("auth", 'C')}, 5), "OK");
  ASSERT_EQ(registry_.apply(RevokeKey{.party = "auth", .key = pair_of('A').key}, 6), "OK");
  lay(signed_rules(rules_text(1, "x"), "AB"));
  EXPECT_EQ(known(), "SIGNATURE_LINES");
  const auto serving =
      rules_to_serve(data_, registry_.state(), registry_.genesis, registry_.ledger);
  ASSERT_TRUE(serving) << "a hint that does not hold stops nobody";
  EXPECT_EQ(*serving, rules_of(registry_.genesis));
}

TEST_F(KnownRules, NameEveryKeyThatWasEverANodes) {
  put_rules(registry_.state(), {.number = 1,
                                .version = 1,
                                .nodes = rules_text(1, "x").nodes,
                                .leaf = 9});
  const RulesState newest{.number = 2, .version = 1, .nodes = rules_text(2, "y").nodes,
                          .leaf = UINT64_MAX};
  const auto all = all_nodes(registry_.state(), registry_.genesis, newest);
  ASSERT_TRUE(all);
  for (const char name : {'x', 'y'}) {
    EXPECT_NE(std::ranges::find(*all, pair_of(name).key, &NamedKey::key), all->end()) << name;
  }
  EXPECT_EQ(with_nodes(registry_.genesis, *all).nodes, *all);
}

}  // namespace
}  // namespace suyuan::testing
