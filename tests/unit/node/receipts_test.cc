// Receipts that a node tells again, though another key of its own, or another node, signed them.
#include "node/pipeline/receipts.h"

#include <gtest/gtest.h>

#include "ledger/apply/log_reader.h"
#include "ledger/batch/receipt.h"
#include "ledger/merkle/proof.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

NamedKeyPair receipt_node(const std::string& name, char seed) {
  return {.name = name, .pair = key_from_seed(Bytes(kSeedBytes, seed))};
}

TEST(RenewedReceipt, IsByTheKeyOfNowWhoeverSignedItAndOfNoOtherTree) {
  testing::LedgerBuilder ledger;
  const Reader& store = ledger.state();
  const TreeRows rows(store);
  const Hash root = root_of(TiledNodes(rows), 1).value();
  const int64_t time_ms = read_leaf(store, 0).value().time_ms;
  const ReceiptText text{.ledger = ledger.id(), .size = 1, .root = root, .time_ms = time_ms};
  const auto by = [](const ReceiptText& said, const NamedKeyPair& node) {
    return sign_receipt(said, node.name, node.pair.secret, node.pair.key);
  };
  const NamedKeyPair now = receipt_node("node-a", 'n');
  const ReceiptSigner signer(ledger.id(), receipt_node("node-a", 'n'));
  const std::string mine = by(text, now);
  EXPECT_EQ(signer.renewed(store, by(text, receipt_node("node-a", 'o'))).value(), mine);
  EXPECT_EQ(signer.renewed(store, by(text, receipt_node("node-b", 'n'))).value(), mine);
  EXPECT_EQ(signer.renewed(store, mine).value(), mine);
  ReceiptText forked = text;
  forked.root = Hash{};
  const auto other_tree = signer.renewed(store, by(forked, receipt_node("node-b", 'n')));
  ASSERT_FALSE(other_tree);
  EXPECT_EQ(other_tree.error().code, Code::CORRUPT);
}

// Between a commit and its mark, and for good where the mark fails.
TEST(FindReceipt, TellsNothingOfABatchThatIsNotAcknowledged) {
  testing::LedgerBuilder ledger;
  ledger.party("maker", {Role::manufacturer});
  ledger.product("09521104301011", "maker");
  const ReceiptSigner signer(ledger.id(), receipt_node("node-a", 'n'));
  const VerifiedBatch batch =
      ledger.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})});
  const Applied applied = ledger.apply_group({batch});
  ASSERT_TRUE(applied.grown);
  ASSERT_TRUE(ledger.store().commit({signer.receipt_row(applied.head, applied.root)}));
  const uint64_t leaf = std::get<Accepted>(applied.verdicts.front()).leaf;
  const auto hidden = find_receipt(ledger.state(), signer, batch.id(), {}, leaf);
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code, Code::NOT_FOUND);
  const auto told = find_receipt(ledger.state(), signer, batch.id(), {}, leaf + 1);
  ASSERT_TRUE(told) << to_text(told.error());
  EXPECT_EQ(told->leaf, leaf);
}

}  // namespace
}  // namespace suyuan
