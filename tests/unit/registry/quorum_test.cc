// An authority's keys change by as many authorities as genesis says: in apply, and where acts are
// replayed by who holds no registry.
#include "ledger/registry/rows.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

AddKey added(const Registry& registry, const std::string& authority, char seed) {
  return {.party = authority, .key = registry.entry(authority, seed)};
}

TEST(Quorum, OfTwoAddsAndRevokesAnAuthoritysKey) {
  Registry registry(2);
  ASSERT_EQ(registry.apply(added(registry, "auth", 'x'), 1, "auth", {"other-auth"}), "OK");
  const RevokeKey old{.party = "auth", .key = pair_of('A').key, .suspect_from = 1};
  ASSERT_EQ(registry.apply(old, 2, "auth", {"other-auth"}), "OK");
  EXPECT_EQ(registry.party("auth").keys.size(), 2U);
  EXPECT_EQ(registry.party("auth").keys[0].revoked, 2U);
}

TEST(Quorum, IsNotMetByOneOrByPartiesThatAreNone) {
  Registry registry(2);
  ASSERT_EQ(registry.apply(registry.registration("p", "p"), 1), "OK");
  const auto add = added(registry, "auth", 'x');
  EXPECT_EQ(registry.apply(add, 2), "NOT_AUTHORITY with");
  EXPECT_EQ(registry.apply(add, 2, "auth", {"p"}), "NOT_AUTHORITY with");
  EXPECT_EQ(registry.apply(add, 2, "auth", {"nobody"}), "NOT_AUTHORITY with");
  ASSERT_EQ(registry.apply(add, 2, "auth", {"other-auth", "p"}), "OK");
  const RevokeKey old{.party = "auth", .key = pair_of('A').key};
  EXPECT_EQ(registry.apply(old, 3), "NOT_AUTHORITY with");
  EXPECT_EQ(registry.party("auth").keys[0].revoked, std::nullopt);
}

TEST(Quorum, MayBeOfOthersThanTheAuthorityWhoseKeyIsLost) {
  Registry registry(2);
  EXPECT_EQ(registry.apply(added(registry, "auth", 'x'), 1, "other-auth"), "NOT_AUTHORITY");
  // The one that signs first is the other, and the owner signs with it.
  EXPECT_EQ(registry.apply(added(registry, "auth", 'x'), 1, "other-auth", {"auth"}), "OK");
  Genesis three = registry.genesis;
  three.authorities.push_back({.name = "third", .key = pair_of('C').key});
  MemoryStore store;
  Overlay state(store.latest());
  start_registry(state, three);
  const PartyState other = find_party(state, "other-auth").value().value();
  const std::vector<std::string> with = {"third"};
  EXPECT_TRUE(apply_registry_event(state, registry.ledger, added(registry, "auth", 'y'),
                                   ActSigners(other, with), 1));
}

TEST(Quorum, IsWhatGenesisSaysAlsoWhereItIsMoreThanTwo) {
  Registry registry;
  Genesis three = registry.genesis;
  three.authorities.push_back({.name = "third", .key = pair_of('C').key});
  three.quorum = 3;
  MemoryStore store;
  Overlay state(store.latest());
  start_registry(state, three);
  EXPECT_EQ(authorities_needed(state).value(), 3U);
  const PartyState auth = find_party(state, "auth").value().value();
  const auto apply = [&](const std::vector<std::string>& with) {
    return apply_registry_event(state, registry.ledger, added(registry, "auth", 'x'),
                                ActSigners(auth, with), 1);
  };
  const std::vector<std::string> one = {"third"};
  ASSERT_FALSE(apply(one));
  EXPECT_EQ(apply(one).error().code, Code::NOT_AUTHORITY);
  EXPECT_TRUE(apply({"other-auth", "third"}));
}

// Ledgers made before the quorum counted say 1, whatever authorities they have.
TEST(Quorum, OfOneLeavesAnAuthorityItsOwnKeysAsEver) {
  Registry registry;
  EXPECT_EQ(registry.apply(added(registry, "auth", 'x'), 1), "OK");
  EXPECT_EQ(registry.apply(added(registry, "auth", 'y'), 1, "other-auth"), "NOT_AUTHORITY");
  EXPECT_EQ(registry.apply(added(registry, "auth", 'y'), 1, "other-auth", {"auth"}),
            "NOT_AUTHORITY");
  EXPECT_EQ(registry.apply(RevokeKey{.party = "auth", .key = pair_of('A').key}, 2), "OK");
  EXPECT_EQ(authorities_needed(registry.state()).value(), 1U);
}

TEST(Quorum, IsNotAskedForOtherParties) {
  Registry registry(2);
  EXPECT_EQ(registry.apply(registry.registration("p", "p"), 1), "OK");
  EXPECT_EQ(registry.apply(added(registry, "p", 'q'), 2), "OK");
  EXPECT_EQ(registry.apply(RevokeKey{.party = "p", .key = pair_of('p').key}, 3), "OK");
  AmendParty renamed{registry.party("auth").data};
  renamed.party.name = "The authority";
  EXPECT_EQ(registry.apply(renamed, 4), "OK");
}

TEST(Quorum, IsJudgedTheSameWhereActsAreReplayed) {
  for (const bool both : {false, true}) {
    Registry registry(2);
    const PartyState auth = registry.party("auth");
    const std::vector<std::string> with = {"other-auth"};
    const ActSigners by(auth, both ? std::span<const std::string>(with)
                                   : std::span<const std::string>());
    const auto taken =
        replay_party_act(registry.state(), registry.ledger, added(registry, "auth", 'x'), by, 1);
    EXPECT_EQ(taken.has_value(), both);
    if (!taken) EXPECT_EQ(taken.error().code, Code::NOT_AUTHORITY);
  }
}

TEST(Quorum, OfADamagedRowIsNoQuorum) {
  Registry registry(2);
  for (const Bytes& bytes : {Bytes(), Bytes(8, '\0'), Bytes(9, '\1')}) {
    registry.state().put(Table::registry, Bytes(kQuorumRowKey), bytes);
    EXPECT_EQ(authorities_needed(registry.state()).error().code, Code::CORRUPT);
  }
}

}  // namespace
}  // namespace suyuan::testing
