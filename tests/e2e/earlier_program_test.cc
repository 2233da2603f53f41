// A data folder that an earlier program wrote to last: it registered parties, and let their credit
// codes change, without the rows by which a party is found by its code.
#include <gtest/gtest.h>

#include "ledger/registry/party_numbers.h"
#include "ledger/registry/rows.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/folder/opening.h"
#include "tests/e2e/running_node.h"

namespace suyuan::test {
namespace {

TEST(EarlierProgram, LeavesRowsThatANodeMendsAsItStarts) {
  const TempFolder folder;
  {
    const RunningNode node(folder.path(), 1'790'000'000'000);
  }
  const std::string code = "91350205MA0DEM0132";
  const PartyState maker{.data = {.id = "maker", .name = "Maker", .credit_code = code},
                         .keys = {},
                         .delegations = {}};
  const Bytes stale = credit_code_row_key(code, "farm");
  const DataFolder data{folder.path()};
  {
    const auto store = open_rocks({.path = data.store()});
    ASSERT_TRUE(store) << to_text(store.error());
    ASSERT_TRUE((*store)->commit({{Table::registry, party_row_key("maker"), encode(maker)},
                                  {Table::registry, stale, Bytes()}}));
  }
  ServeOptions options;
  options.data = data.path;
  const auto opened = open_folder(data, options);
  ASSERT_TRUE(opened) << to_text(opened.error());
  const Reader& reader = opened->store->latest();
  const auto found = parties_with_credit_code(reader, code, 2).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].data.id, "maker");
  EXPECT_FALSE(reader.get(Table::registry, stale).value());
}

}  // namespace
}  // namespace suyuan::test
