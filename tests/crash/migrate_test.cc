// A ledger that one node served for a while moves to a log in etcd: what was signed before holds
// afterwards.
#include "client/memory.h"
#include "client/receipts.h"
#include "client/trust.h"
#include "tests/crash/backups.h"
#include "tests/support/etcd_member.h"

namespace suyuan::test {
namespace {

class Migrate : public Backups {
 protected:
  static constexpr size_t kPosts = 5;

  void SetUp() override {
    if (!has_etcd()) GTEST_SKIP() << "etcd is not installed (Debian: etcd-server)";
    Backups::SetUp();
  }
  void acknowledge_some() {
    const auto connection = connect(node_->rpc_address());
    for (size_t i = 0; i < kPosts; ++i) {
      const Submission sent = load_->next();
      auto answer = connection->submit(sent);
      ASSERT_TRUE(answer.outcome) << to_text(answer.outcome.error().front());
      load_->acknowledge(sent, *std::move(answer.outcome));
    }
  }
  CheckpointProof checkpoint(uint64_t old_size) const {
    const auto answer = connect(node_->rpc_address())->checkpoint(old_size);
    EXPECT_TRUE(answer.value);
    return answer.value ? *answer.value : CheckpointProof{};
  }
  static uint64_t leaves_of(const CheckpointProof& shown) {
    return parse_checkpoint(split_note(shown.note)->text)->head.size;
  }
  // The node gives each receipt again byte for byte, and its newest checkpoint extends the tree of
  // each.
  void expect_all_receipts_hold() const {
    const auto connection = connect(node_->rpc_address());
    for (const auto& [id, receipt] : load_->acknowledged()) {
      auto again = connection->receipt(id);
      ASSERT_TRUE(again.value) << to_text(again.value.error());
      again.value->repeated = receipt.repeated;
      EXPECT_EQ(*again.value, receipt) << "leaf " << receipt.leaf;
      const auto promised = tree_of_receipt(receipt.note);
      ASSERT_TRUE(promised);
      const auto shown = connection->checkpoint(promised->size);
      ASSERT_TRUE(shown.value) << to_text(shown.value.error());
      const auto now = parse_checkpoint(split_note(shown.value->note)->text);
      EXPECT_TRUE(consistent(*promised, now->head, shown.value->path)) << promised->size;
    }
  }
};

TEST_F(Migrate, ALedgerThatHasGrownKeepsItsCheckpointsAndReceipts) {
  start();
  acknowledge_some();
  wait_until_published();
  const CheckpointProof before = checkpoint(0);
  ASSERT_EQ(node_->end(SIGTERM), 0);

  EtcdCluster etcd(at("etcd"), 1);
  const std::string endpoint = etcd.endpoints().front();
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "migrate", "--data", data(), "--etcd", endpoint}), 0);
  EXPECT_EQ(serve(data()), kExitUsage) << "its store is never served alone again";

  start({"--order", "etcd", "--etcd", endpoint});
  expect_all_receipts_hold();
  acknowledge_some();
  wait_until_published();
  expect_all_receipts_hold();
  EXPECT_EQ(load_->acknowledged().size(), 2 * kPosts);

  const CheckpointProof after = checkpoint(leaves_of(before));
  EXPECT_GT(leaves_of(after), leaves_of(before) + kPosts);
  const Genesis& genesis = load_->ledger().genesis;
  const auto extended =
      check_shown(before.note, after, policy_of_log(genesis.origin, genesis.log_key));
  EXPECT_TRUE(extended) << extended.error().error.message;
}

}  // namespace
}  // namespace suyuan::test
