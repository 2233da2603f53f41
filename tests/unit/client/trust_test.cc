#include "client/trust.h"

#include "ledger/os/files.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

std::string some_note(const PinnedLedger& pinned) {
  const KeyPair key = test::fixed_key(9);
  auto sealed = seal_event(test::event("A1"), "nz-mfr", test::counted_salts());
  auto submission =
      sign_batch(pinned.id, PayloadType::event_capnp, {sealed->event}, 9'000, Nonce{},
                 {.party = "nz-mfr", .secret = key.secret, .key = key.key});
  EXPECT_TRUE(submission);
  return submission->note;
}

TEST(Trust, PinsTheLedgerOfAGenesisLeaf) {
  const PinnedLedger pinned = test::ledger();
  EXPECT_EQ(pinned.id.origin, "example.org/trace");
  EXPECT_EQ(pinned.genesis.nodes.front().name, "node-1");
}

TEST(Trust, PinsNoOtherLeaf) {
  const PinnedLedger pinned = test::ledger();
  const auto other = pinned_from_leaf(write_leaf(LeafKind::batch, 5, some_note(pinned)));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::NOTE_SYNTAX);
}

TEST(Trust, SaysHowToPinWhereNothingIsPinned) {
  const auto pinned = load_pinned("/nowhere/genesis.leaf");
  ASSERT_FALSE(pinned);
  EXPECT_NE(pinned.error().message.find("suyuan trust"), std::string::npos);
}

TEST(Trust, WritesFingerprintsInGroupsOfFour) {
  const std::string text = fingerprint(test::ledger().id);
  EXPECT_EQ(text.size(), 64U + 15U);
  EXPECT_EQ(text[4], ' ');
}

TEST(Trust, KnowsAnotherLedger) {
  const PinnedLedger pinned = test::ledger();
  EXPECT_TRUE(check_same_ledger(pinned, {.genesis_leaf = pinned.leaf, .node = {}, .version = {}}));
  const auto other = check_same_ledger(
      pinned, {.genesis_leaf = test::ledger("b.example/log").leaf, .node = {}, .version = {}});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::LEDGER_MISMATCH);
}

TEST(Receipts, AreGoodForTheNoteThatTheTreeHolds) {
  const PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  EXPECT_TRUE(check_answer(pinned, note, test::receipt_of(pinned, note)));
}

TEST(Receipts, OfAnotherNoteProveNothing) {
  const PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  BatchReceipt receipt = test::receipt_of(pinned, note);
  receipt.path = {Hash{}};
  const auto checked = check_answer(pinned, note, receipt);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Code::ROOT_MISMATCH);
}

TEST(Receipts, WithAnotherLogTimeProveNothing) {
  const PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  BatchReceipt receipt = test::receipt_of(pinned, note);
  receipt.time_ms += 1;
  EXPECT_FALSE(check_answer(pinned, note, receipt));
  receipt.time_ms = -1;
  EXPECT_FALSE(check_answer(pinned, note, receipt));
}

TEST(Receipts, OfAnotherLedgerProveNothing) {
  const PinnedLedger other = test::ledger("b.example/log");
  const std::string note = some_note(other);
  EXPECT_FALSE(check_answer(test::ledger(), note, test::receipt_of(other, note)));
}

TEST(Receipts, SignedByAnotherKeyProveNothing) {
  PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  const BatchReceipt receipt = test::receipt_of(pinned, note);
  pinned.genesis.nodes.front().key = test::fixed_key(7).key;
  EXPECT_FALSE(check_answer(pinned, note, receipt));
}

TEST(Evidence, KeepsNoteReceiptAndReason) {
  const test::Folder folder;
  const PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  const auto path = keep_evidence(folder.file("evidence"), note, test::receipt_of(pinned, note),
                                  {.code = Code::ROOT_MISMATCH, .message = "another root"});
  ASSERT_TRUE(path);
  const auto text = read_file(*path, 1 << 20);
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("another root"), std::string::npos);
  EXPECT_NE(text->find("suyuan/batch/v1"), std::string::npos);
  EXPECT_NE(text->find("suyuan/receipt/v1"), std::string::npos);
}

}  // namespace
}  // namespace suyuan
