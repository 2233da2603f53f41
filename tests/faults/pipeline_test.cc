// The node's own way of a batch (node/pipeline/pipeline.h) on a disk whose writes or syncs fail: a
// receipt means that the batch is there after a power cut, and after a commit that failed nobody
// gets one.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <thread>

#include "ledger/apply/right_edge.h"
#include "tests/faults/disk_fs.h"
#include "tests/faults/gated_store.h"
#include "tests/faults/pipeline_node.h"
#include "tests/faults/script.h"

namespace suyuan::test {
namespace {

const DiskState& first_state() {
  static const DiskState kState = [] {
    Disk disk;
    const auto env = env_on(disk);
    {
      const auto store = open_on(*env, true);
      SUYUAN_CHECK(store.has_value() && (*store)->commit(input().rows).has_value());
    }
    return disk.state();
  }();
  return kState;
}

std::vector<std::pair<Bytes, Bytes>> rows_of(const Reader& reader, Table table) {
  std::vector<std::pair<Bytes, Bytes>> rows;
  EXPECT_TRUE(reader.scan(table, {}, {}, Direction::ascending, [&](BytesView key, BytesView value) {
    rows.emplace_back(key, value);
    return true;
  }));
  return rows;
}

struct Tally {
  size_t runs = 0;
  size_t hit = 0;
  size_t receipts = 0;
  size_t lost = 0;
  size_t late = 0;  // a receipt after a batch that had none
  size_t torn = 0;  // what is left does not fit together
};

class PipelineOnFailingDisk : public ::testing::Test {
 protected:
  PipelineOnFailingDisk() { spdlog::set_level(spdlog::level::off); }
  ~PipelineOnFailingDisk() override { spdlog::set_level(spdlog::level::info); }

  // Waves of batches with a seal between two; which of them got a receipt.
  static std::vector<bool> post_all(PipelineNode& node, Tally& tally) {
    std::vector<bool> answered;
    bool failed = false;
    for (size_t first = 0; first < kBatches; first += kAtOnce) {
      std::vector<std::future<Results<BatchReceipt>>> answers;
      for (size_t i = first; i < first + kAtOnce; ++i)
        answers.push_back(node.submit(input().submissions[i]));
      bool fails = false;
      for (auto& one : answers) {
        const bool taken = one.get().has_value();
        answered.push_back(taken);
        if (!taken) fails = true;
        if (taken && failed) ++tally.late;
      }
      failed = failed || fails;
      node.seal();
    }
    return answered;
  }

  static void run(const DiskFault& fault, bool retries, Tally& tally) {
    ++tally.runs;
    Disk disk(first_state());
    if (retries) disk.retry_failed_syncs();
    const auto env = env_on(disk);
    std::vector<bool> answered;
    {
      const auto store = open_on(*env);
      ASSERT_TRUE(store) << to_text(store.error());
      PipelineNode node(**store);
      disk.fail(fault);
      answered = post_all(node, tally);
    }
    if (disk.fault_hit()) ++tally.hit;
    std::mt19937_64 random(fault_seed());
    Disk after(after_power_loss(disk.state(), Loss::drop, random));
    const auto env_after = env_on(after);
    const auto store = open_on(*env_after);
    if (!store || !check_right_edge((*store)->latest())) return void(++tally.torn);
    for (size_t i = 0; i < answered.size(); ++i) {
      if (!answered[i]) continue;
      ++tally.receipts;
      const auto row = (*store)->latest().get(Table::batch, input().ids[i].view());
      if (!row || !*row) ++tally.lost;
    }
  }

