// A start that cannot write the registry's derived rows (node/folder/opening.h): it ends with an
// error that says so, and the next start writes them.
#include <gtest/gtest.h>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/right_edge.h"
#include "ledger/registry/derived_rows.h"
#include "ledger/registry/rows.h"
#include "node/folder/opening.h"
#include "node/pipeline/receipts.h"
#include "proto/registry_codec.h"
#include "tests/faults/disk_fs.h"
#include "tests/faults/script.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::test {
namespace {

constexpr std::string_view kCode = "91350205MA0DEM0132";

bool has_row(const Reader& reader) {
  const auto row = reader.get(Table::registry, credit_code_row_key(kCode, "maker"));
  return row && *row;
}

// A ledger with a party that has a credit code, as a program left it that knew no rows by code.
const DiskState& earlier_store() {
  static const DiskState kState = [] {
    testing::LedgerBuilder builder;
    builder.encode_with(
        [](const EventValue& value) { return encode_registry(std::get<RegistryEvent>(value)); });
    builder.party("maker", {Role::manufacturer}, {.credit_code = std::string(kCode)});
    SUYUAN_CHECK(has_row(builder.state()));
    Changes rows;
    for (size_t i = 0; i < kTableCount; ++i) {
      const auto table = static_cast<Table>(i);
      const auto read = builder.state().scan(table, {}, {}, Direction::ascending,
                                             [&](BytesView key, BytesView value) {
                                               rows.push_back({table, Bytes(key), Bytes(value)});
                                               return true;
                                             });
      SUYUAN_CHECK(read.has_value());
    }
    std::erase_if(rows, [](const Change& row) {
      return row.table == Table::registry && BytesView(row.key).starts_with(kCreditCodeRows);
    });
    const ReceiptSigner signer(builder.id(),
                               {.name = "node-1", .pair = key_from_seed(Hash{}.view())});
    const LedgerHead head = builder.head();
    const TreeRows tree(builder.state());
    rows.push_back(signer.receipt_row(head, root_of(TiledNodes(tree), head.leaves).value()));
    Disk disk;
    const auto env = env_on(disk);
    {
      const auto store = open_on(*env, true);
      SUYUAN_CHECK(store.has_value() && (*store)->commit(rows).has_value());
    }
    return disk.state();
  }();
  return kState;
}

TEST(MendAtStart, EndsWithAnErrorWhereItCannotWriteAndTheNextStartMends) {
  size_t failed = 0;
  for (const DiskOp op : {DiskOp::write, DiskOp::sync}) {
    for (const bool no_space : {false, true}) {
      SCOPED_TRACE(std::string(op == DiskOp::write ? "write" : "sync") +
                   (no_space ? ", no space" : ""));
      Disk disk(earlier_store());
      {
        const auto env = env_on(disk);
        const auto store = open_on(*env);
        ASSERT_TRUE(store) << to_text(store.error());
        ASSERT_FALSE(has_row((*store)->latest()));
        disk.fail({.ops = only(op), .at = 1, .forever = true, .no_space = no_space});
        const auto mended = mend_registry_rows(**store);
        ASSERT_FALSE(mended);
        ++failed;
        EXPECT_EQ(mended.error().code, Code::IO);
        EXPECT_NE(mended.error().message.find("cannot fix the registry rows"), std::string::npos)
            << mended.error().message;
      }
      std::mt19937_64 random(fault_seed());
      Disk after(after_power_loss(disk.state(), Loss::drop, random));
      const auto env = env_on(after);
      const auto store = open_on(*env);
      ASSERT_TRUE(store) << to_text(store.error());
      EXPECT_TRUE(check_right_edge((*store)->latest()));
      EXPECT_TRUE(mend_registry_rows(**store));
      EXPECT_TRUE(has_row((*store)->latest()));
      EXPECT_TRUE(mend_derived_rows((*store)->latest()).value().empty());
    }
  }
  EXPECT_EQ(failed, 4U);
}

}  // namespace
}  // namespace suyuan::test
