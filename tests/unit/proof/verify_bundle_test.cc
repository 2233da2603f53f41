// Every step of docs/bundle.md refuses what it must: one row for each way to be wrong.
#include <algorithm>
#include <set>

#include "tests/unit/proof/bundle_world.h"
#include "tests/unit/proof/tamper_rows.h"

namespace suyuan::testing {
namespace {

Bundle forged(const Tampering& row) {
  Forge forge(small_ledger());
  if (row.forge) row.forge(forge);
  Bundle bundle = forge.make(code(kFirstCan));
  if (row.edit) row.edit(bundle);
  return bundle;
}

TEST(VerifyBundle, ProvesWhatTheLedgerHolds) {
  const auto verdict = checked(small_ledger().bundle(code(kFirstCan)));
  EXPECT_EQ(said(verdict), "PROVEN");
  EXPECT_EQ(verdict.as_of_ms, small_ledger().sealed_ms());
  EXPECT_EQ(verdict.counts.withheld, 0U);
  EXPECT_EQ(verdict.counts.cosignatures, 3U);
}

// The tamperings below start from here: so what they are refused for is their own doing.
TEST(VerifyBundle, ProvesTheWholeHonestLogToo) {
  EXPECT_EQ(said(checked(Forge(small_ledger()).make(code(kFirstCan)))), "PROVEN");
}

TEST(VerifyBundle, EveryTamperingIsRefusedForItsReason) {
  std::set<BundleFault> seen = {BundleFault::POLICY_SYNTAX};
  for (const Tampering& row : all_tamperings()) {
    Policy policy = small_ledger().policy();
    if (row.policy) row.policy(policy);
    const auto verdict = checked(forged(row), policy, small_ledger().sealed_ms());
    ASSERT_EQ(verdict.judged, Judged::refused) << row.name;
    EXPECT_EQ(info(*verdict.fault).name, info(row.fault).name) << row.name << ": " << said(verdict);
    EXPECT_FALSE(verdict.place.empty()) << row.name;
    EXPECT_FALSE(verdict.message.empty()) << row.name;
    seen.insert(row.fault);
  }
  EXPECT_EQ(seen.size(), all_bundle_faults().size()) << "a failure without a row";
}

TEST(VerifyBundle, APolicyThatCannotBeReadVerifiesNothing) {
  const auto text = write_bundle_json(small_ledger().bundle(code(kFirstCan)));
  const auto verdict = verify_bundle_text(text, "quorum some\n", small_ledger().sealed_ms());
  EXPECT_EQ(verdict.fault, BundleFault::POLICY_SYNTAX);
}

TEST(VerifyBundle, ACodeThatNobodyNamedIsProvenToBeAbsent) {
  const auto verdict = checked(small_ledger().bundle("https://nobody.example/1"));
  EXPECT_EQ(said(verdict), "NOT_RECORDED");
  EXPECT_EQ(verdict.counts.events, 0U);
}

TEST(VerifyBundle, GrowsStaleAndDoesNotComeFromTheFuture) {
  const Bundle bundle = small_ledger().bundle(code(kFirstCan));
  const Policy policy = small_ledger().policy();
  const int64_t sealed = small_ledger().sealed_ms();
  constexpr int64_t kDay = 24 * 3600 * 1000;
  EXPECT_EQ(said(checked(bundle, policy, sealed + kDay)), "PROVEN");
  EXPECT_EQ(said(checked(bundle, policy, sealed + kDay + 1)), "STALE");
  EXPECT_EQ(said(checked(bundle, policy, sealed - 600'000)), "PROVEN");
  EXPECT_EQ(said(checked(bundle, policy, sealed - 600'001)), "STALE");
}

TEST(VerifyBundle, AnOldTreeShownToWitnessesAgainStaysOld) {
  Forge forge(small_ledger());
  constexpr int64_t kWeek = 7 * 24 * 3600 * 1000;
  forge.cosigned_ms = forge.sealed_ms + kWeek;
  const auto verdict = checked(forge.make(code(kFirstCan)), small_ledger().policy(),
                               forge.cosigned_ms);
  EXPECT_EQ(said(verdict), "STALE");
  EXPECT_EQ(verdict.as_of_ms, forge.sealed_ms);
}

TEST(VerifyBundle, SaysWhatIsWithheldAndProvesTheRest) {
  Bundle bundle = small_ledger().bundle(code(kFirstCan));
  bundle.events.back().payload.reset();
  const auto verdict = checked(bundle);
  EXPECT_EQ(said(verdict), "PARTIAL");
  EXPECT_EQ(verdict.counts.withheld, 1U);
  const auto is_withheld = [](const VerdictLine& line) { return line.claim == Claim::withheld; };
  EXPECT_TRUE(std::ranges::any_of(verdict.not_proven, is_withheld));
}

TEST(VerifyBundle, ACutChainIsProvenToExist) {
  Bundle bundle = small_ledger().bundle(code(kFirstCan));
  cut(bundle, code(kPalletOfCase));
  prune(bundle);
  const auto verdict = checked(bundle);
  EXPECT_EQ(said(verdict), "PARTIAL");
  EXPECT_EQ(verdict.counts.cuts, 1U);
  bundle.cuts[0].count += 1;
  EXPECT_EQ(checked(bundle).fault, BundleFault::CHAIN_INVALID);
}

TEST(VerifyBundle, TellsOfSuspectKeys) {
  Forge forge(small_ledger());
  forge.leaves.push_back(forge.batch(
      {"registrar"}, {RegistryEvent(RevokeKey{.party = "carrier",
                                              .key = const_cast<ProvenLedger&>(small_ledger())
                                                         .keys("carrier").key,
                                              .suspect_from = 12})}));
  const auto verdict = checked(forge.make(code(kFirstCan)));
  EXPECT_EQ(said(verdict), "PARTIAL");
}

TEST(VerifyBundle, WithoutAQuorumTheSealsTimeCountsAndThatIsSaid) {
  Policy policy = small_ledger().policy();
  policy.quorum.reset();
  Forge forge(small_ledger());
  forge.witnesses.clear();
  const auto verdict = checked(forge.make(code(kFirstCan)), policy, forge.sealed_ms);
  EXPECT_EQ(said(verdict), "PROVEN");
  EXPECT_EQ(verdict.not_proven.back().claim, Claim::unwitnessed);
}

TEST(VerifyBundle, EveryLineHasItsWordsInBothLanguages) {
  const auto verdict = checked(small_ledger().bundle(code(kFirstCan)));
  for (const auto* lines : {&verdict.proven, &verdict.not_proven}) {
    EXPECT_FALSE(lines->empty());
    for (const VerdictLine& line : *lines) {
      EXPECT_EQ(to_text(line).find('{'), std::string::npos) << to_text(line);
      EXPECT_EQ(to_text_zh(line).find('{'), std::string::npos) << to_text_zh(line);
    }
  }
}

}  // namespace
}  // namespace suyuan::testing
