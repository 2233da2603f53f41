#include "client/on_nodes.h"

#include <gtest/gtest.h>

#include "ledger/merkle/tree.h"
#include "ledger/proof/cosignature.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using namespace std::chrono_literals;
using testing::party;

const auto kOnNodesTree = testing::leaves_of(20);

PinnedLedger three_node_ledger() {
  PinnedLedger ledger;
  ledger.genesis.origin = testing::the_log().name;
  ledger.genesis.log_key = testing::the_log().pair.key;
  for (const std::string seed : {"1", "2", "3"}) {
    ledger.genesis.nodes.push_back({.name = "node-" + seed, .key = party("", seed[0]).pair.key});
  }
  ledger.id.origin = ledger.genesis.origin;
  return ledger;
}

std::string signed_by_nodes(size_t size, const std::string& nodes) {
  const auto text = write_checkpoint(testing::checkpoint_of(kOnNodesTree, size));
  std::vector<NoteLine> lines;
  for (const char seed : nodes) {
    lines.push_back(testing::cosigned_by(party(std::string("node-") + seed, seed), text, 7));
  }
  return with_lines(testing::signed_checkpoint(kOnNodesTree, size), lines);
}

TreeHead nodes_tree(size_t size) { return testing::checkpoint_of(kOnNodesTree, size).head; }

// A node whose checkpoints are these, one with each question, the last again and again, each with
// what proves that it begins with the tree that was asked for.
Result<OnNodes> wait_for(size_t nodes, std::vector<TreeHead> trees,
                         std::vector<std::string> shown) {
  size_t asked = 0;
  return wait_for_nodes(
      three_node_ledger(),
      {.nodes = nodes, .trees = std::move(trees), .time = 50ms, .pause = 1ms},
      [&](uint64_t old_size) {
        const auto& note = shown[std::min(asked++, shown.size() - 1)];
        const uint64_t size = parse_checkpoint(split_note(note)->text)->head.size;
        std::vector<Hash> path;
        if (old_size < size) {
          path = testing::naive_consistency(testing::HashSpan(kOnNodesTree).first(size), old_size);
        }
        return Answer<CheckpointProof>{.head = {}, .value = CheckpointProof{note, path}};
      });
}
Result<OnNodes> wait_with(size_t nodes, uint64_t size, std::vector<std::string> shown) {
  return wait_for(nodes, {nodes_tree(size)}, std::move(shown));
}

TEST(OnNodes, WaitsForATreeThatHasItAndThatSoManyNodesSigned) {
  const auto held = wait_with(2, 9, {signed_by_nodes(8, "123"), signed_by_nodes(9, "1"),
                                     signed_by_nodes(12, "13")});
  ASSERT_TRUE(held) << to_text(held.error());
  EXPECT_EQ(held->size, 12U);
  EXPECT_EQ(held->nodes, (std::vector<std::string>{"node-1", "node-3"}));
}

TEST(OnNodes, SaysWhatHoldsWhereItIsNotEnough) {
  const auto few = wait_with(2, 9, {signed_by_nodes(9, "2")});
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().code, Code::BUSY);
  EXPECT_NE(few.error().message.find("1 signed"), std::string::npos) << few.error().message;
  const auto early = wait_with(1, 9, {signed_by_nodes(8, "123")});
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::BUSY);
  EXPECT_EQ(wait_with(4, 9, {signed_by_nodes(9, "123")}).error().code, Code::INVALID_FIELD);
}

// Who holds the log's key gives receipts of a tree of his own, and then the checkpoint of others.
TEST(OnNodes, ATreeThatTheNodesDidNotSignIsNotAcknowledged) {
  TreeHead branch = nodes_tree(9);
  branch.root.data[0] ^= 1;
  for (const size_t signed_size : {size_t{9}, size_t{12}}) {
    const auto held = wait_for(2, {branch}, {signed_by_nodes(signed_size, "123")});
    ASSERT_FALSE(held) << signed_size;
    EXPECT_EQ(held.error().code, Code::ROOT_MISMATCH);
  }
  EXPECT_FALSE(wait_for(2, {branch, nodes_tree(10)}, {signed_by_nodes(12, "123")}))
      << "an earlier receipt of the same run";
  EXPECT_TRUE(wait_for(2, {nodes_tree(9), nodes_tree(10)}, {signed_by_nodes(12, "123")}));
}

TEST(OnNodes, AStrangersCheckpointIsNoAcknowledgement) {
  const auto other = party(testing::the_log().name, 'x').pair;
  const auto forged =
      sign_checkpoint(testing::checkpoint_of(kOnNodesTree, 12), other.secret, other.key);
  EXPECT_EQ(wait_with(1, 9, {forged}).error().code, Code::SIGNATURE_INVALID);
}

