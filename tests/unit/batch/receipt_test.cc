#include "ledger/batch/receipt.h"

#include "ledger/merkle/tree.h"
#include "tests/unit/batch/batches.h"

namespace suyuan::testing {
namespace {

// A tree of five leaves, the receipt of one of them, and its node.
struct Given {
  explicit Given(uint64_t leaf) {
    for (size_t i = 0; i < 5; ++i) hashes.push_back(leaf_hash("leaf " + std::to_string(i)));
    const ReceiptText text{.ledger = ledger, .size = 5, .root = tree_hash(hashes), .time_ms = 9};
    const std::string note = sign_receipt(text, "node", pair.secret, pair.key);
    receipt = parse_receipt(note, leaf, inclusion_path(hashes, leaf)).value();
    data = "leaf " + std::to_string(leaf);
  }
  Result<Done> check() const { return check_receipt(receipt, data, ledger, nodes); }
  std::string outcome() const {
    const auto checked = check();
    return checked ? "OK" : std::string(info(checked.error().code).name);
  }

  LedgerId ledger{.origin = "test.example/log", .genesis = {}};
  KeyPair pair = key_from_seed(Bytes(kSeedBytes, 'n'));
  std::vector<NamedKey> nodes = {{.name = "other", .key = pair.key},
                                 {.name = "node", .key = pair.key}};
  std::vector<Hash> hashes;
  Receipt receipt;
  Bytes data;
};

TEST(Receipt, HoldsForEveryLeafOfItsTree) {
  for (const uint64_t leaf : {0U, 1U, 2U, 3U, 4U}) EXPECT_EQ(Given(leaf).outcome(), "OK") << leaf;
}

TEST(Receipt, IsForOneLeafAlone) {
  Given given(3);
  given.receipt.leaf = 2;
  EXPECT_EQ(given.outcome(), "ROOT_MISMATCH");
  given.receipt.leaf = 5;
  EXPECT_EQ(given.outcome(), "ROOT_MISMATCH");
}

TEST(Receipt, ByNoKnownNodeIsRefused) {
  Given given(1);
  given.nodes.pop_back();
  EXPECT_EQ(given.outcome(), "KEY_UNKNOWN");
  given.nodes.clear();
  EXPECT_EQ(given.outcome(), "KEY_UNKNOWN");
}

TEST(Receipt, IsBelievedForWhatIsSignedAlone) {
  Given given(1);
  given.receipt.text.size = 6;
  EXPECT_EQ(given.outcome(), "NOTE_SYNTAX");
}

TEST(Receipt, OfChangedTextIsRefused) {
  Given given(1);
  given.receipt.text.time_ms = 8;
  given.receipt.note.text = write_receipt_text(given.receipt.text);
  EXPECT_EQ(given.outcome(), "SIGNATURE_INVALID");
}

}  // namespace
}  // namespace suyuan::testing
