// The node's own way of a batch (node/pipeline.h) on a disk whose writes or syncs fail: a receipt
// means that the batch is there after a power cut, and after a commit that failed nobody gets one.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <future>

#include "ledger/apply/head_rows.h"
#include "ledger/apply/right_edge.h"
#include "ledger/order/embedded.h"
#include "node/pipeline.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/faults/disk_fs.h"
#include "tests/faults/script.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::test {
namespace {

constexpr size_t kBatches = 24;
constexpr size_t kAtOnce = 6;

Bytes encoded(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) return encode_registry(*act);
  return encode_event(std::get<TraceEvent>(value));
}

// A ledger of one party, and batches that it signed for it.
struct Input {
  Changes rows;
  std::vector<Submission> submissions;
  std::vector<Hash> ids;
  LedgerId ledger;

  Input() {
    testing::LedgerBuilder builder;
    builder.encode_with(encoded);
    builder.party("maker", {Role::manufacturer});
    builder.product("09521104301011", "maker");
    ledger = builder.id();
    for (size_t i = 0; i < kTableCount; ++i) {
      const auto table = static_cast<Table>(i);
      const auto done = builder.state().scan(table, {}, {}, Direction::ascending,
                                             [&](BytesView key, BytesView value) {
                                               rows.push_back({table, Bytes(key), Bytes(value)});
                                               return true;
                                             });
      SUYUAN_CHECK(done.has_value());
    }
    // As a node leaves every group: with its receipt.
    const ReceiptSigner signer(ledger, {.name = "node-1", .pair = key_from_seed(Hash{}.view())});
    const LedgerHead head = builder.head();
    const TreeRows tree(builder.state());
    rows.push_back(signer.receipt_row(head, root_of(TiledNodes(tree), head.leaves).value()));
    for (size_t i = 0; i < kBatches; ++i) {
      const auto batch = builder.batch(
          "maker", {testing::commission("08:00", {"sgtin:09521104301011:P" + std::to_string(i)})});
      Submission submission{.note = batch.note_text(), .events = {}};
      for (const auto& event : batch.events()) submission.events.push_back(event.body);
      submissions.push_back(std::move(submission));
      ids.push_back(batch.id());
    }
  }
};

const Input& input() {
  static const Input kInput;
  return kInput;
}

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

// The node without sockets.
class NodeOnDisk {
 public:
  explicit NodeOnDisk(RocksStore& store,
                      std::function<Result<Done>(const TreeHead&)> on_committed = {})
      : signer_(input().ledger, {.name = "node-1", .pair = key_from_seed(Hash{}.view())}),
        map_(ChainMap::build(HeadRows(store.latest())).value()),
        order_({.clock = [] { return int64_t{1'780'000'000'000}; }}),
        pipeline_({.store = store,
                   .order = order_,
                   .workers = workers_,
                   .metrics = metrics_,
                   .signer = signer_,
                   .map = map_,
                   .on_grown = {},
                   .on_committed = std::move(on_committed),
                   .on_sealed = [](const Sealed&) {}}) {
    SUYUAN_CHECK(pipeline_.start().has_value());
  }
  ~NodeOnDisk() {
    workers_.stop();
    order_.stop();
  }
  NodeOnDisk(const NodeOnDisk&) = delete;
  NodeOnDisk& operator=(const NodeOnDisk&) = delete;

  std::future<Results<BatchReceipt>> submit(const Submission& submission) {
    auto promise = std::make_shared<std::promise<Results<BatchReceipt>>>();
    pipeline_.submit(submission, [promise](Results<BatchReceipt> answer) {
      promise->set_value(std::move(answer));
    });
    return promise->get_future();
  }
  std::string read_only_reason() const { return pipeline_.read_only_reason(); }
  void seal() { static_cast<void>(pipeline_.order_seal()); }

 private:
  Metrics metrics_;
  Workers workers_{1, 64};
  ReceiptSigner signer_;
  MapKeeper map_;
  EmbeddedOrder order_;
  Pipeline pipeline_;
};

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
  static std::vector<bool> post_all(NodeOnDisk& node, Tally& tally) {
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
      NodeOnDisk node(**store);
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
    NodeOnDisk node(*store, [&](const TreeHead& tree) -> Result<Done> {
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
  NodeOnDisk restarted(*store);
  const auto again = restarted.submit(input().submissions[2]).get();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
}

}  // namespace
}  // namespace suyuan::test