// A batch at leaf 9 of the tree, acknowledged by node-2 alone, and what stands beside it.
struct Acknowledged {
  PinnedLedger ledger = three_node_ledger();
  std::vector<Hash> leaves{kOnNodesTree.begin(), kOnNodesTree.end()};
  BatchReceipt receipt;

  Acknowledged() {
    leaves[9] = leaf_hash(write_leaf(LeafKind::batch, 5, kBatch));
    const TreeHead head = testing::checkpoint_of(leaves, 10).head;
    const KeyPair pair = party("", '2').pair;
    receipt = {.note = sign_receipt({.ledger = ledger.id,
                                     .size = head.size,
                                     .root = head.root,
                                     .time_ms = 5},
                                    "node-2", pair.secret, pair.key),
               .leaf = 9,
               .path = path_in(10),
               .time_ms = 5,
               .heads = {}};
  }
  std::vector<Hash> path_in(uint64_t size) const {
    return *inclusion_proof(testing::NaiveNodes(leaves), 9, size);
  }
  void beside(size_t size, const std::string& nodes) {
    const auto text = write_checkpoint(testing::checkpoint_of(leaves, size));
    std::vector<NoteLine> lines;
    for (const char seed : nodes) {
      lines.push_back(testing::cosigned_by(party(std::string("node-") + seed, seed), text, 7));
    }
    receipt.held.checkpoint = with_lines(testing::signed_checkpoint(leaves, size), lines);
    receipt.held.path = path_in(size);
  }
  Result<OnNodes> proven() const { return proven_nodes(ledger, kBatch, receipt); }

  static constexpr const char* kBatch = "suyuan/batch/v1\n";
};

using Names = std::vector<std::string>;

TEST(ProvenNodes, AReceiptProvesWhoSignedItAndTheCheckpointBesideItTheOthers) {
  Acknowledged batch;
  ASSERT_TRUE(batch.proven()) << to_text(batch.proven().error());
  EXPECT_EQ(batch.proven()->nodes, Names{"node-2"});
  batch.beside(15, "31");
  ASSERT_TRUE(batch.proven()) << to_text(batch.proven().error());
  EXPECT_EQ(batch.proven()->nodes, (Names{"node-1", "node-2", "node-3"}));
  EXPECT_EQ(batch.proven()->size, 15U);
  batch.beside(15, "2");
  EXPECT_EQ(batch.proven()->nodes, Names{"node-2"}) << "nobody counts twice";
}

TEST(ProvenNodes, WhatTheAnswerSaysOfItselfProvesNothing) {
  Acknowledged batch;
  batch.receipt.held.nodes = {"node-1", "node-2", "node-3"};
  batch.receipt.held.of = 3;
  EXPECT_EQ(batch.proven()->nodes, Names{"node-2"});
  batch.beside(15, "13");
  batch.receipt.held.path.front().data[0] ^= 1;
  EXPECT_EQ(batch.proven().error().code, Code::ROOT_MISMATCH);
  batch.beside(15, "13");
  batch.receipt.held.checkpoint = signed_by_nodes(15, "13");  // of a tree without the batch
  EXPECT_EQ(batch.proven().error().code, Code::ROOT_MISMATCH);
  batch.beside(15, "13");
  batch.receipt.held.checkpoint[0] ^= 1;
  EXPECT_EQ(batch.proven().error().code, Code::SIGNATURE_INVALID);
}

// Its key may be in anybody's hands by now.
TEST(ProvenNodes, OneWhoWasTakenOutCountsNotAndIsBelievedBesideATreeOfNodesOfNowAlone) {
  Acknowledged batch;
  batch.ledger.first_nodes = batch.ledger.genesis.nodes;
  std::erase_if(batch.ledger.genesis.nodes, [](const auto& one) { return one.name == "node-2"; });
  EXPECT_EQ(check_answer(batch.ledger, Acknowledged::kBatch, batch.receipt).error().code,
            Code::KEY_UNKNOWN);
  EXPECT_EQ(batch.proven().error().code, Code::KEY_UNKNOWN);
  for (const char* nodes : {"", "2"}) {
    batch.beside(15, nodes);
    ASSERT_FALSE(batch.proven()) << "the log's key, and its own, vouch for nothing";
    EXPECT_EQ(batch.proven().error().code, Code::KEY_UNKNOWN);
  }
  batch.beside(15, "31");
  ASSERT_TRUE(batch.proven()) << to_text(batch.proven().error());
  EXPECT_EQ(batch.proven()->nodes, (Names{"node-1", "node-3"}));
  batch.receipt.held.path.front().data[0] ^= 1;
  EXPECT_EQ(batch.proven().error().code, Code::ROOT_MISMATCH);
}

}  // namespace
}  // namespace suyuan
