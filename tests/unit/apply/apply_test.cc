// The group: determinism, boundaries that do not matter, refusals without a trace, the log's rows.
#include "ledger/apply/apply.h"

#include <random>

#include "ledger/apply/log_writer.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/record.h"
#include "ledger/merkle/tree.h"
#include "ledger/registry/genesis.h"
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

constexpr uint32_t kSeed = 20'260'601;

class Apply : public World {
 protected:
  // Forty batches about a few things, part of them refused, part flagged, in any order of time.
  std::vector<VerifiedBatch> mixed_batches() {
    std::mt19937 random(kSeed);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto time = [&] {
      return to_rfc3339({at("08:00").ms + pick(600) * 60'000, 0});
    };
    const std::vector<std::string> boxes = {kPallet, kPallet2, kBox};
    const std::vector<std::string> parties = {"maker", "carrier", "shop"};
    std::vector<VerifiedBatch> all;
    for (int i = 0; i < 40; ++i) {
      const auto thing = can(pick(6)), holder = parties[static_cast<size_t>(pick(3))];
      const auto box = boxes[static_cast<size_t>(pick(3))];
      const auto event = [&]() -> TraceEvent {
        switch (pick(5)) {
          case 0: return commission(time(), {thing});
          case 1: return pack(time(), box, {thing});
          case 2: return unpack(time(), box, {thing});
          case 3: return hand(observe(time(), "departing", {box}), {holder}, "carrier");
          default: return named(observe(time(), "arriving", {thing}), "urn:x:" + time());
        }
      };
      std::vector<TraceEvent> events = {event()};
      if (pick(2) == 1) events.push_back(event());
      all.push_back(ledger.batch(parties[static_cast<size_t>(pick(3))], events));
    }
    return all;
  }

  struct Outcome {
    std::vector<std::string> verdicts;
    Hash root;
    LedgerHead head;
    std::map<std::pair<Table, Bytes>, Bytes> rows;
  };
  // Applies in groups of `size`, each at the same proposed times, on a copy of the state.
  Outcome in_groups(const std::vector<VerifiedBatch>& batches, size_t size) {
    MemoryStore store;
    Changes copy;
    for (auto& [key, value] : rows(ledger.state())) copy.push_back({key.first, key.second, value});
    EXPECT_TRUE(store.commit(copy));
    Outcome outcome;
    uint64_t position = read_head(store.latest())->position;
    for (size_t i = 0; i < batches.size(); i += size) {
      Group group{.position = ++position, .time_ms = ms("2026-06-02T00:00:00Z"), .batches = {}};
      for (size_t j = i; j < std::min(i + size, batches.size()); ++j) {
        group.batches.push_back(&batches[j]);
      }
      auto applied = apply(store.latest(), group);
      EXPECT_TRUE(applied);
      EXPECT_TRUE(store.commit(applied->changes));
      for (const auto& verdict : applied->verdicts) outcome.verdicts.push_back(words(verdict));
      outcome.root = applied->root;
      outcome.head = applied->head;
    }
    outcome.rows = rows(store.latest());
    return outcome;
  }
};

TEST_F(Apply, GivesTheSameChangesForTheSameInput) {
  const auto batches = mixed_batches();
  const auto first = ledger.try_group(batches), second = ledger.try_group(batches);
  EXPECT_EQ(first.changes, second.changes) << "seed " << kSeed;
  EXPECT_EQ(first.root, second.root);
}

TEST_F(Apply, MixesVerdictsInTheBatchesThatThesePropertiesAreTriedOn) {
  std::map<size_t, int> kinds;
  for (const auto& verdict : ledger.try_group(mixed_batches()).verdicts) ++kinds[verdict.index()];
  EXPECT_GT(kinds[0], 5) << "accepted; seed " << kSeed;
  EXPECT_GT(kinds[2], 5) << "refused; seed " << kSeed;
}

TEST_F(Apply, DoesNotDependOnGroupBoundaries) {
  const auto batches = mixed_batches();
  auto whole = in_groups(batches, batches.size());
  for (const size_t size : {size_t{1}, size_t{3}, size_t{16}}) {
    auto parts = in_groups(batches, size);
    EXPECT_EQ(whole.verdicts, parts.verdicts) << "groups of " << size << ", seed " << kSeed;
    EXPECT_EQ(whole.root, parts.root);
    // Only the positions and the sizes that acknowledge differ.
    for (auto* outcome : {&whole, &parts}) {
      std::erase_if(outcome->rows, [](const auto& row) {
        return row.first.first == Table::batch || row.first.first == Table::meta;
      });
    }
    EXPECT_EQ(whole.rows, parts.rows);
  }
}

TEST_F(Apply, LeavesNoTraceOfARefusedBatch) {
  ledger.accept("maker", commission("08:00", {can(1)}));
  std::vector<VerifiedBatch> with, without;
  with.push_back(ledger.batch("maker", {commission("09:00", {can(2)})}));
  without.push_back(with.front());
  with.push_back(ledger.batch("maker", {commission("09:00", {can(3)}),
                                        pack("09:01", kPallet, {can(2)}),
                                        commission("09:00", {can(1)})}));
  with.push_back(ledger.batch("maker", {pack("10:00", kPallet2, {can(2)})}));
  without.push_back(with.back());
  const auto a = ledger.try_group(with), b = ledger.try_group(without);
  EXPECT_EQ(refusal(a.verdicts[1]), Code::DUPLICATE_ID);
  EXPECT_EQ(a.changes, b.changes);
}

TEST_F(Apply, WritesOnlyThePositionWhenNothingIsAccepted) {
  const auto group = ledger.try_group({ledger.batch("carrier", {commission("08:00", {can(1)})})});
  EXPECT_FALSE(group.grown);
  ASSERT_EQ(group.changes.size(), 1U);
  EXPECT_EQ(group.changes[0].table, Table::meta);
  EXPECT_EQ(group.head.leaves, ledger.head().leaves);
}

TEST_F(Apply, RefusesAPositionThatDoesNotRise) {
  const Group group{.position = ledger.head().position, .time_ms = 0, .batches = {}};
  const auto applied = apply(ledger.state(), group);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, Code::CORRUPT);
}

TEST_F(Apply, NeverLetsLogTimeFall) {
  ledger.accept("maker", commission("08:00", {can(1)}));
  const auto before = ledger.head().time_ms;
  ledger.clock_at(before - 1000);
  const auto leaf = ledger.accept("maker", commission("08:00", {can(2)})).leaf;
  EXPECT_EQ(ledger.head().time_ms, before);
  const auto data = ledger.state().get(Table::leaf, u64_key(leaf));
  ASSERT_TRUE(data && *data);
  EXPECT_EQ(parse_leaf(**data)->time_ms, before);
}

// Every chain from the records alone, as an auditor does.
TEST_F(Apply, LinksEveryCodeOfEveryRecordInLogOrder) {
  ledger.apply_group(mixed_batches());
  std::map<Hash, ChainHead> heads;
  uint64_t events = 0;
  const auto visit = [&](BytesView key, BytesView value) {
    const auto place = decode_place_key(key).value();
    ++events;
    const Record record = decode_record(value).value();
    for (const Hash& code : record.code_keys) {
      auto [head, fresh] = heads.try_emplace(code, ChainHead{0, code});
      Bytes text = "\x02";
      put_u64(text, ++head->second.count);
      text += head->second.link.view();
      put_u64(text, place.leaf);
      put_u32(text, place.event);
      text += leaf_hash(value).view();
      head->second.link = sha256(text);
    }
    return true;
  };
  ASSERT_TRUE(ledger.state().scan(Table::record, "", "", Direction::ascending, visit));
  EXPECT_EQ(ledger.head().events, events);
  EXPECT_EQ(ledger.head().chains, heads.size());
  for (const auto& [code, head] : heads) {
    const auto stored = get<ChainHead>(ledger.state(), Table::head, code.view());
    ASSERT_TRUE(stored && *stored);
    EXPECT_EQ(**stored, head);
    const auto last = get<StoredLink>(ledger.state(), Table::chain, chain_key(code, head.count));
    ASSERT_TRUE(last && *last);
    EXPECT_EQ((*last)->link, head.link);
  }
}

TEST_F(Apply, GrowsTheTreeOverItsLeaves) {
  const auto group = ledger.apply_group(mixed_batches());
  std::vector<Hash> leaves;
  ASSERT_TRUE(ledger.state().scan(Table::leaf, "", "", Direction::ascending,
                                  [&](BytesView, BytesView data) {
                                    leaves.push_back(leaf_hash(data));
                                    return true;
                                  }));
  EXPECT_EQ(leaves.size(), group.head.leaves);
  EXPECT_EQ(tree_hash(leaves), group.root);
  const auto row = ledger.state().get(Table::tree, tree_key(0, 3));
  ASSERT_TRUE(row && *row);
  EXPECT_EQ(**row, leaves[3].bytes());
}

TEST_F(Apply, KeepsPayloadSectionsAndCodes) {
  const auto leaf = ledger.accept("maker", commission("08:00", {can(1)}, kLot)).leaf;
  const auto payload = get<StoredPayload>(ledger.state(), Table::payload, place_key({leaf, 0}));
  ASSERT_TRUE(payload && *payload);
  EXPECT_EQ((*payload)->type, PayloadType::event_capnp);
  const auto named = get<StoredCode>(ledger.state(), Table::code, key_of(can(1)).view());
  ASSERT_TRUE(named && *named);
  EXPECT_EQ((*named)->canonical, code(can(1)));
  for (const auto& above : {code(kLot), code("gtin:" + std::string(kCan))}) {
    const auto below = ledger.state().get(Table::below, below_key(above, code(can(1))));
    EXPECT_TRUE(below && *below) << above;
  }
}

TEST_F(Apply, StoresFindingsBesideTheirEvents) {
  const auto accepted = ledger.accept("shop", {observe("08:00", "arriving", {kBox}),
                                               unpack("09:00", kPallet, {kBox})});
  ASSERT_EQ(accepted.findings.size(), 1U);
  const Place place{accepted.leaf, 1};
  const auto stored = get<Finding>(ledger.state(), Table::finding, finding_key(place, 0));
  ASSERT_TRUE(stored && *stored);
  EXPECT_EQ(**stored, accepted.findings[0]);
  EXPECT_EQ((*stored)->codes, std::vector{code(kBox)});
}

TEST_F(Apply, ChainsRegistryActsOnTheirCode) {
  const auto head =
      get<ChainHead>(ledger.state(), Table::head, code_key(party_code("maker")).view());
  ASSERT_TRUE(head && *head);
  EXPECT_EQ((*head)->count, 1U);
}

TEST(Genesis, IsLeafZeroOfATreeOfOne) {
  LedgerBuilder ledger;
  const auto head = ledger.head();
  EXPECT_EQ(head.leaves, 1U);
  const auto data = ledger.state().get(Table::leaf, u64_key(0));
  ASSERT_TRUE(data && *data);
  EXPECT_EQ(head.genesis, sha256(**data));
}

TEST(Genesis, IsMissingFromAnEmptyStore) {
  const MemoryStore store;
  EXPECT_EQ(read_head(store.latest()).error().code, Code::NOT_FOUND);
  EXPECT_EQ(apply(store.latest(), {}).error().code, Code::NOT_FOUND);
}

}  // namespace
}  // namespace suyuan::testing
