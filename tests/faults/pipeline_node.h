// The node's own way of a batch (node/pipeline/pipeline.h) without sockets, over any store, and a
// ledger of one party with batches for it.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "ledger/apply/head_rows.h"
#include "ledger/order/embedded.h"
#include "node/pipeline/pipeline.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::test {

inline constexpr size_t kBatches = 24;
inline constexpr size_t kAtOnce = 6;
// Of some batches: one that waits is judged beside a commit.
inline constexpr size_t kGroupBytes = 4096;

inline Bytes encoded(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) return encode_registry(*act);
  return encode_event(std::get<TraceEvent>(value));
}

// A ledger of one party, and batches that it signed for it.
struct PipelineInput {
  Changes rows;
  std::vector<Submission> submissions;
  std::vector<Hash> ids;
  LedgerId ledger;

  PipelineInput() {
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

inline const PipelineInput& input() {
  static const PipelineInput kInput;
  return kInput;
}

// The node without sockets.
class PipelineNode {
 public:
  explicit PipelineNode(Store& store,
                      std::function<Result<Done>(const TreeHead&)> on_committed = {},
                      size_t group_max = limits::kGroupBatchesMax)
      : signer_(input().ledger, {.name = "node-1", .pair = key_from_seed(Hash{}.view())}),
        map_(ChainMap::build(HeadRows(store.latest())).value()),
        order_({.clock = [] { return int64_t{1'780'000'000'000}; },
                .group_proposals_max = group_max,
                .group_bytes_max = kGroupBytes}),
        pipeline_({.store = store,
                   .order = order_,
                   .workers = workers_,
                   .metrics = metrics_,
                   .signer = signer_},
                  map_,
                  {.on_committed = std::move(on_committed), .on_sealed = [](const Sealed&) {}},
                  {.overlaps_commit = true}) {
    SUYUAN_CHECK(pipeline_.start().has_value());
  }
  ~PipelineNode() {
    workers_.stop();
    order_.stop();
  }
  PipelineNode(const PipelineNode&) = delete;
  PipelineNode& operator=(const PipelineNode&) = delete;

  std::future<Results<BatchReceipt>> submit(const Submission& submission) {
    auto promise = std::make_shared<std::promise<Results<BatchReceipt>>>();
    pipeline_.submit(submission, [promise](Results<BatchReceipt> answer) {
      promise->set_value(std::move(answer));
    });
    return promise->get_future();
  }
  std::string read_only_reason() const { return pipeline_.read_only_reason(); }
  void seal() { static_cast<void>(pipeline_.order_seal()); }
  size_t queued() const { return pipeline_.queued(); }
  uint64_t judged() const {
    return metrics_.apply_seconds.Collect().histogram.sample_count;
  }

 private:
  Metrics metrics_;
  Workers workers_{1, 64};
  ReceiptSigner signer_;
  MapKeeper map_;
  EmbeddedOrder order_;
  Pipeline pipeline_;
};

}  // namespace suyuan::test
