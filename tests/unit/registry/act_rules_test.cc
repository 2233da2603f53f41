#include "ledger/registry/act_rules.h"

#include "ledger/base/limits.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

RegisterParty party_act() {
  return {.party = {.id = "p", .name = "P", .roles = {Role::lab}}, .keys = {}};
}

// The faults, as "CODE field" each.
std::vector<std::string> faults(const RegistryEvent& act) {
  std::vector<std::string> list;
  for (const auto& fault : faults_of(act)) {
    EXPECT_FALSE(fault.message.empty());
    list.push_back(std::string(info(fault.code).name) + " " + fault.field);
  }
  return list;
}
using List = std::vector<std::string>;

TEST(ActRules, NameEveryFaultAndItsField) {
  auto act = party_act();
  act.party.name.clear();
  act.party.country = "NZL";
  act.party.gln = "1";
  EXPECT_EQ(faults(act),
            (List{"MISSING_FIELD party.name", "INVALID_FIELD party.country",
                  "CODE_SYNTAX party.gln"}));
}

TEST(ActRules, StopAtTheLargestNumberOfFaults) {
  ProductData product{.gtin = "09521104301011", .name = "x", .owner = "o"};
  product.licensees.assign(limits::kListMax, "NO");
  EXPECT_EQ(faults(RegisterProduct{product}).size(), limits::kErrorsPerBatchMax);
}

TEST(ActRules, RefuseTextThatIsNotUtf8) {
  auto act = party_act();
  act.party.name_zh = "\xC3";
  EXPECT_EQ(faults(act), List{"BAD_TEXT party.nameZh"});
}

TEST(ActRules, RefuseEscapeSequences) {
  auto act = party_act();
  act.party.name = "\x1B[31mred";
  EXPECT_EQ(faults(act), List{"INVALID_FIELD party.name"});
}

TEST(ActRules, BoundEveryList) {
  auto act = party_act();
  act.party.accreditations.assign(257, {.number = "1"});
  EXPECT_EQ(faults(act), List{"TOO_MANY party.accreditations"});
  act.party.accreditations.assign(1, {.number = "1", .scope = List(257, "s")});
  EXPECT_EQ(faults(act), List{"TOO_MANY party.accreditations[0].scope"});
  SiteData site{.gln = "9521104000013", .party = "p", .name = "s"};
  site.supervised_by.assign(257, "p");
  EXPECT_EQ(faults(RegisterSite{site}), List{"TOO_MANY site.supervisedBy"});
}

TEST(ActRules, RefuseATimeThatNoTextCanWrite) {
  GrantDelegation act{.party = "p", .signer = "g", .until = Moment{.ms = 0, .offset_minutes = 841}};
  EXPECT_EQ(faults(act), List{"INVALID_FIELD until"});
  act.until = Moment{.ms = 253'402'214'400'000};
  EXPECT_EQ(faults(act), List{"INVALID_FIELD until"});
  act.until = Moment{.ms = 253'402'214'399'999, .offset_minutes = -840};
  EXPECT_EQ(faults(act), List{});
}

TEST(ActRules, AskForPartyIdsWhereverAPartyIsNamed) {
  EXPECT_EQ(faults(AddKey{.party = "P"}), List{"PARTY_ID_SYNTAX party"});
  EXPECT_EQ(faults(RevokeKey{.party = ""}), List{"MISSING_FIELD party"});
  EXPECT_EQ(faults(EndDelegation{.party = "p", .signer = "consumer"}),
            List{"PARTY_ID_SYNTAX signer"});
}

TEST(ActRules, BoundTheReasonOfARevocation) {
  const RevokeKey act{.party = "p", .reason = std::string(4097, 'r')};
  EXPECT_EQ(faults(act), List{"TOO_LARGE reason"});
}

}  // namespace
}  // namespace suyuan::testing
