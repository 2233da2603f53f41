#include "client/receipts.h"

#include <gtest/gtest.h>

#include <utility>

#include "ledger/batch/receipt.h"
#include "ledger/os/files.h"
#include "tests/unit/proof/keys.h"
#include "tests/unit/witness/folder.h"

namespace suyuan {
namespace {

using testing::cosigned_checkpoint;
using testing::Folder;
using testing::Hashes;
using testing::HashSpan;
using testing::leaves_of;
using testing::naive_consistency;
using testing::signed_checkpoint;
using testing::the_log;

const auto kLeaves = leaves_of(20);

// Another tree that begins with the first `common` leaves.
Hashes fork_at(size_t common) {
  auto leaves = leaves_of(20, "another-");
  std::copy_n(kLeaves.begin(), common, leaves.begin());
  return leaves;
}

Policy log_alone() { return policy_of_log(the_log().name, the_log().pair.key); }

CheckpointProof show(HashSpan leaves, size_t older, size_t newer) {
  CheckpointProof shown{.note = signed_checkpoint(leaves, newer), .path = {}};
  if (older > 0 && older < newer) shown.path = naive_consistency(leaves.first(newer), older);
  return shown;
}

// A node that shows the first `size` of `leaves`.
Memory::Ask node(const Hashes& leaves, size_t size) {
  return [&leaves, size](uint64_t old_size) {
    return Answer<CheckpointProof>{.head = {}, .value = show(leaves, old_size, size)};
  };
}

TEST(Memory, RemembersTheNewest) {
  const Folder folder;
  const std::string path = folder.path() + "/checkpoint";
  for (const size_t size : {3U, 3U, 4U, 17U, 17U}) {
    const auto met = Memory(path).meet(log_alone(), node(kLeaves, size));
    ASSERT_TRUE(met) << met.error().error.message;
    EXPECT_EQ(*Memory(path).read(), signed_checkpoint(kLeaves, size));
  }
}

TEST(Memory, RefusesANodeThatGoesBack) {
  const Folder folder;
  const Memory memory(folder.path() + "/checkpoint");
  ASSERT_TRUE(memory.meet(log_alone(), node(kLeaves, 9)));
  const auto refused = memory.meet(log_alone(), node(kLeaves, 8));
  ASSERT_FALSE(refused);
  ASSERT_TRUE(refused.error().evidence);
  EXPECT_EQ(refused.error().evidence->kind, EvidenceKind::rollback);
  EXPECT_EQ(*memory.read(), signed_checkpoint(kLeaves, 9));
}

TEST(Memory, RefusesEveryFork) {
  for (size_t seen = 1; seen <= 12; ++seen) {
    const Folder folder;
    const Memory memory(folder.path() + "/checkpoint");
    ASSERT_TRUE(memory.meet(log_alone(), node(kLeaves, seen)));
    const auto fork = fork_at(seen - 1);
    for (size_t size = seen; size <= 20; ++size) {
      const auto refused = memory.meet(log_alone(), node(fork, size));
      ASSERT_FALSE(refused) << seen << " " << size;
      ASSERT_TRUE(refused.error().evidence);
      EXPECT_EQ(refused.error().evidence->kind, EvidenceKind::split);
    }
    EXPECT_TRUE(memory.meet(log_alone(), node(kLeaves, 20)));
  }
}

TEST(Memory, RefusesWhatDoesNotMeetThePolicy) {
  const auto policy = parse_policy(testing::two_of_three()).value();
  CheckpointProof shown{.note = cosigned_checkpoint(kLeaves, 5, "a", 100), .path = {}};
  const auto refused = check_shown("", shown, policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, Code::SIGNATURE_INVALID);
  EXPECT_FALSE(refused.error().evidence);
  shown.note = cosigned_checkpoint(kLeaves, 5, "ab", 100);
  EXPECT_TRUE(check_shown("", shown, policy));
}

TEST(Memory, AskingTooEarlyIsNoLieOfTheNode) {
  const Folder folder;
  const auto refused = Memory(folder.path() + "/checkpoint").meet(log_alone(), [](uint64_t) {
    return Answer<CheckpointProof>{.head = {},
                                   .value = fail(Code::SIZE_NOT_REACHED, "none yet")};
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, MemoryCause::answer);
  EXPECT_EQ(refused.error().error.code, Code::BUSY);
}

TEST(Memory, ANoteThatIsNotOfThisLedgerIsNotForgottenSilently) {
  EXPECT_EQ(check_shown("nonsense", show(kLeaves, 0, 3), log_alone()).error().error.code,
            Code::CORRUPT);
}

TEST(Memory, TwoCommandsAtOnceCannotHideAForkFromEachOther) {
  const Folder folder;
  const Memory memory(folder.path() + "/checkpoint");
  ASSERT_TRUE(memory.meet(log_alone(), node(kLeaves, 5)));
  const auto fork = fork_at(5);
  bool meanwhile = false;
  const auto refused = memory.meet(log_alone(), [&](uint64_t old_size) {
    if (!std::exchange(meanwhile, true)) {
      EXPECT_TRUE(memory.meet(log_alone(), node(kLeaves, 8)));
    }
    return node(fork, 12)(old_size);
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().evidence->kind, EvidenceKind::split);
  EXPECT_EQ(*memory.read(), signed_checkpoint(kLeaves, 8));
}

TEST(Evidence, IsReadAsItWasWritten) {
  const Folder folder;
  const Evidence evidence{.kind = EvidenceKind::split,
                          .older = signed_checkpoint(kLeaves, 3),
                          .newer = signed_checkpoint(kLeaves, 9),
                          .path = naive_consistency(HashSpan(kLeaves).first(9), 3)};
  const auto path = keep_evidence_file(folder.path(), evidence);
  ASSERT_TRUE(path);
  EXPECT_NE(path->find("/suyuan-evidence-"), std::string::npos);
  const auto text = read_file(*path, 1 << 20).value();
  EXPECT_TRUE(is_evidence(text));
  EXPECT_EQ(parse_evidence(text).value(), evidence);
  EXPECT_FALSE(is_evidence("{\"format\":\"suyuan/bundle/v1\"}"));
  EXPECT_FALSE(parse_evidence("{\"format\":\"suyuan/evidence/v1\"}"));
  EXPECT_FALSE(parse_evidence(text.substr(0, text.size() - 2) + ",\"more\":1}"));
}

EvidenceWeight weight_of(const Evidence& evidence) {
  return judge_evidence(evidence, log_alone(), {}).weight;
}

TEST(Evidence, WeighsOnlyWhatIsSigned) {
  const auto fork = fork_at(2);
  Evidence evidence{.kind = EvidenceKind::split,
                    .older = signed_checkpoint(kLeaves, 7),
                    .newer = signed_checkpoint(fork, 7)};
  EXPECT_EQ(weight_of(evidence), EvidenceWeight::proves);
  evidence.newer = signed_checkpoint(fork, 9);
  EXPECT_EQ(weight_of(evidence), EvidenceWeight::indicates);
  evidence.newer = signed_checkpoint(kLeaves, 6);
  EXPECT_EQ(weight_of(evidence), EvidenceWeight::indicates);
  evidence.newer = signed_checkpoint(kLeaves, 7);
  EXPECT_EQ(weight_of(evidence), EvidenceWeight::nothing);
  evidence.newer = signed_checkpoint(kLeaves, 9);
  evidence.path = naive_consistency(HashSpan(kLeaves).first(9), 7);
  EXPECT_EQ(weight_of(evidence), EvidenceWeight::nothing);
  // Anyone can write this one.
  const auto stranger = testing::party(the_log().name, 's');
  evidence.newer = sign_checkpoint({.origin = the_log().name, .head = testing::head_of(fork, 7)},
                                   stranger.pair.secret, stranger.pair.key);
  EXPECT_EQ(weight_of(evidence), EvidenceWeight::nothing);
}

const auto& node_of_ledger() {
  static const auto kNode = testing::party("node-1", 'n');
  return kNode;
}

std::string receipt_for(HashSpan leaves, size_t size) {
  const ReceiptText text{.ledger = {.origin = the_log().name, .genesis = sha256("g")},
                         .size = size,
                         .root = testing::head_of(leaves, size).root,
                         .time_ms = 1};
  const auto& pair = node_of_ledger().pair;
  return sign_receipt(text, node_of_ledger().name, pair.secret, pair.key);
}

PinnedLedger ledger_of_node() {
  PinnedLedger ledger;
  ledger.genesis.nodes = {{.name = node_of_ledger().name, .key = node_of_ledger().pair.key}};
  return ledger;
}

TEST(Evidence, AReceiptBindsTheLog) {
  const Evidence evidence{.kind = EvidenceKind::receipt,
                          .older = receipt_for(kLeaves, 7),
                          .newer = signed_checkpoint(fork_at(2), 7)};
  EXPECT_EQ(judge_evidence(evidence, log_alone(), ledger_of_node()).weight,
            EvidenceWeight::proves);
  EXPECT_EQ(judge_evidence(evidence, log_alone(), {}).weight, EvidenceWeight::nothing);
}

TEST(ReceiptMemory, KeepsOneReceiptOfEachTree) {
  const Folder folder;
  const ReceiptMemory receipts(folder.path() + "/receipts");
  EXPECT_EQ(receipts.newest_size(), 0U);
  ASSERT_TRUE(receipts.add({receipt_for(kLeaves, 7), receipt_for(kLeaves, 4)}));
  ASSERT_TRUE(receipts.add({receipt_for(kLeaves, 7)}));
  EXPECT_EQ(receipts.read().value(),
            (std::vector{receipt_for(kLeaves, 4), receipt_for(kLeaves, 7)}));
  EXPECT_EQ(receipts.newest_size(), 7U);
  ASSERT_TRUE(receipts.forget({receipt_for(kLeaves, 4)}));
  EXPECT_EQ(receipts.read().value(), std::vector{receipt_for(kLeaves, 7)});
}

TEST(ReceiptMemory, StaysSmallAndKeepsTheOldestAndTheNewest) {
  const Folder folder;
  const ReceiptMemory receipts(folder.path() + "/receipts");
  const auto leaves = leaves_of(200);
  std::vector<std::string> all;
  for (size_t size = 1; size <= 200; ++size) all.push_back(receipt_for(leaves, size));
  ASSERT_TRUE(receipts.add(all));
  const auto kept = receipts.read().value();
  EXPECT_EQ(kept.size(), limits::kReceiptsRemembered);
  EXPECT_EQ(kept.front(), all.front());
  EXPECT_EQ(kept.back(), all.back());
}

using Found = ReceiptCheck::Found;

TEST(ReceiptCheck, FindsWhatTheLogKeptAndWhatIsYetToCome) {
  const Folder folder;
  const Memory memory(folder.path() + "/checkpoint");
  const auto policy = log_alone();
  const Memory::Ask ask = node(kLeaves, 9);
  ReceiptCheck check(memory, policy, ask);
  for (const size_t size : {1U, 5U, 8U, 9U}) {
    const auto found = check.check(receipt_for(kLeaves, size));
    ASSERT_TRUE(found) << found.error().error.message;
    EXPECT_EQ(*found, Found::in_log) << size;
  }
  EXPECT_EQ(check.check(receipt_for(kLeaves, 10)).value(), Found::not_yet);
}

TEST(ReceiptCheck, WritesEvidenceThatHoldsWhereTheLogBrokeItsWord) {
  const auto fork = fork_at(2);
  for (const size_t size : {3U, 8U, 9U}) {
    const Folder folder;
    const Memory memory(folder.path() + "/checkpoint");
    const auto policy = log_alone();
    const Memory::Ask ask = node(kLeaves, 9);
    const auto found = ReceiptCheck(memory, policy, ask).check(receipt_for(fork, size));
    ASSERT_FALSE(found);
    ASSERT_TRUE(found.error().evidence);
    const auto& evidence = *found.error().evidence;
    EXPECT_EQ(evidence.kind, EvidenceKind::receipt);
    const auto weight = judge_evidence(evidence, policy, ledger_of_node()).weight;
    EXPECT_EQ(weight, size == 9 ? EvidenceWeight::proves : EvidenceWeight::indicates);
  }
}

// It shows the memory one log and the receipt another.
TEST(ReceiptCheck, IsNotTakenInByANodeOfTwoLogs) {
  const Folder folder;
  const Memory memory(folder.path() + "/checkpoint");
  const auto policy = log_alone();
  const auto fork = fork_at(2);
  const Memory::Ask ask = [&](uint64_t old_size) {
    return old_size == 5 ? node(fork, 9)(old_size) : node(kLeaves, 9)(old_size);
  };
  const auto found = ReceiptCheck(memory, policy, ask).check(receipt_for(fork, 5));
  EXPECT_TRUE(!found || *found == Found::not_yet);
}

}  // namespace
}  // namespace suyuan
