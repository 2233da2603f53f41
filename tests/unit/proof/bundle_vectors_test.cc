// tests/vectors/bundles: the cases that both verifiers must judge alike. They are frozen; with
// SUYUAN_WRITE_VECTORS=1 this program writes them anew (fixed seeds and keys).
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "ledger/base/text.h"
#include "tests/support/vectors.h"
#include "tests/unit/proof/acting_ledger.h"
#include "tests/unit/proof/mutate.h"
#include "tests/unit/proof/tamper_rows.h"

namespace suyuan::testing {
namespace {

namespace json = boost::json;

constexpr size_t kMutations = 2000;
constexpr size_t kEpcisMutations = 1400;
constexpr size_t kOfOwnEpcisBase = 200;
constexpr size_t kOfOtherEpcisBase = 400;
constexpr size_t kActMutations = 900;
constexpr size_t kVectorBytesMax = 3 << 20;

std::string path_of(const std::string& name) {
  return std::string(SUYUAN_SOURCE_DIR) + "/tests/vectors/bundles/" + name;
}

// {"verdict":"REFUSED","code":"LEAF_INVALID"} or {"verdict":"PROVEN","asOfMs":...}.
void expect_in(json::object& into, const BundleVerdict& verdict) {
  into["verdict"] = std::string(word(verdict.judged));
  if (verdict.fault) into["code"] = std::string(info(*verdict.fault).name);
  if (verdict.as_of_ms) into["asOfMs"] = *verdict.as_of_ms;
}

struct Base {
  std::string name;
  std::string text;
  std::string policy;
  int64_t now_ms = 0;
};

std::vector<Base> bases() {
  const ProvenLedger& ledger = small_ledger();
  const std::string policy = write_policy(ledger.policy());
  const int64_t now = ledger.sealed_ms() + 60'000;
  const auto text = [&](const std::string& of) { return write_bundle_json(ledger.bundle(of)); };
  std::vector<Base> all = {{"can", text(code(kFirstCan)), policy, now},
                           {"milk", text(code(kMilkLot)), policy, now},
                           {"absent", text("https://nobody.example/1"), policy, now},
                           {"maker", text("urn:suyuan:party:maker"), policy, now}};
  Bundle withheld = ledger.bundle(code(kMilkLot));
  const auto last_statement = std::ranges::find_if(
      withheld.events.rbegin(), withheld.events.rend(), [&](const BundleEvent& event) {
        const auto leaf = std::ranges::find(withheld.leaves, event.leaf, &BundleLeaf::index);
        return leaf->leaf.data.find("vnd.suyuan.event") != Bytes::npos;
      });
  last_statement->payload.reset();
  all.push_back({"withheld", write_bundle_json(withheld), policy, now});
  Bundle cut_off = ledger.bundle(code(kFirstCan));
  cut(cut_off, code(kPalletOfCase));
  prune(cut_off);
  all.push_back({"cut", write_bundle_json(cut_off), policy, now});
  Policy own = ledger.policy();
  own.quorum.reset();
  own.genesis.clear();
  own.max_age_s = 3600;
  all.push_back({"quorum-none", text(code(kOtherCan)), write_policy(own), now});
  all.push_back({"stale", text(code(kMilkLot)), write_policy(own), now + 3'600'000});
  const EpcisLedger& epcis = epcis_ledger();
  const std::string its_policy = write_policy(epcis.policy());
  const int64_t its_now = epcis.sealed_ms() + 60'000;
  const Bundle can = epcis.bundle(code(kFirstCan));
  all.push_back({"epcis-can", write_bundle_json(can), its_policy, its_now});
  all.push_back({"epcis-gateway", write_bundle_json(epcis.bundle(code(kMilkLot))), its_policy,
                 its_now});
  all.push_back({"epcis-withheld", write_bundle_json(without_partners_payload(can)), its_policy,
                 its_now});
  const ProvenLedger& acting = acting_ledger();
  const std::string acting_policy = write_policy(acting.policy());
  const int64_t acting_now = acting.sealed_ms() + 60'000;
  const Bundle acted = acting.bundle(code(kFirstCan));
  all.push_back({"acts-can", write_bundle_json(acted), acting_policy, acting_now});
  all.push_back({"acts-site", write_bundle_json(acting.bundle(kActingSite)), acting_policy,
                 acting_now});
  all.push_back({"acts-withheld", write_bundle_json(without_partners_payload(acted)),
                 acting_policy, acting_now});
  return all;
}

json::object base_vectors() {
  json::array list;
  for (const Base& base : bases()) {
    json::object one{{"name", base.name},
                     {"file", base.name + ".suyuan.json"},
                     {"policy", base.policy},
                     {"nowMs", base.now_ms}};
    expect_in(one, verify_bundle_text(base.text, base.policy, base.now_ms));
    list.push_back(std::move(one));
  }
  return {{"about", "Bundles in files of their own, each with the policy and the time to check it "
                    "with. docs/bundle.md. Made by tests/unit/proof/bundle_vectors_test.cc."},
          {"bases", std::move(list)}};
}

json::object mutation_vectors() {
  const auto all = bases();
  json::array list;
  for (const size_t which : {size_t{0}, size_t{1}, size_t{2}, size_t{5}}) {
    const Base& base = all[which];
    Mutator mutator(base.text, 100 + which);
    for (size_t i = 0; i < kMutations / 4; ++i) {
      const Mutation mutation = mutator.next();
      json::object one = to_json(mutation);
      one["base"] = base.name;
      expect_in(one, verify_bundle_text(mutator.apply(mutation), base.policy, base.now_ms));
      list.push_back(std::move(one));
    }
  }
  return {{"about", "One change each: offset and xor change a byte of the base's file; pointer "
                    "(RFC 6901) and value set a value, at an array's end append one, without value "
                    "remove one."},
          {"cases", std::move(list)}};
}

// Of bundles with every kind of act.
json::object act_mutation_vectors() {
  json::array list;
  for (const Base& base : bases()) {
    if (!base.name.starts_with("acts-")) continue;
    Mutator mutator(base.text, 300 + list.size());
    for (size_t i = 0; i < kActMutations / 3; ++i) {
      const Mutation mutation = mutator.next();
      json::object one = to_json(mutation);
      one["base"] = base.name;
      expect_in(one, verify_bundle_text(mutator.apply(mutation), base.policy, base.now_ms));
      list.push_back(std::move(one));
    }
  }
  return {{"about", "As mutations.json: of bundles with every kind of act that one can carry."},
          {"cases", std::move(list)}};
}

// Bundles that hold EPCIS statements: two that the other verifier's tests made, one of them with a
// statement withheld; and ours.
std::vector<Base> epcis_bases() {
  std::vector<Base> all;
  for (const char* name : {"epcis_bundle 1", "epcis_bundle 6"}) {
    const WebCase one = web_case(name);
    all.push_back({name, one.text, one.policy, one.now_ms});
  }
  for (Base& base : bases()) {
    if (base.name.starts_with("epcis-")) all.push_back(std::move(base));
  }
  return all;
}

json::object epcis_mutation_vectors() {
  json::array list;
  const auto all = epcis_bases();
  for (const Base& base : all) {
    const std::string& name = base.name;
    Mutator mutator(base.text, 200 + list.size());
    const size_t many = name.starts_with("epcis-") ? kOfOwnEpcisBase : kOfOtherEpcisBase;
    for (size_t i = 0; i < many; ++i) {
      const Mutation mutation = mutator.next();
      json::object one = to_json(mutation);
      one["base"] = name;
      expect_in(one, verify_bundle_text(mutator.apply(mutation), base.policy, base.now_ms));
      list.push_back(std::move(one));
    }
  }
  return {{"about", "As mutations.json; base is the name of a case of web.json, or of bases.json."},
          {"cases", std::move(list)}};
}

json::object forged_vectors() {
  json::array list;
  for (const Tampering& row : all_tamperings()) {
    if (!row.forge && !row.policy) continue;  // a mutation could say it in one line
    Policy policy = small_ledger().policy();
    if (row.policy) row.policy(policy);
    Forge forge(small_ledger());
    if (row.forge) row.forge(forge);
    Bundle bundle = forge.make(code(kFirstCan));
    if (row.edit) row.edit(bundle);
    json::object one{{"name", row.name},
                     {"policy", write_policy(policy)},
                     {"nowMs", small_ledger().sealed_ms()},
                     {"bundle", write_bundle_json(bundle)}};
    expect_in(one, verify_bundle_text(write_bundle_json(bundle), policy,
                                      small_ledger().sealed_ms()));
    list.push_back(std::move(one));
  }
  return {{"about", "Bundles that an operator made who holds the log's key and lies; bundle is the "
                    "file's text."},
          {"cases", std::move(list)}};
}

json::value frozen(const std::string& name) { return own_vectors("bundles/" + name); }

void write(const std::string& name, const std::string& text) {
  std::ofstream(path_of(name), std::ios::binary) << text;
}

// One case a line: so a change shows as one.
std::string lines_of(const json::object& object, const char* list) {
  std::string text = "{\"about\":" + json::serialize(object.at("about")) + ",\n\"" + list + "\":[";
  const char* before = "\n";
  for (const auto& one : object.at(list).as_array()) {
    text.append(before).append(json::serialize(one));
    before = ",\n";
  }
  return text + "\n]}\n";
}

void expect_verdict(const json::object& expected, const BundleVerdict& verdict,
                    const std::string& name) {
  json::object found;
  expect_in(found, verdict);
  EXPECT_EQ(found.at("verdict"), expected.at("verdict")) << name << ": " << said(verdict);
  for (const char* field : {"code", "asOfMs"}) {
    const auto* wanted = expected.if_contains(field);
    const auto* has = found.if_contains(field);
    ASSERT_EQ(wanted != nullptr, has != nullptr) << name;
    if (wanted == nullptr) continue;
    EXPECT_EQ(*has, *wanted) << name << ": " << said(verdict);
  }
}

class BundleVectors : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::getenv("SUYUAN_WRITE_VECTORS") == nullptr) return;
    for (const Base& base : bases()) write(base.name + ".suyuan.json", base.text);
    write("bases.json", lines_of(base_vectors(), "bases"));
    write("mutations.json", lines_of(mutation_vectors(), "cases"));
    write("forged.json", lines_of(forged_vectors(), "cases"));
    write("epcis_mutations.json", lines_of(epcis_mutation_vectors(), "cases"));
    write("act_mutations.json", lines_of(act_mutation_vectors(), "cases"));
  }
};

