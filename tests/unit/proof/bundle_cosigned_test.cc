// Bundles with acts and statements that several sign: what both verifiers must judge alike
// (tests/vectors/bundles/cosigned.json).
#include <set>

#include "tests/unit/proof/acting_ledger.h"
#include "tests/unit/proof/frozen_cases.h"

namespace suyuan::testing {
namespace {

using By = Forge::By;

RegistryEvent new_key_of(const std::string& party, uint32_t n) {
  auto& ledger = const_cast<ActingLedger&>(acting_ledger());
  return AddKey{.party = party, .key = ledger.possession(party, n)};
}

RegistryEvent old_key_of(const std::string& party, uint32_t n) {
  auto& ledger = const_cast<ActingLedger&>(acting_ledger());
  return RevokeKey{.party = party, .key = ledger.keys(party, n).key};
}

Bundle forged_acts(const std::function<void(Forge&)>& forge_it) {
  Forge forge(acting_ledger());
  forge_it(forge);
  return forge.make(code(kFirstCan));
}

// One leaf more than the honest log has; its text changed as told before all is hashed.
Bundle with_leaf(const By& by, const std::vector<EventValue>& events,
                 const std::function<void(std::string&)>& change = {}) {
  return forged_acts([&](Forge& forge) {
    auto leaf = forge.batch(by, events);
    if (change) change(leaf.text);
    forge.leaves.push_back(std::move(leaf));
  });
}

size_t last_line(const std::string& text) { return text.rfind('\n', text.size() - 2) + 1; }

void without_last_line(std::string& text) { text.resize(last_line(text)); }

void with_last_lines_exchanged(std::string& text) {
  const size_t last = last_line(text);
  const size_t before = text.rfind('\n', last - 2) + 1;
  text = text.substr(0, before) + text.substr(last) + text.substr(before, last - before);
}

void with_last_line_flipped(std::string& text) {
  char& one = text.at(text.size() - 12);
  one = one == 'A' ? 'B' : 'A';
}

void add_quorum_cases(std::vector<NamedBundle>& all) {
  const RegistryEvent key = new_key_of("registrar", 2);
  const By quorum{.party = "registrar", .key = 1, .with = {{"second"}}};
  all.push_back({"a key by a quorum", with_leaf(quorum, {key})});
  all.push_back({"a key by one authority alone", with_leaf({"registrar", 1}, {key})});
  all.push_back({"a key with a party that is no authority",
                 with_leaf({.party = "registrar", .key = 1, .with = {{"carrier"}}}, {key})});
  all.push_back({"a key with a party that nobody registered",
                 with_leaf({.party = "registrar", .key = 1, .with = {{"nobody"}}}, {key})});
  all.push_back({"a key by a quorum of others",
                 with_leaf({.party = "second", .with = {{"third", 1}}}, {key})});
  all.push_back({"a key by a quorum and a party beside it",
                 with_leaf({.party = "registrar", .key = 1, .with = {{"carrier"}, {"second"}}},
                           {key})});
  all.push_back({"a key with a cosigner's revoked key",
                 with_leaf({.party = "registrar", .key = 1, .with = {{"third", 0}}}, {key})});
  all.push_back({"a key by the authority's revoked key",
                 with_leaf({.party = "registrar", .key = 0, .with = {{"second"}}}, {key})});
  all.push_back({"a key with the cosigner's line changed",
                 with_leaf(quorum, {key}, with_last_line_flipped)});
  all.push_back({"a key without the cosigner's line", with_leaf(quorum, {key}, without_last_line)});
  all.push_back({"a key with lines in another order",
                 with_leaf(quorum, {key}, with_last_lines_exchanged)});
  const std::vector<EventValue> exchange = {key, old_key_of("registrar", 1)};
  all.push_back({"a key exchanged by a quorum", with_leaf(quorum, exchange)});
  all.push_back({"a key revoked by one authority alone", forged_acts([&](Forge& forge) {
                   forge.leaves.push_back(forge.batch(quorum, {key}));
                   forge.leaves.push_back(
                       forge.batch({"registrar", 1}, {old_key_of("registrar", 1)}));
                 })});
  all.push_back({"the last key revoked by a quorum",
                 with_leaf(quorum, {old_key_of("registrar", 1)})});
  // What it cosigned stands in the bundle.
  RegistryEvent stolen = old_key_of("second", 0);
  std::get<RevokeKey>(stolen).suspect_from = 1;
  all.push_back({"a cosigner's key that was stolen",
                 with_leaf({.party = "registrar", .key = 1, .with = {{"third", 1}}},
                           {new_key_of("second", 1), stolen})});
}

void add_statement_cases(std::vector<NamedBundle>& all) {
  const TraceEvent seen = observe("10:00", "storing", {kFirstCan});
  const By together{.party = "carrier", .with = {{"maker", 1}, {"notary"}}};
  all.push_back({"a statement that three sign", with_leaf(together, {seen})});
  all.push_back({"a statement with a party that nobody registered",
                 with_leaf({.party = "carrier", .with = {{"nobody"}}}, {seen})});
  all.push_back({"a statement with a cosigner's revoked key",
                 with_leaf({.party = "carrier", .with = {{"maker", 0}}}, {seen})});
  all.push_back({"a statement with a cosigner's key that nobody registered",
                 with_leaf({.party = "carrier", .with = {{"notary", 4}}}, {seen})});
  all.push_back({"a statement with the cosigner's line changed",
                 with_leaf(together, {seen}, with_last_line_flipped)});
  all.push_back({"a statement without the cosigner's line",
                 with_leaf(together, {seen}, without_last_line)});
  all.push_back({"a statement through a gateway that another signs too",
                 with_leaf({.party = "carrier", .for_party = "farm", .with = {{"notary"}}},
                           {seen})});
  // A party that only cosigned could have had its key revoked.
  const Bundle whole = forged_acts([](Forge&) {});
  all.push_back({"without the chain of who only cosigned", whole});
  std::erase_if(all.back().bundle.chains, [](const BundleChain& one) {
    return one.code == "urn:suyuan:party:notary";
  });
  all.push_back({"with another cosigner than signed", whole});
  for (auto& leaf : all.back().bundle.leaves) {
    const size_t at = leaf.leaf.data.find("\nwith notary\n");
    if (at != Bytes::npos) leaf.leaf.data.replace(at, 13, "\nwith second\n");
  }
}

FrozenCases frozen_cosigned() {
  std::vector<NamedBundle> all = {{"the honest ledger", forged_acts([](Forge&) {})}};
  add_quorum_cases(all);
  add_statement_cases(all);
  return {"cosigned.json",
          "Bundles of a log in which several sign (registry.md, Quorum), honest and forged; bundle "
          "is the file's text. Made by tests/unit/proof/bundle_cosigned_test.cc.",
          acting_ledger(), std::move(all)};
}

TEST(BundleCosigned, CasesAreMadeAgainByteForByte) { frozen_cosigned().expect_frozen(); }

// A note that nobody can read leaves its events out of the bundle, and so a gap in their chains.
TEST(BundleCosigned, CasesAreJudgedForTheirReasons) {
  frozen_cosigned().expect_judged({
      {"the honest ledger", "PROVEN"},
      {"a key by a quorum", "PROVEN"},
      {"a key by one authority alone", "REGISTRY_INVALID"},
      {"a key with a party that is no authority", "REGISTRY_INVALID"},
      {"a key with a party that nobody registered", "REGISTRY_INVALID"},
      {"a key by a quorum of others", "PROVEN"},
      {"a key by a quorum and a party beside it", "PROVEN"},
      {"a key with a cosigner's revoked key", "REGISTRY_INVALID"},
      {"a key by the authority's revoked key", "REGISTRY_INVALID"},
      {"a key with the cosigner's line changed", "REGISTRY_INVALID"},
      {"a key without the cosigner's line", "CHAIN_INVALID"},
      {"a key with lines in another order", "CHAIN_INVALID"},
      {"a key exchanged by a quorum", "PROVEN"},
      {"a key revoked by one authority alone", "REGISTRY_INVALID"},
      {"the last key revoked by a quorum", "REGISTRY_INVALID"},
      {"a cosigner's key that was stolen", "PARTIAL"},
      {"a statement that three sign", "PROVEN"},
      {"a statement with a party that nobody registered", "SIGNATURE_INVALID"},
      {"a statement with a cosigner's revoked key", "SIGNATURE_INVALID"},
      {"a statement with a cosigner's key that nobody registered", "SIGNATURE_INVALID"},
      {"a statement with the cosigner's line changed", "SIGNATURE_INVALID"},
      {"a statement without the cosigner's line", "CHAIN_INVALID"},
      {"a statement through a gateway that another signs too", "PROVEN"},
      {"without the chain of who only cosigned", "REACH_MISSING"},
      {"with another cosigner than signed", "LEAF_INVALID"}});
}

// Or else what is attacked elsewhere with bundles of it would leave some of them out.
TEST(BundleCosigned, TheLedgerHasEveryKindOfAct) {
  std::set<size_t> acts;
  std::set<PayloadType> types;
  size_t notices = 0, cosigned = 0, through = 0, papers = 0, sealed = 0, partners = 0, wrong = 0;
  for (const std::string& asked : {code(kFirstCan), std::string(kActingSite)}) {
    const Bundle bundle = acting_ledger().bundle(asked);
    EXPECT_EQ(checked(bundle, acting_ledger().policy(), acting_ledger().sealed_ms()).judged,
              Judged::proven);
    std::map<uint64_t, BatchNote> notes;
    for (const auto& leaf : bundle.leaves) {
      const auto parsed = parse_leaf(leaf.leaf.data).value();
      if (parsed.kind == LeafKind::notice) {
        ++notices;
        continue;
      }
      const auto note = parse_batch_note(parsed.text).value().batch;
      types.insert(note.type);
      cosigned += note.with.empty() ? 0U : 1U;
      through += note.signer.empty() ? 0U : 1U;
      notes.emplace(leaf.index, note);
    }
    for (const auto& event : bundle.events) {
      const auto value = decode_any_payload(notes.at(event.leaf).type, event.payload->bytes);
      if (const auto* act = std::get_if<RegistryEvent>(&*value)) {
        acts.insert(act->index());
        continue;
      }
      const auto& stated = std::get<TraceEvent>(*value);
      for (const auto& paper : stated.documents) papers += paper.sha256 ? 1U : 0U;
      sealed += stated.sections.size();
      partners += stated.audience == EventAudience::partner ? 1U : 0U;
      wrong += stated.error ? 1U : 0U;
    }
  }
  EXPECT_EQ(acts.size(), std::variant_size_v<RegistryEvent>);
  EXPECT_EQ(types.size(), 3U);  // of the registry, in Cap'n Proto, in EPCIS
  for (const size_t count : {notices, cosigned, through, papers, sealed, partners, wrong}) {
    EXPECT_GT(count, 0U);
  }
}

}  // namespace
}  // namespace suyuan::testing
