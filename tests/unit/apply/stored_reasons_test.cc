// The texts of findings that every store keeps. An audit with replay derives each finding again and
// compares its bytes: if a text changes without new rules, honest nodes are accused. So this list
// changes only together with the version of the rules.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

using StoredReasons = World;

// In the log's order.
Words stored_reasons(const Reader& state) {
  Words all;
  const auto add = [&all](BytesView, BytesView value) {
    const auto finding = decode<Finding>(value);
    all.push_back(finding ? std::string(word(finding->flag)) + ": " + finding->reason
                          : to_text(finding.error()));
    return true;
  };
  EXPECT_TRUE(state.scan(Table::finding, "", "", Direction::ascending, add));
  return all;
}

TEST_F(StoredReasons, AreTheTextsThatEveryProgramOfTheseRulesStores) {
  ledger.party("old-lab", {Role::lab},
               {.accreditations = {{.number = "A-1", .valid_to = at("08:00")}}});
  const std::string other_lot = "lot:09521104301011:L2";
  const auto made = named(commission("08:00", {other_lot + " 10 H87"}), "urn:x:1");

  ledger.accept("maker", commission("07:00", {can(1), can(2), can(3)}));
  ledger.accept("maker", pack("10:00", kPallet2, {can(1)}));
  ledger.accept("maker", pack("08:00", kPallet, {can(1)}));
  ledger.accept("maker", unpack("09:00", kPallet, {can(2)}));
  ledger.accept("old-lab", inspect("09:00", "inspecting", {"lot:09521104301011:L9"}));
  ledger.accept("maker", transform("09:00", {std::string(kPowderLot) + " 800 KGM"},
                                   {std::string(kLot) + " 700 KGM"}, {"waste 1 KGM"}));
  ledger.accept("maker", commission("08:00", {std::string(kPowderLot) + " 50 KGM"}));
  ledger.accept("carrier", observe("09:00", "departing", {can(3)}));
  ledger.accept("maker", made);
  ledger.accept("maker", commission("09:00", {can(4)}, other_lot));
  ledger.accept("maker", declared_wrong(made));
  ledger.clock("2026-07-02T00:00:00Z");
  ledger.accept("maker", commission("2026-06-01T23:59:59Z", {can(5)}));

  EXPECT_EQ(stored_reasons(ledger.state()),
            (Words{"MISSING_STEP: goes into https://id.gs1.org/00/395211040000010020 later; no "
                   "unpacking from https://id.gs1.org/00/395211040000010013 is recorded",
                   "OUT_OF_ORDER: taken out of https://id.gs1.org/00/395211040000010013, in which "
                   "it is not known to be",
                   "CERT_EXPIRED: accreditation A-1 of old-lab ended at 2026-06-01T08:00:00Z",
                   "MASS_BALANCE: 800 kg went in, outputs and losses are 701 kg: a loss is not "
                   "stated",
                   "MISSING_STEP: how the lot came into being is not recorded",
                   "MASS_BALANCE: more was used than is now stated to have come",
                   "CUSTODY_BREAK: held by maker, no hand-over to carrier is recorded",
                   "MISSING_STEP: the making is withdrawn, what was used of it is not",
                   "BACKDATED: happened at 2026-06-01T23:59:59Z, recorded at "
                   "2026-07-02T00:00:00Z"}));
}

}  // namespace
}  // namespace suyuan::testing