TEST_F(BundleVectors, TheBasesAreJudgedAsFrozen) {
  const auto all = frozen("bases.json");
  for (const auto& value : all.at("bases").as_array()) {
    const auto& one = value.as_object();
    const auto text = file_text(path_of(text_of(one.at("file")))).value();
    expect_verdict(one,
                   verify_bundle_text(text, text_of(one.at("policy")), one.at("nowMs").as_int64()),
                   text_of(one.at("name")));
  }
}

// Each case of the file against the base that it names.
void expect_mutations(const std::string& file, size_t count) {
  const auto base_list = frozen("bases.json");
  std::map<std::string, Base> all;
  for (Base& base : epcis_bases()) all.emplace(base.name, std::move(base));
  for (const auto& value : base_list.at("bases").as_array()) {
    const auto& one = value.as_object();
    all[text_of(one.at("name"))] = {text_of(one.at("name")),
                                    file_text(path_of(text_of(one.at("file")))).value(),
                                    text_of(one.at("policy")), one.at("nowMs").as_int64()};
  }
  std::map<std::string, Mutator> mutators;
  const auto cases = frozen(file);
  EXPECT_EQ(cases.at("cases").as_array().size(), count);
  for (const auto& value : cases.at("cases").as_array()) {
    const auto& one = value.as_object();
    const Base& base = all.at(text_of(one.at("base")));
    const auto& mutator = mutators.try_emplace(base.name, base.text, uint64_t{0}).first->second;
    expect_verdict(one,
                   verify_bundle_text(mutator.apply(mutation_from(one)), base.policy, base.now_ms),
                   json::serialize(one));
  }
}

