// Attacks on bundles: random changes, events left out, and an operator who writes his log anew.
#include <algorithm>
#include <cstdlib>

#include "ledger/code/code.h"
#include "ledger/event/record.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/batch_rows.h"
#include "tests/unit/proof/bundle_world.h"
#include "tests/unit/proof/mutate.h"
#include "tests/unit/proof/tamper_rows.h"

namespace suyuan::testing {
namespace {

// SUYUAN_MUTATIONS=1000000 for the long run.
size_t mutations() {
  const char* given = std::getenv("SUYUAN_MUTATIONS");
  return given != nullptr ? std::strtoul(given, nullptr, 10) : 50'000;
}

// Of small bundles: an absent code's has no events, the milk's has signatures by a gateway.
std::vector<std::string> attacked() {
  std::vector<std::string> texts;
  const std::string nobody = "https://nobody.example/1";
  for (const auto& one : {code(kMilkLot), code(kFirstCan), nobody}) {
    texts.push_back(write_bundle_json(small_ledger().bundle(one)));
  }
  return texts;
}

TEST(BundleAttack, NoRandomChangeIsAccepted) {
  const Policy policy = small_ledger().policy();
  const int64_t now = small_ledger().sealed_ms();
  const auto texts = attacked();
  constexpr uint64_t kSeeds = 6;
  size_t same = 0, refused = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Mutator mutator(texts[seed % texts.size()], seed);
    const Bundle original = parse_bundle_json(mutator.text()).value();
    for (size_t i = 0; i < mutations() / kSeeds + 1; ++i) {
      const Mutation mutation = mutator.next();
      const std::string text = mutator.apply(mutation);
      const auto bundle = parse_bundle_json(text);
      if (bundle && *bundle == original) {
        ++same;  // white space, say
        continue;
      }
      const auto verdict = verify_bundle_text(text, policy, now);
      // To leave a payload out is the maker's right: it is said, and nothing else is.
      Bundle without = original;
      if (bundle && verdict.judged == Judged::partial && verdict.counts.withheld == 1) {
        for (size_t n = 0; n < without.events.size(); ++n) {
          if (!bundle->events[n].payload) without.events[n].payload.reset();
        }
        ASSERT_EQ(*bundle, without) << boost::json::serialize(to_json(mutation));
        ++refused;
        continue;
      }
      // Cosignatures beyond the quorum may be unreadable to us: then the same is proven by fewer.
      if (bundle && verdict.judged != Judged::refused) {
        without.checkpoint = bundle->checkpoint;
        ASSERT_EQ(*bundle, without) << boost::json::serialize(to_json(mutation));
        ASSERT_LT(verdict.counts.cosignatures, 3U);
        ++same;
        continue;
      }
      ASSERT_EQ(verdict.judged, Judged::refused) << boost::json::serialize(to_json(mutation));
      ++refused;
    }
  }
  std::printf("mutations refused: %zu, the same bundle or one cosignature fewer: %zu\n", refused,
              same);
}

// First, middle and last of every code, and all between.
TEST(BundleAttack, NoEventCanBeLeftOut) {
  const Bundle whole = small_ledger().bundle(code(kFirstCan));
  for (size_t i = 0; i < whole.events.size(); ++i) {
    Bundle less = whole;
    less.events.erase(less.events.begin() + static_cast<std::ptrdiff_t>(i));
    prune(less);
    EXPECT_EQ(checked(less).judged, Judged::refused) << i;
  }
}

TEST(BundleAttack, NoChainAndNoLeafCanBeLeftOut) {
  const Bundle whole = small_ledger().bundle(code(kFirstCan));
  for (size_t i = 0; i < whole.chains.size(); ++i) {
    Bundle less = whole;
    less.chains.erase(less.chains.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(checked(less).judged, Judged::refused) << whole.chains[i].code;
    prune(less);
    EXPECT_EQ(checked(less).judged, Judged::refused) << whole.chains[i].code;
  }
  for (size_t i = 0; i < whole.leaves.size(); ++i) {
    Bundle less = whole;
    std::erase_if(less.events, [&](const auto& one) { return one.leaf == whole.leaves[i].index; });
    less.leaves.erase(less.leaves.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(checked(less).judged, Judged::refused) << i;
  }
}

// Every local hash is right again: only an older checkpoint, or a witness, knows better.
struct Rewriting {
  const char* name;
  void (*change)(Forge&);
};
constexpr Rewriting kRewritings[] = {
    {"edits an event", [](Forge& f) {
       auto& leaf = f.leaves[10];
       const auto by = parse_batch_note(leaf.text).value().batch.party;
       leaf = f.batch({by}, {observe("10:00", "storing", {kFirstCan})});
     }},
    {"drops a batch", [](Forge& f) { f.leaves.erase(f.leaves.begin() + 9); }},
    {"drops the newest batch", [](Forge& f) { f.leaves.pop_back(); }},
    {"reorders two batches", [](Forge& f) { std::swap(f.leaves[9], f.leaves[11]); }},
    {"inserts a batch", [](Forge& f) {
       f.leaves.insert(f.leaves.begin() + 12,
                       f.batch({"carrier"}, {observe("10:00", "storing", {kFirstCan})}));
     }},
    {"swaps two codes", [](Forge& f) {
       f.leaves[f.leaves.size() - 2] = f.batch({"carrier"}, {unpack("08:00", kCase, {kFirstCan})});
       f.leaves.back() = f.batch({"carrier"}, {observe("09:00", "delivering", {kOtherCan})});
     }},
};

TEST(BundleAttack, AnOperatorWhoRewritesHistoryIsCaughtByAnOlderCheckpoint) {
  const Forge honest(small_ledger());
  const auto old_hashes = honest.leaf_hashes();
  const TreeHead older{.size = old_hashes.size(), .root = tree_hash(old_hashes)};
  ASSERT_EQ(older, small_ledger().tree());
  for (const Rewriting& rewriting : kRewritings) {
    Forge forge(small_ledger());
    rewriting.change(forge);
    // He goes on, so that the new log is longer than the old one.
    while (forge.leaves.size() <= older.size) {
      forge.leaves.push_back(
          forge.batch({"carrier"}, {observe("11:00", "storing", {kOtherCan})}));
    }
    const auto hashes = forge.leaf_hashes();
    const TreeHead newer{.size = hashes.size(), .root = tree_hash(hashes)};
    const BatchTree tree(hashes);
    const auto path = consistency_proof(tree, older.size, newer.size).value();
    EXPECT_FALSE(consistent(older, newer, path)) << rewriting.name;
    // Nor do witnesses sign it: by the log's own word alone it meets no quorum.
    forge.witnesses.clear();
    EXPECT_EQ(checked(forge.make(code(kFirstCan))).fault, BundleFault::QUORUM_MISSING)
        << rewriting.name;
  }
}

TEST(BundleAttack, AnHonestLogThatGrewIsConsistent) {
  Forge forge(small_ledger());
  const auto old_hashes = forge.leaf_hashes();
  auto grown = old_hashes;
  grown.push_back(leaf_hash("one more"));
  const TreeHead older{old_hashes.size(), tree_hash(old_hashes)};
  const TreeHead newer{grown.size(), tree_hash(grown)};
  const auto path = consistency_proof(BatchTree(grown), older.size, newer.size).value();
  EXPECT_TRUE(consistent(older, newer, path));
}

}  // namespace
}  // namespace suyuan::testing
