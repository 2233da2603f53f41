#include "client/trust.h"

#include "client/evidence.h"
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

// The time is not signed, and comes from a node or from a file of evidence.
TEST(Receipts, WithALogTimeThatNoLeafCanHaveAreRefused) {
  const PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  BatchReceipt receipt = test::receipt_of(pinned, note);
  for (const int64_t time : {int64_t{253'402'300'800'000}, INT64_MAX, int64_t{-1}}) {
    receipt.time_ms = time;
    const auto checked = check_answer(pinned, note, receipt);
    ASSERT_FALSE(checked) << time;
    EXPECT_EQ(checked.error().code, Code::INVALID_FIELD) << time;
  }
}

TEST(Receipts, ForATextThatNoLeafCanHaveAreRefused) {
  const PinnedLedger pinned = test::ledger();
  const BatchReceipt receipt = test::receipt_of(pinned, some_note(pinned));
  for (const char* note : {"", "\n", "noise", "suyuan/batch/v1", "suyuan/erase/v1",
                           "suyuan/seal/v1\nledger x\n"}) {
    const auto checked = check_answer(pinned, note, receipt);
    ASSERT_FALSE(checked) << note;
    EXPECT_EQ(checked.error().code, Code::NOTE_SYNTAX) << note;
  }
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

TEST(Evidence, OfAnAnswerSaysWhatTheReceiptFailsToProve) {
  const PinnedLedger pinned = test::ledger();
  const std::string note = some_note(pinned);
  const BatchReceipt receipt = test::receipt_of(pinned, note);
  Evidence evidence{.kind = EvidenceKind::answer,
                    .older = note,
                    .newer = receipt.note,
                    .path = receipt.path,
                    .leaf = receipt.leaf,
                    .time_ms = static_cast<uint64_t>(receipt.time_ms)};
  EXPECT_EQ(judge_evidence(evidence, {}, pinned).weight, EvidenceWeight::nothing);
  EXPECT_EQ(parse_evidence(write_evidence(evidence)).value(), evidence);
  evidence.leaf = 0;
  const auto finding = judge_evidence(evidence, {}, pinned);
  EXPECT_EQ(finding.weight, EvidenceWeight::indicates);
  EXPECT_NE(finding.lines.back().find("node-1"), std::string::npos);
  // Under a key that is no node's of the ledger anybody can have written it.
  EXPECT_EQ(judge_evidence(evidence, {}, test::ledger("b.example/log")).weight,
            EvidenceWeight::indicates);
  PinnedLedger other = pinned;
  other.genesis.nodes.front().key = test::fixed_key(7).key;
  EXPECT_EQ(judge_evidence(evidence, {}, other).weight, EvidenceWeight::nothing);
}

TEST(Evidence, OfAnAnswerMayHoldAnything) {
  const PinnedLedger pinned = test::ledger();
  const BatchReceipt receipt = test::receipt_of(pinned, some_note(pinned));
  const Evidence evidence{.kind = EvidenceKind::answer,
                          .older = "noise",
                          .newer = receipt.note,
                          .leaf = UINT64_MAX,
                          .time_ms = UINT64_MAX / 2};
  EXPECT_EQ(judge_evidence(evidence, {}, pinned).weight, EvidenceWeight::indicates);
}

TEST(Evidence, OfAnAnswerAloneHasLeafAndTime) {
  EXPECT_FALSE(parse_evidence(R"({"format":"suyuan/evidence/v1","kind":"answer","older":"a",)"
                              R"("newer":"b","path":[]})"));
  EXPECT_FALSE(parse_evidence(R"({"format":"suyuan/evidence/v1","kind":"split","older":"a",)"
                              R"("newer":"b","path":[],"leaf":1,"time":2})"));
}

}  // namespace
}  // namespace suyuan