TEST_F(BundleVectors, TheMutationsAreJudgedAsFrozen) {
  expect_mutations("mutations.json", kMutations);
}

TEST_F(BundleVectors, TheMutationsOfEpcisStatementsAreJudgedAsFrozen) {
  expect_mutations("epcis_mutations.json", kEpcisMutations);
}

TEST_F(BundleVectors, TheMutationsOfEveryKindOfActAreJudgedAsFrozen) {
  expect_mutations("act_mutations.json", kActMutations);
}

TEST_F(BundleVectors, TheForgeriesAreRefusedAsFrozen) {
  const auto cases = frozen("forged.json");
  for (const auto& value : cases.at("cases").as_array()) {
    const auto& one = value.as_object();
    expect_verdict(one,
                   verify_bundle_text(text_of(one.at("bundle")), text_of(one.at("policy")),
                                      one.at("nowMs").as_int64()),
                   text_of(one.at("name")));
  }
}

// What the second verifier's tests made, and how it judged.
TEST_F(BundleVectors, TheOtherVerifiersCasesAreJudgedAlike) {
  const auto all = frozen("web.json");
  for (const auto& value : all.at("cases").as_array()) {
    const auto& one = value.as_object();
    const auto text_at = [&](const char* list, const char* number) {
      return text_of(all.at(list).as_array().at(one.at(number).to_number<size_t>()));
    };
    expect_verdict(one,
                   verify_bundle_text(text_at("bundles", "bundle"), text_at("policies", "policy"),
                                      one.at("nowMs").as_int64()),
                   json::serialize(one));
  }
}

// What is frozen is what this program makes today: if not, signed formats changed.
TEST_F(BundleVectors, AreMadeAgainByteForByte) {
  size_t bytes = 0;
  const auto same = [&](const std::string& name, const std::string& text) {
    bytes += text.size();
    EXPECT_TRUE(file_text(path_of(name)) == text) << name << " differs from what is made";
  };
  for (const Base& base : bases()) same(base.name + ".suyuan.json", base.text);
  same("bases.json", lines_of(base_vectors(), "bases"));
  same("mutations.json", lines_of(mutation_vectors(), "cases"));
  same("forged.json", lines_of(forged_vectors(), "cases"));
  same("epcis_mutations.json", lines_of(epcis_mutation_vectors(), "cases"));
  same("act_mutations.json", lines_of(act_mutation_vectors(), "cases"));
  EXPECT_LT(bytes, kVectorBytesMax);
}

}  // namespace
}  // namespace suyuan::testing
