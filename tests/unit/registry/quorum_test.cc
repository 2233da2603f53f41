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
  // Another one alone is told of the quorum: its own signature counts towards it.
  EXPECT_EQ(registry.apply(added(registry, "auth", 'x'), 1, "other-auth"), "NOT_AUTHORITY with");
  EXPECT_EQ(registry.apply(RevokeKey{.party = "auth", .key = pair_of('A').key}, 1, "other-auth"),
            "NOT_AUTHORITY with");
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
    if (!both) {
      EXPECT_EQ(taken.error().code, Code::NOT_AUTHORITY);
    }
  }
}

// A batch has its party and eight others: what genesis says beyond could never be met.
TEST(Quorum, OfMoreThanABatchHasSignersIsNine) {
  Genesis many = Registry().genesis;
  many.authorities.clear();
  for (char seed = 'a'; seed < 'a' + 12; ++seed)
    many.authorities.push_back({.name = std::string(1, seed), .key = pair_of(seed).key});
  many.quorum = 12;
  const MemoryStore store;
  Overlay state(store.latest());
  start_registry(state, many);
  EXPECT_EQ(authorities_needed(state).value(), 9U);
  const LedgerId ledger{.origin = many.origin, .genesis = {}};
  const KeyPair fresh = pair_of('z');
  const AddKey add{.party = "a", .key = prove_possession(ledger, "a", fresh.secret, fresh.key)};
  const PartyState first = find_party(state, "a").value().value();
  std::vector<std::string> with = {"b", "c", "d", "e", "f", "g", "h"};
  EXPECT_FALSE(apply_registry_event(state, ledger, add, ActSigners(first, with), 1));
  with.push_back("i");
  EXPECT_TRUE(apply_registry_event(state, ledger, add, ActSigners(first, with), 1));
}

TEST(Quorum, OfAStoreThatWasMadeBeforeItCountedIsReadFromGenesis) {
  const Genesis genesis = Registry(2).genesis;
  const MemoryStore store;
  Overlay state(store.latest());
  EXPECT_EQ(authorities_needed(state).value(), 1U);
  state.put(Table::leaf, u64_key(0),
            write_leaf(LeafKind::genesis, 0, write_genesis(genesis).value()));
  EXPECT_EQ(authorities_needed(state).value(), 2U);
  // Who has no log keeps it as a row.
  const Changes rows = quorum_rows(genesis);
  ASSERT_EQ(rows.size(), 1U);
  state.put(Table::registry, Bytes(rows[0].key), *rows[0].value);
  EXPECT_EQ(authorities_needed(state).value(), 2U);
  EXPECT_TRUE(quorum_rows(Registry(1).genesis).empty());
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
