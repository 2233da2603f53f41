#include "client/behind.h"

#include <gtest/gtest.h>

#include "tests/unit/proof/keys.h"
#include "tests/unit/witness/folder.h"

namespace suyuan {
namespace {

using namespace std::chrono_literals;
using testing::party;

const auto kTree = testing::leaves_of(20);

Genesis two_nodes() {
  Genesis genesis;
  genesis.origin = testing::the_log().name;
  genesis.log_key = testing::the_log().pair.key;
  for (const char seed : {'1', '2'}) {
    genesis.nodes.push_back({.name = std::string("node-") + seed, .key = party("", seed).pair.key});
  }
  return genesis;
}

// As a node gives it out: the log's line, and one in its name by the node's own key.
std::string given(char node, size_t size) {
  const auto own = party("", node).pair;
  const auto note = sign_checkpoint(testing::checkpoint_of(kTree, size), own.secret, own.key);
  return with_lines(testing::signed_checkpoint(kTree, size), split_note(note)->lines);
}

class Behind : public ::testing::Test {
 protected:
  Behind() { EXPECT_TRUE(meet('1', {9})); }
  // The node shows trees of these sizes, one with each question, the last again and again.
  MemoryResult<Checkpoint> meet(char node, std::vector<size_t> sizes) {
    const Memory memory(folder_.path() + "/checkpoint");
    size_t asked = 0;
    const Memory::Ask ask = [&](uint64_t old_size) {
      const size_t size = sizes[std::min(asked++, sizes.size() - 1)];
      CheckpointProof shown{.note = given(node, size), .path = {}};
      if (old_size > 0 && old_size < size)
        shown.path = testing::naive_consistency(testing::HashSpan(kTree).first(size), old_size);
      return Answer<CheckpointProof>{.head = {}, .value = shown};
    };
    const Genesis genesis = two_nodes();
    return memory.meet(policy_of_log(genesis.origin, genesis.log_key),
                       ask_until_not_behind(ask, {.before = memory.read().value(),
                                                  .genesis = genesis,
                                                  .time = 50ms,
                                                  .pause = 1ms}));
  }
  const testing::Folder folder_;
};

TEST_F(Behind, AnotherNodeIsWaitedFor) {
  const auto met = meet('2', {7, 8, 12});
  ASSERT_TRUE(met);
  EXPECT_EQ(met->head.size, 12U);
}

TEST_F(Behind, OneThatStaysBehindIsNoLiar) {
  const auto met = meet('2', {7});
  ASSERT_FALSE(met);
  EXPECT_EQ(met.error().cause, MemoryCause::answer);
  EXPECT_EQ(met.error().error.code, Code::BUSY);
  EXPECT_FALSE(met.error().evidence);
}

TEST_F(Behind, TheSameNodeGoesBack) {
  const auto met = meet('1', {7, 12});
  ASSERT_FALSE(met);
  EXPECT_EQ(met.error().cause, MemoryCause::shown);
  ASSERT_TRUE(met.error().evidence);
  EXPECT_EQ(met.error().evidence->kind, EvidenceKind::rollback);
}

TEST_F(Behind, WhoDoesNotSayWhichNodeItIsIsTakenForTheSame) {
  const std::string bare = testing::signed_checkpoint(kTree, 5);
  EXPECT_FALSE(are_of_two_nodes(bare, given('1', 5), two_nodes()));
  EXPECT_TRUE(are_of_two_nodes(given('2', 5), given('1', 5), two_nodes()));
}

TEST_F(Behind, ANodeThatThePinnedListDoesNotNameIsWaitedForAndNotTrusted) {
  const auto met = meet('3', {7, 8, 12});
  ASSERT_TRUE(met) << "it was a moment behind";
  EXPECT_EQ(met->head.size, 12U);
  const auto back = meet('3', {10, 13});
  ASSERT_FALSE(back) << "the same unknown key: the same node";
  EXPECT_EQ(back.error().evidence->kind, EvidenceKind::rollback);
}

TEST_F(Behind, ALineThatNobodyVerifiesHidesNoRollback) {
  const auto met = meet('3', {7});
  ASSERT_FALSE(met);
  EXPECT_EQ(met.error().cause, MemoryCause::shown);
  ASSERT_TRUE(met.error().evidence);
  EXPECT_EQ(met.error().evidence->kind, EvidenceKind::rollback);
}

TEST_F(Behind, ALedgerOfOneNodeHasNoOther) {
  Genesis alone = two_nodes();
  alone.nodes.pop_back();
  size_t asked = 0;
  const auto ask = ask_until_not_behind(
      [&](uint64_t) {
        ++asked;
        return Answer<CheckpointProof>{
            .head = {}, .value = CheckpointProof{.note = given('3', 7), .path = {}}};
      },
      {.before = given('1', 9), .genesis = alone, .time = 50ms, .pause = 1ms});
  EXPECT_TRUE(ask(9).value);
  EXPECT_EQ(asked, 1U);
}

}  // namespace
}  // namespace suyuan
