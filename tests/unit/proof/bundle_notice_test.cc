// Bundles with notices: what both verifiers must judge alike (tests/vectors/bundles/notices.json;
// SUYUAN_WRITE_VECTORS=1 writes it anew), and that what is made of an honest ledger is proven.
#include <algorithm>

#include "tests/unit/proof/frozen_cases.h"
#include "tests/unit/proof/sealing_ledger.h"

namespace suyuan::testing {
namespace {

const SealingLedger& sealing_ledger() {
  static const auto* kLedger = [] {
    auto* ledger = new SealingLedger();
    ledger->seal();
    return ledger;
  }();
  return *kLedger;
}

// A ledger forged as told, and its bundle, changed as told.
Bundle forged(const std::function<void(Forge&)>& forge_it,
              const std::function<void(Bundle&)>& edit = {}) {
  Forge forge(sealing_ledger());
  forge_it(forge);
  Bundle bundle = forge.make(code(kSealedCan));
  if (edit) edit(bundle);
  return bundle;
}

size_t notice_in(const Bundle& bundle) {
  for (size_t i = 0; i < bundle.leaves.size(); ++i) {
    if (bundle.leaves[i].leaf.data.starts_with("suyuan/leaf/v1 notice")) return i;
  }
  ADD_FAILURE() << "the bundle has no notice";
  return 0;
}

std::vector<NamedBundle> notice_cases() {
  const SealingLedger& ledger = sealing_ledger();
  const auto& made = ledger.made;
  const auto& tested = ledger.tested;
  const EraseNotice good = ledger.of(made, 0, "maker");
  const auto with = [&](const EraseNotice& notice, const Forge::By& by) {
    return [=](Forge& forge) { forge.leaves.push_back(forge.notice(notice, by)); };
  };
  const auto changed = [&](const std::function<void(EraseNotice&)>& change) {
    EraseNotice notice = good;
    change(notice);
    return with(notice, {.party = notice.party, .key = 1});
  };
  const Forge::By maker{.party = "maker", .key = 1};
  std::vector<NamedBundle> all = {
      {"one section, by its party", forged(with(good, maker))},
      {"by an authority", forged(with(ledger.of(made, 0, "registrar"), {.party = "registrar"}))},
      {"of an inspection, by an authority",
       forged(with(ledger.of(tested, 0, "registrar"), {.party = "registrar"}))},
      {"of an inspection, by its laboratory",
       forged(with(ledger.of(tested, 0, "lab"), {.party = "lab"}))},
      {"by another party", forged(with(ledger.of(made, 0, "other"), {.party = "other"}))},
      {"by nobody", forged(with(ledger.of(made, 0, "nobody"), {.party = "nobody"}))},
      {"by a key that was revoked", forged(with(good, {.party = "maker", .key = 0}))},
      {"of a section that the event does not name",
       forged(changed([](EraseNotice& one) { one.section->data[0] ^= 1; }))},
      {"of the payload", forged(changed([](EraseNotice& one) { one.section.reset(); }))},
      {"for another ledger",
       forged(changed([](EraseNotice& one) { one.ledger.genesis.data[0] ^= 1; }))},
  };
  all.push_back({"two sections", forged([&](Forge& forge) {
                   forge.leaves.push_back(forge.notice(good, maker));
                   forge.leaves.push_back(forge.notice(ledger.of(made, 1, "maker"), maker));
                 })});
  all.push_back({"the same notice twice", forged([&](Forge& forge) {
                   forge.leaves.push_back(forge.notice(good, maker));
                   forge.leaves.push_back(forge.leaves.back());
                 })});
  all.push_back({"the same section twice", forged([&](Forge& forge) {
                   forge.leaves.push_back(forge.notice(good, maker));
                   EraseNotice again = good;
                   again.nonce.data[3] = 9;
                   forge.leaves.push_back(forge.notice(again, maker));
                 })});
  all.push_back({"before its event", forged([&](Forge& forge) {
                   auto notice = forge.notice(good, maker);
                   notice.linked.reset();
                   notice.time_ms = forge.leaves[made.place.leaf - 1].time_ms;
                   forge.leaves.insert(
                       forge.leaves.begin() + static_cast<ptrdiff_t>(made.place.leaf), notice);
                 })});
  all.push_back({"of an event that is not there", forged([&](Forge& forge) {
                   EraseNotice other = good;
                   other.event = 1;
                   auto notice = forge.notice(other, maker);
                   notice.linked.reset();
                   forge.leaves.push_back(notice);
                 })});
  all.push_back({"that makes no link", forged([&](Forge& forge) {
                   auto notice = forge.notice(good, maker);
                   notice.linked.reset();
                   forge.leaves.push_back(notice);
                 })});
  all.push_back({"left out of the bundle", forged(with(good, maker), [](Bundle& bundle) {
                   const auto at = static_cast<ptrdiff_t>(notice_in(bundle));
                   bundle.leaves.erase(bundle.leaves.begin() + at);
                 })});
  all.push_back({"in a leaf of a batch", forged([&](Forge& forge) {
                   auto notice = forge.notice(good, maker);
                   forge.leaves.push_back(notice);
                 }, [](Bundle& bundle) {
                   Bytes& data = bundle.leaves[notice_in(bundle)].leaf.data;
                   data.replace(data.find("notice"), 6, "batch");
                 })});
  all.push_back({"with an event of its own leaf", forged(with(good, maker), [](Bundle& bundle) {
                   BundleEvent event = bundle.events.back();
                   event.leaf = bundle.leaves[notice_in(bundle)].index;
                   bundle.events.push_back(event);
                 })});
  all.push_back({"with another ground than was signed", forged(with(good, maker),
                                                               [](Bundle& bundle) {
                   Bytes& data = bundle.leaves[notice_in(bundle)].leaf.data;
                   data.replace(data.find("retention_ended"), 15, "legal_order");
                 })});
  all.push_back({"of a withheld event", forged(with(good, maker), [&](Bundle& bundle) {
                   for (auto& event : bundle.events) {
                     if (event.leaf == made.place.leaf) event.payload.reset();
                   }
                 })});
  return all;
}

FrozenCases frozen_notices() {
  return {"notices.json",
          "Bundles of a log with notices (formats.md 8), honest and forged; bundle is the file's "
          "text.",
          sealing_ledger(), notice_cases()};
}

TEST(BundleNotice, CasesAreMadeAgainByteForByte) { frozen_notices().expect_frozen(); }

TEST(BundleNotice, CasesAreJudgedForTheirReasons) {
  frozen_notices().expect_judged({
      {"one section, by its party", "PROVEN"},
      {"by an authority", "PROVEN"},
      {"of an inspection, by an authority", "PROVEN"},
      {"of an inspection, by its laboratory", "SIGNATURE_INVALID"},
      {"by another party", "SIGNATURE_INVALID"},
      {"by nobody", "SIGNATURE_INVALID"},
      {"by a key that was revoked", "SIGNATURE_INVALID"},
      {"of a section that the event does not name", "EVENT_INVALID"},
      {"of the payload", "EVENT_INVALID"},
      {"for another ledger", "LEAF_INVALID"},
      {"two sections", "PROVEN"},
      {"the same notice twice", "LEAF_INVALID"},
      {"the same section twice", "EVENT_INVALID"},
      {"before its event", "EVENT_INVALID"},
      {"of an event that is not there", "EVENT_INVALID"},
      {"that makes no link", "CHAIN_INVALID"},
      {"left out of the bundle", "CHAIN_INVALID"},
      {"in a leaf of a batch", "BUNDLE_SYNTAX"},
      {"with an event of its own leaf", "EVENT_INVALID"},
      {"with another ground than was signed", "LEAF_INVALID"},
      {"of a withheld event", "PARTIAL"}});
}

TEST(BundleNotice, OfAnErasedSectionIsMadeAndProven) {
  SealingLedger ledger;
  ledger.erase(ledger.of(ledger.made, 0, "maker"), 1);
  ledger.accept("carrier", observe("12:00", "delivering", {kSealedCan}));
  ledger.erase(ledger.of(ledger.tested, 0, "registrar"), 0);
  ledger.seal();
  for (const char* asked : {kSealedCan, kCanLot, kFirstCan}) {
    const Bundle bundle = ledger.bundle(code(asked));
    const auto verdict = verify_bundle_text(write_bundle_json(bundle),
                                            write_policy(ledger.policy()),
                                            ledger.sealed_ms() + 1000);
    EXPECT_EQ(word(verdict.judged), "PROVEN") << asked << ": " << said(verdict);
    size_t notices = 0;
    for (const auto& leaf : bundle.leaves) {
      notices += leaf.leaf.data.starts_with("suyuan/leaf/v1 notice") ? 1U : 0U;
    }
    EXPECT_EQ(notices, asked == kSealedCan ? 2U : 0U) << asked;
    EXPECT_EQ(verdict.counts.erased, notices) << asked;
    const VerdictLine gone{Claim::erased, {"2"}};
    EXPECT_EQ(std::ranges::count(verdict.proven, gone), asked == kSealedCan ? 1 : 0) << asked;
  }
}

}  // namespace
}  // namespace suyuan::testing
