// Logs with rules notices: one that the authorities signed passes, in every form of the audit; one
// that an operator made up, who holds every node's key, is named at its place.
#include "ledger/registry/rows.h"
#include "ledger/store/memory_store.h"
#include "tests/unit/audit/applied_log.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::AppliedLog;
using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::place;
using testing::receiving;

// The notice is leaf 7.
class AuditMembers : public AuditLog {
 protected:
  NamedKey node(const std::string& name) { return {.name = name, .key = log.keys(name).key}; }
  RulesText with_second(uint64_t number = 1) {
    return {.ledger = {}, .number = number, .nodes = {node("node-1"), node("node-2")}};
  }
  std::string place_of(const RulesText& rules, const std::vector<std::string>& by = {"registrar"}) {
    const size_t before = log.leaves.size();
    log.rules(rules, by);
    const std::string found = place(log);
    log.leaves.resize(before);
    return found;
  }
};

TEST_F(AuditMembers, PassWhereTheAuthoritiesSigned) {
  log.rules(with_second());
  log.post("store", {receiving({box(5)})});
  log.rules({.ledger = {}, .number = 2, .nodes = {node("node-2")}});
  log.seal();
  const auto report = audited(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.counts.notices, 2U);
}

TEST_F(AuditMembers, AreNotForWhoIsNoAuthority) {
  EXPECT_EQ(place_of(with_second(), {"store"}),
            "NOTICE_INVALID leaf 7 [signature line 1] tile/entries/000");
  EXPECT_EQ(place_of(with_second(), {"registrar", "store"}),
            "NOTICE_INVALID leaf 7 [signature line 2] tile/entries/000");
  EXPECT_EQ(place_of(with_second(), {"nobody"}),
            "SIGNER_INVALID leaf 7 [signature line 1] tile/entries/000");
  EXPECT_EQ(place_of(with_second(), {"node-1"}),
            "SIGNER_INVALID leaf 7 [signature line 1] tile/entries/000");
}

TEST_F(AuditMembers, AreOfAKeyThatTheAuthorityHasThere) {
  log.act(AddKey{.party = "registrar", .key = log.possession("registrar", "second key")});
  log.act(RevokeKey{.party = "registrar", .key = log.keys("registrar").key});
  log.rules(with_second());
  EXPECT_EQ(sealed_place(), "SIGNER_INVALID leaf 9 [signature line 1] tile/entries/000");
}

TEST_F(AuditMembers, AreNamedWhereTheTextIsNotWhatWasSigned) {
  log.rules(with_second());
  Bytes& data = log.leaves[7].data;
  const std::string other = to_base64(log.keys("node-3").key.view());
  const std::string signed_key = to_base64(log.keys("node-2").key.view());
  data.replace(data.find(signed_key), signed_key.size(), other);
  EXPECT_EQ(sealed_place(), "SIGNATURE_INVALID leaf 7 [signature line 1] tile/entries/000");
}

TEST_F(AuditMembers, FollowEachOther) {
  EXPECT_EQ(place_of(with_second(2)), "NOTICE_INVALID leaf 7 [number] tile/entries/000");
  log.rules(with_second());
  EXPECT_EQ(place_of(with_second()), "BATCH_REPEATED leaf 8 tile/entries/000");
  RulesText again = with_second();
  again.until_ms = UINT64_C(4'000'000'000'001);
  EXPECT_EQ(place_of(again), "NOTICE_INVALID leaf 8 [number] tile/entries/000");
}

TEST_F(AuditMembers, AreJudgedByWhatTheySay) {
  RulesText rules = with_second();
  rules.ledger = {.origin = "other.example/log", .genesis = log.id.genesis};
  EXPECT_EQ(place_of(rules), "LEDGER_MISMATCH leaf 7 [ledger] tile/entries/000");
  rules = with_second();
  rules.until_ms = static_cast<uint64_t>(log.time_ms) - 1;
  EXPECT_EQ(place_of(rules), "NOTICE_INVALID leaf 7 [until] tile/entries/000");
  rules = with_second();
  rules.version = 3;
  EXPECT_EQ(place_of(rules), "NOTICE_INVALID leaf 7 [rules] tile/entries/000");
  EXPECT_EQ(place_of({.ledger = {}, .nodes = {node("node-2")}}),
            "NOTICE_INVALID leaf 7 [node] tile/entries/000")
      << "nobody stays";
  rules = with_second();
  rules.nodes[1].key = log.keys("farm").key;
  EXPECT_EQ(place_of(rules), "NOTICE_INVALID leaf 7 [node[1]] tile/entries/000")
      << "a party's key";
}

TEST_F(AuditMembers, OfRulesThatThisProgramDoesNotKnowAreForANewerOne) {
  RulesText rules = with_second();
  rules.version = rules_known() + 1;
  EXPECT_EQ(place_of(rules), "RULES_NEWER leaf 7 [rules] tile/entries/000");
}

TEST_F(AuditMembers, AreRememberedByASavedAudit) {
  log.rules(with_second());
  const auto report = resumed_after([&] {
    RulesText again = with_second();
    again.until_ms = UINT64_C(4'000'000'000'001);
    log.rules(again);
  });
  EXPECT_EQ(place(report), "NOTICE_INVALID leaf 9 [number] tile/entries/000");
  EXPECT_EQ(report.resumed_from, 9U);
}

TEST_F(AuditMembers, AreReplayedAndComparedWithAStore) {
  log.rules(with_second());
  log.post("store", {receiving({box(5)})});
  log.seal();
  MemoryStore store;
  AppliedLog(store, log).publish();
  EXPECT_EQ(place_beside(store), "clean");
  const Bytes row = store.latest().get(Table::registry, rules_row_key(7)).value().value();
  ASSERT_TRUE(store.commit({{Table::registry, rules_row_key(7), std::nullopt}}));
  EXPECT_NE(place_beside(store), "clean") << "a store that has not heard of it";
  ASSERT_TRUE(store.commit({{Table::registry, rules_row_key(7), row},
                            {Table::registry, rules_row_key(6), row}}));
  EXPECT_NE(place_beside(store), "clean") << "nor from another leaf on";
}

}  // namespace
}  // namespace suyuan