  static void print(std::string_view what, const Tally& tally) {
    std::printf("%.*s: %zu runs, fault met %zu, receipts %zu, lost %zu, after a failure %zu, "
                "stores that do not fit together %zu\n",
                static_cast<int>(what.size()), what.data(), tally.runs, tally.hit, tally.receipts,
                tally.lost, tally.late, tally.torn);
  }
};

TEST_F(PipelineOnFailingDisk, GivesNoReceiptForWhatAPowerCutTakesAway) {
  Tally tally;
  for (const DiskOp op : {DiskOp::sync, DiskOp::write}) {
    for (uint64_t at = 1; at <= 8; ++at) {
      for (const bool forever : {false, true}) {
        SCOPED_TRACE("operation " + std::to_string(at));
        run({.ops = only(op), .at = at, .forever = forever}, false, tally);
      }
    }
  }
  print("pipeline", tally);
  EXPECT_EQ(tally.lost + tally.late + tally.torn, 0U);
  EXPECT_GT(tally.hit, tally.runs / 2);
  EXPECT_GT(tally.receipts, tally.runs);
}

TEST_F(PipelineOnFailingDisk, WouldGiveOneIfAFailedSyncWereTriedAgain) {
  Tally tally;
  for (uint64_t at = 2; at <= 6; ++at) run({.ops = only(DiskOp::sync), .at = at}, true, tally);
  print("control, failed syncs tried again", tally);
  EXPECT_GT(tally.lost + tally.torn, 0U);
}

// The mark of what was acknowledged cannot be written: the batch is there, its sender is not told
// so, and nothing more is taken; after the restart the same batch gets its receipt.
TEST_F(PipelineOnFailingDisk, GivesNoReceiptForWhatCannotBeMarked) {
  Disk disk(first_state());
  const auto env = env_on(disk);
  const auto store = open_on(*env).value();
  std::vector<TreeHead> marked;
  {
    PipelineNode node(*store, [&](const TreeHead& tree) -> Result<Done> {
      if (marked.size() == 2) return fail(Code::IO, "cannot write the mark: no space is left");
      const auto head = read_head(store->latest());
      EXPECT_TRUE(head && head->leaves == tree.size) << "marked before it was committed";
      marked.push_back(tree);
      return Done{};
    });
    EXPECT_TRUE(node.submit(input().submissions[0]).get());
    EXPECT_TRUE(node.submit(input().submissions[1]).get());
    const auto third = node.submit(input().submissions[2]).get();
    ASSERT_FALSE(third);
    EXPECT_EQ(info(third.error().front().code).name, "IO");
    EXPECT_NE(third.error().front().message.find("in the ledger all the same"), std::string::npos);
    EXPECT_NE(node.read_only_reason().find("no space is left"), std::string::npos);
    EXPECT_FALSE(node.submit(input().submissions[3]).get());
  }
  PipelineNode restarted(*store);
  const auto again = restarted.submit(input().submissions[2]).get();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
}

// Four groups of a batch each, the last of them a batch again that is in the second: the first is
// in its commit, the others wait behind it.
class GroupsBehindACommit {
 public:
  explicit GroupsBehindACommit(Store& disk) : store_(disk), node_(store_, {}, 1) {
    answers_.push_back(node_.submit(input().submissions[0]));
    store_.wait_for(1);
    for (const size_t i : {1U, 2U, 1U}) {
      answers_.push_back(node_.submit(input().submissions[i]));
      const size_t queued = answers_.size() - 1;
      until([&] { return node_.queued() == queued; });
    }
    store_.let(1);
    store_.wait_for(2);
    until([&] { return node_.judged() == 3; });
  }
  ~GroupsBehindACommit() { store_.let(SIZE_MAX); }
  GroupsBehindACommit(const GroupsBehindACommit&) = delete;
  GroupsBehindACommit& operator=(const GroupsBehindACommit&) = delete;

  bool is_answered(size_t i) const {
    return answers_[i].wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  Results<BatchReceipt> answer(size_t i) { return answers_[i].get(); }
  GatedStore& store() { return store_; }
  std::string read_only_reason() const { return node_.read_only_reason(); }

 private:
  // The test's time limit ends it where it never comes.
  static void until(const std::function<bool()>& holds) {
    while (!holds()) std::this_thread::yield();
  }

  GatedStore store_;
  PipelineNode node_;
  std::vector<std::future<Results<BatchReceipt>>> answers_;
};

TEST_F(PipelineOnFailingDisk, JudgesTheNextGroupUponACommitThatIsUnderWayAndAnswersAfterIt) {
  Disk disk(first_state());
  const auto env = env_on(disk);
  const auto store = open_on(*env).value();
  {
    GroupsBehindACommit groups(*store);
    EXPECT_TRUE(groups.answer(0));
    EXPECT_FALSE(groups.is_answered(1)) << "its commit has not ended";
    EXPECT_FALSE(groups.is_answered(2)) << "it is judged, and waits for the one before";
    groups.store().let(SIZE_MAX);
    const auto second = groups.answer(1);
    const auto third = groups.answer(2);
    const auto again = groups.answer(3);
    ASSERT_TRUE(second && third && again);
    EXPECT_EQ(third->leaf, second->leaf + 1);
    EXPECT_FALSE(second->repeated);
    EXPECT_TRUE(again->repeated) << "judged upon the commit that had it";
    EXPECT_EQ(again->leaf, second->leaf);
    EXPECT_EQ(again->note, second->note);
  }
  EXPECT_TRUE(check_right_edge(store->latest()));
  // The same groups one after the other, each whole before the next.
  Disk other_disk(first_state());
  const auto other_env = env_on(other_disk);
  const auto other = open_on(*other_env).value();
  {
    PipelineNode node(*other);
    for (const size_t i : {0U, 1U, 2U}) ASSERT_TRUE(node.submit(input().submissions[i]).get());
  }
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    EXPECT_EQ(rows_of(store->latest(), table), rows_of(other->latest(), table)) << word(table);
  }
}

TEST_F(PipelineOnFailingDisk, WhatWasJudgedUponACommitThatFailsIsAnsweredWithItAndNotWritten) {
  Disk disk(first_state());
  const auto env = env_on(disk);
  const auto store = open_on(*env).value();
  {
    GroupsBehindACommit groups(*store);
    EXPECT_TRUE(groups.answer(0));
    groups.store().let(SIZE_MAX, 2);
    for (const size_t i : {1U, 2U, 3U}) EXPECT_FALSE(groups.answer(i)) << i;
    EXPECT_NE(groups.read_only_reason().find("the disk is gone"), std::string::npos);
  }
  EXPECT_TRUE(check_right_edge(store->latest()));
  PipelineNode restarted(*store);
  for (const size_t i : {1U, 2U}) {
    const auto again = restarted.submit(input().submissions[i]).get();
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->repeated);
  }
}

}  // namespace
}  // namespace suyuan::test
