// Parties found by their numbers.
#include "ledger/registry/party_numbers.h"

#include "ledger/registry/rows.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

constexpr size_t kMany = 100;
const std::string kCode = "91350205MA0DEM0132";
const std::string kOther = "91350200MA0DEM048C";

RegisterParty with_code(const std::string& id, const std::string& credit_code) {
  return {.party = {.id = id, .name = id, .roles = {Role::platform}, .credit_code = credit_code},
          .keys = {}};
}

std::string names(Registry& registry, const std::string& credit_code, size_t limit = kMany) {
  const auto found = parties_with_credit_code(registry.state(), credit_code, limit);
  std::string all;
  for (const auto& party : found.value()) all += party.data.id + " ";
  return all;
}

TEST(PartyNumbers, FindWhoHasACreditCode) {
  Registry registry;
  EXPECT_EQ(names(registry, kCode), "");
  ASSERT_EQ(registry.apply(with_code("shop", kCode), 1), "OK");
  ASSERT_EQ(registry.apply(with_code("other", kOther), 2), "OK");
  ASSERT_EQ(registry.apply(registry.registration("none", ""), 3), "OK");
  EXPECT_EQ(names(registry, kCode), "shop ");
  EXPECT_EQ(names(registry, kOther), "other ");
  EXPECT_EQ(names(registry, kCode.substr(0, 17)), "") << "the beginning of a code is none";
}

TEST(PartyNumbers, AreThoseOfTheNewestData) {
  Registry registry;
  ASSERT_EQ(registry.apply(with_code("shop", kCode), 1), "OK");
  ASSERT_EQ(registry.apply(AmendParty{with_code("shop", kOther).party}, 2), "OK");
  EXPECT_EQ(names(registry, kCode), "");
  EXPECT_EQ(names(registry, kOther), "shop ");
  ASSERT_EQ(registry.apply(AmendParty{with_code("shop", "").party}, 3), "OK");
  EXPECT_EQ(names(registry, kOther), "");
}

TEST(PartyNumbers, OfOneCreditCodeMayBeSeveralAndAreBounded) {
  Registry registry;
  for (const std::string id : {"c", "a", "b"}) {
    ASSERT_EQ(registry.apply(with_code(id, kCode), 1), "OK");
  }
  EXPECT_EQ(names(registry, kCode), "a b c ");
  EXPECT_EQ(names(registry, kCode, 2), "a b ");
}

// An earlier program registered its parties without these rows, and changed codes behind them.
TEST(PartyNumbers, ThatAnEarlierProgramLeftOutAreMadeAnew) {
  Registry registry;
  ASSERT_EQ(registry.apply(with_code("shop", kCode), 1), "OK");
  ASSERT_EQ(registry.apply(with_code("old", kCode), 1), "OK");
  PartyState moved = registry.party("old");
  moved.data.credit_code = kOther;
  registry.state().put(Table::registry, party_row_key("old"), encode(moved));
  registry.state().erase(Table::registry, credit_code_row_key(kCode, "shop"));
  EXPECT_EQ(names(registry, kCode), "") << "a row of a code that a party had is passed over";

  const Changes missing = missing_credit_code_rows(registry.state()).value();
  EXPECT_EQ(missing.size(), 2U);
  for (const auto& change : missing) registry.state().put(change.table, change.key, *change.value);
  EXPECT_EQ(names(registry, kCode), "shop ");
  EXPECT_EQ(names(registry, kOther), "old ");
  EXPECT_TRUE(missing_credit_code_rows(registry.state()).value().empty());
}

}  // namespace
}  // namespace suyuan::testing
