// Attacks on bundles: random changes, events left out, and an operator who writes his log anew.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "ledger/code/code.h"
#include "ledger/event/record.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/batch_rows.h"
#include "tests/unit/proof/acting_ledger.h"
#include "tests/unit/proof/mutate.h"
#include "tests/unit/proof/tamper_rows.h"

namespace suyuan::testing {
namespace {

// SUYUAN_MUTATIONS=1000000 for the long run.
size_t mutations() {
  const char* given = std::getenv("SUYUAN_MUTATIONS");
  return given != nullptr ? std::strtoul(given, nullptr, 10) : 50'000;
}

// What is attacked, and what it is checked with.
struct Target {
  std::string name;
  std::string text;
  std::string policy;
  int64_t now_ms = 0;
};

// Of EPCIS statements; and one where a statement for partners alone is withheld.
Target epcis_target(const std::string& name) {
  auto one = web_case(name);
  return {name, std::move(one.text), std::move(one.policy), one.now_ms};
}

BundleVerdict judged_of(const Target& target, const std::string& text) {
  return verify_bundle_text(text, target.policy, target.now_ms);
}

// What is withheld may have led to codes whose chains nobody can miss then: without those.
Target without_spare_chains(Target target) {
  const auto before = judged_of(target, target.text);
  Bundle bundle = parse_bundle_json(target.text).value();
  for (size_t i = bundle.chains.size(); i-- > 0;) {
    Bundle less = bundle;
    less.chains.erase(less.chains.begin() + static_cast<std::ptrdiff_t>(i));
    prune(less);
    if (judged_of(target, write_bundle_json(less)).judged == before.judged) bundle = less;
  }
  target.text = write_bundle_json(bundle);
  return target;
}

// Small bundles: an absent code's has no events, the milk's has signatures by a gateway, one has a
// chain that is cut; and those in which every kind of act stands that a bundle can carry.
std::vector<Target> targets() {
  std::vector<Target> all;
  const auto add = [&](const std::string& name, const ProvenLedger& ledger, const Bundle& bundle) {
    all.push_back({name, write_bundle_json(bundle), write_policy(ledger.policy()),
                   ledger.sealed_ms()});
  };
  const ProvenLedger& small = small_ledger();
  const ProvenLedger& epcis = epcis_ledger();
  const ProvenLedger& acting = acting_ledger();
  add("absent", small, small.bundle("https://nobody.example/1"));
  add("milk", small, small.bundle(code(kMilkLot)));
  add("can", small, small.bundle(code(kFirstCan)));
  Bundle cut_off = small.bundle(code(kFirstCan));
  cut(cut_off, code(kPalletOfCase));
  prune(cut_off);
  add("cut", small, cut_off);
  all.push_back(epcis_target("epcis_bundle 1"));
  all.push_back(without_spare_chains(epcis_target("epcis_bundle 6")));
  add("epcis by a gateway", epcis, epcis.bundle(code(kMilkLot)));
  add("every act, can", acting, acting.bundle(code(kFirstCan)));
  add("every act, site", acting, acting.bundle(kActingSite));
  add("every act, one withheld", acting, without_partners_payload(acting.bundle(code(kFirstCan))));
  all.back() = without_spare_chains(all.back());
  return all;
}

// To leave a payload out is the maker's right: it is said, and nothing else is. Cosignatures beyond
// the quorum may be unreadable to us: then the same is proven by fewer.
bool proves_the_same(const Bundle& original, const BundleVerdict& before, const Bundle& changed,
                     const BundleVerdict& now) {
  Bundle less = original;
  size_t withheld = before.counts.withheld;
  for (size_t i = 0; i < std::min(less.events.size(), changed.events.size()); ++i) {
    if (!less.events[i].payload || changed.events[i].payload) continue;
    less.events[i].payload.reset();
    ++withheld;
  }
  if (changed == less) return now.judged == Judged::partial && now.counts.withheld == withheld;
  less.checkpoint = changed.checkpoint;
  return changed == less && now.counts.cosignatures < before.counts.cosignatures;
}

struct Outcome {
  size_t same = 0;  // the change decodes to the same bundle: white space, say
  size_t less = 0;  // less of the same
  std::map<std::string, size_t> refused;
  size_t count() const {
    size_t sum = same + less;
    for (const auto& [why, times] : refused) sum += times;
    return sum;
  }
};

void print_row(const std::string& name, const Outcome& outcome) {
  std::printf("%s: %zu changes, the same bundle %zu, less of it %zu; refused", name.c_str(),
              outcome.count(), outcome.same, outcome.less);
  for (const auto& [why, times] : outcome.refused) std::printf(" %s %zu", why.c_str(), times);
  std::printf("\n");
}

void attack(const Target& target, uint64_t seed, size_t changes, Outcome& outcome) {
  Mutator mutator(target.text, seed);
  const Bundle original = parse_bundle_json(mutator.text()).value();
  const auto before = judged_of(target, mutator.text());
  ASSERT_NE(before.judged, Judged::refused) << said(before);
  for (size_t i = 0; i < changes; ++i) {
    const Mutation mutation = mutator.next();
    const std::string text = mutator.apply(mutation);
    const auto bundle = parse_bundle_json(text);
    if (bundle && *bundle == original) {
      ++outcome.same;
      continue;
    }
    const auto verdict = judged_of(target, text);
    if (verdict.judged == Judged::refused) {
      ++outcome.refused[std::string(info(*verdict.fault).name)];
      continue;
    }
    ASSERT_TRUE(bundle && proves_the_same(original, before, *bundle, verdict))
        << boost::json::serialize(to_json(mutation)) << ": " << said(verdict);
    ++outcome.less;
  }
}

TEST(BundleAttack, NoRandomChangeIsAccepted) {
  const auto all = targets();
  constexpr uint64_t kRounds = 2;  // over all targets
  const uint64_t seeds = kRounds * all.size();
  std::vector<Outcome> outcomes(all.size());
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const size_t which = seed % all.size();
    SCOPED_TRACE(all[which].name + ", seed " + std::to_string(seed));
    attack(all[which], seed, mutations() / seeds + 1, outcomes[which]);
    if (HasFatalFailure()) return;
  }
  Outcome sum;
  for (size_t i = 0; i < all.size(); ++i) {
    print_row(all[i].name, outcomes[i]);
    sum.same += outcomes[i].same;
    sum.less += outcomes[i].less;
    for (const auto& [why, times] : outcomes[i].refused) sum.refused[why] += times;
  }
  print_row("all", sum);
  EXPECT_GE(sum.count(), mutations());
}

// Statements in EPCIS and acts of every kind, too: first, middle and last of every code, and all
// between.
TEST(BundleAttack, NoEventOfAnyKindCanBeLeftOut) {
  const auto target_of = [](const ProvenLedger& ledger, const std::string& of) {
    return Target{of, write_bundle_json(ledger.bundle(of)), write_policy(ledger.policy()),
                  ledger.sealed_ms()};
  };
  for (const Target& target : {epcis_target("epcis_bundle 1"), epcis_target("epcis_bundle 6"),
                               target_of(epcis_ledger(), code(kFirstCan)),
                               target_of(acting_ledger(), code(kFirstCan)),
                               target_of(acting_ledger(), kActingSite)}) {
    SCOPED_TRACE(target.name);
    const Bundle whole = parse_bundle_json(target.text).value();
    ASSERT_GT(whole.events.size(), 3U);
    for (size_t i = 0; i < whole.events.size(); ++i) {
      Bundle less = whole;
      less.events.erase(less.events.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_EQ(judged_of(target, write_bundle_json(less)).judged, Judged::refused) << i;
      prune(less);
      EXPECT_EQ(judged_of(target, write_bundle_json(less)).judged, Judged::refused) << i;
    }
  }
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

// A notice says that something is no longer to be had: who leaves it out hides that.
TEST(BundleAttack, NoNoticeCanBeLeftOut) {
  const Bundle whole = acting_ledger().bundle(code(kFirstCan));
  size_t notices = 0;
  for (size_t i = 0; i < whole.leaves.size(); ++i) {
    if (!whole.leaves[i].leaf.data.starts_with("suyuan/leaf/v1 notice")) continue;
    ++notices;
    Bundle less = whole;
    less.leaves.erase(less.leaves.begin() + static_cast<std::ptrdiff_t>(i));
    const auto verdict = checked(less, acting_ledger().policy(), acting_ledger().sealed_ms());
    EXPECT_EQ(verdict.fault, BundleFault::CHAIN_INVALID) << said(verdict);
  }
  EXPECT_EQ(notices, 2U);
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
    // He did hash and sign everything again: who demands no witness and holds no older checkpoint
    // finds every event in its tree.
    Policy trusting = small_ledger().policy();
    trusting.quorum.reset();
    const auto trusted = checked(forge.make(code(kFirstCan)), trusting,
                                 small_ledger().sealed_ms() + 1000);
    EXPECT_NE(trusted.judged, Judged::refused) << rewriting.name << ": " << said(trusted);
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
