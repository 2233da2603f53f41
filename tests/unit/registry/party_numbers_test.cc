// Parties found by their numbers.
#include "ledger/registry/party_numbers.h"

#include "ledger/base/limits.h"
#include "ledger/registry/derived_rows.h"
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

void put_all(Registry& registry, const Changes& changes) {
  for (const auto& change : changes) {
    if (change.value) {
      registry.state().put(change.table, change.key, *change.value);
    } else {
      registry.state().erase(change.table, change.key);
    }
  }
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
TEST(PartyNumbers, ThatAnEarlierProgramLeftAreMended) {
  Registry registry;
  ASSERT_EQ(registry.apply(with_code("shop", kCode), 1), "OK");
  ASSERT_EQ(registry.apply(with_code("old", kCode), 1), "OK");
  PartyState moved = registry.party("old");
  moved.data.credit_code = kOther;
  registry.state().put(Table::registry, party_row_key("old"), encode(moved));
  registry.state().erase(Table::registry, credit_code_row_key(kCode, "shop"));
  EXPECT_EQ(names(registry, kCode), "") << "a row of a code that a party had is passed over";

  const Bytes nobodys = credit_code_row_key(kCode, "nobody");
  for (const Bytes& key : {nobodys, Bytes(kCreditCodeRows), Bytes(kCreditCodeRows) + kCode}) {
    registry.state().put(Table::registry, key, {});
  }
  const Changes changes = mend_derived_rows(registry.state()).value();
  EXPECT_EQ(changes.size(), 6U) << "two are missing, four have no party";
  put_all(registry, changes);
  EXPECT_EQ(names(registry, kCode), "shop ");
  EXPECT_EQ(names(registry, kOther), "old ");
  for (const Bytes& key : {nobodys, credit_code_row_key(kCode, "old")}) {
    EXPECT_FALSE(registry.state().get(Table::registry, key).value());
  }
  EXPECT_TRUE(mend_derived_rows(registry.state()).value().empty());
}

// There are more of them than fit into a page.
TEST(PartyNumbers, ThatAreManyAreAllMended) {
  Registry registry;
  const size_t parties = limits::kPageMax * 2 + 1;
  for (size_t i = 0; i < parties; ++i) {
    const std::string id = "p" + std::to_string(i);
    PartyState party{.data = with_code(id, kCode).party, .keys = {}, .delegations = {}};
    registry.state().put(Table::registry, party_row_key(id), encode(party));
    registry.state().put(Table::registry, credit_code_row_key(kOther, id), {});
  }
  const Changes changes = mend_derived_rows(registry.state()).value();
  EXPECT_EQ(changes.size(), 2 * parties);
  put_all(registry, changes);
  EXPECT_EQ(parties_with_credit_code(registry.state(), kCode, parties + 1)->size(), parties);
  EXPECT_TRUE(mend_derived_rows(registry.state()).value().empty());
}

}  // namespace
}  // namespace suyuan::testing
