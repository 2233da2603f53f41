// An intake on a ledger in memory, in front of a log that takes everything and hands out nothing.
#pragma once

#include "node/pipeline/intake.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>

#include "ledger/apply/log_reader.h"
#include "ledger/batch/notice.h"
#include "ledger/merkle/nodes.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "proto/submission_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {

// Takes everything and hands out nothing.
class SilentOrder final : public Order {
 public:
  OrderCapabilities capabilities() const override { return {}; }
  Result<Done> check_takes() const override {
    if (is_busy) return fail(Code::BUSY, "etcd does not answer");
    return Done{};
  }
  Result<Done> check_room(size_t bytes) const override {
    if (bytes > room) return fail(Code::BUSY, "the queue is full");
    return Done{};
  }
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override {
    if (falls_silent) return fail(Code::BUSY, "etcd does not answer any more");
    std::unique_ptr<Proposal> taken = std::move(proposal);
    if (keeps) kept.push_back(std::move(taken));
    ++appended;
    return Done{};
  }
  void follow(OrderPlace, Follower&) override {}
  OrderTail tail() const override { return {}; }
  void trim(uint64_t) override {}
  OrderLoad load() const override { return {}; }
  void stop() override {}

  std::atomic<size_t> appended = 0;
  bool keeps = false;  // set before it is used
  Proposals kept;      // not answered
  std::atomic<bool> is_busy = false;
  std::atomic<size_t> room = SIZE_MAX;  // bytes
  std::atomic<bool> falls_silent = false;  // after it was asked whether it takes anything
};

// The rows of a store of which one table cannot be read when it is told so.
class FailingStore final : public Store, private Reader {
 public:
  explicit FailingStore(Store& inner) : inner_(inner) {}
  std::unique_ptr<Reader> snapshot() const override { return inner_.snapshot(); }
  const Reader& latest() const override { return *this; }
  Result<Done> commit(const Changes& changes) override { return inner_.commit(changes); }

  std::atomic<bool> batches_fail = false;
  std::function<void()> on_read = [] {};

 private:
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    on_read();
    if (batches_fail && table == Table::batch) return fail(Code::IO, "the disk is gone");
    return inner_.latest().get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    return inner_.latest().scan(table, from, to, direction, visit);
  }

  Store& inner_;
};

class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest() {
    builder_.encode_with(encode);
    builder_.party("maker", {Role::manufacturer});
    builder_.party("gateway", {Role::logistics});
    builder_.product("09521104301011", "maker");
  }
  ~IntakeTest() override { workers_.stop(); }

  static Bytes encode(const EventValue& value) {
    const auto* act = std::get_if<RegistryEvent>(&value);
    return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
  }

  // A gateway's batch that is in the ledger, with its receipt.
  VerifiedBatch delegated_batch_in_ledger() {
    builder_.act(GrantDelegation{"maker", "gateway", testing::at("2026-06-03T00:00:00Z")});
    VerifiedBatch batch = batch_by_gateway();
    EXPECT_TRUE(testing::is_accepted(builder_.apply_one(batch)));
    add_receipt();
    return batch;
  }
  VerifiedBatch batch_by_gateway() {
    return builder_.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})},
                          {.signer = "gateway"});
  }
  Results<BatchReceipt> submit(Submission submission) {
    std::promise<Results<BatchReceipt>> answer;
    std::vector<Submitted> one;
    one.push_back({.submission = std::move(submission),
                   .done = [&](Results<BatchReceipt> it) { answer.set_value(std::move(it)); },
                   .uncount = [this] { ++uncounted_; }});
    intake_.submit(std::move(one));
    return answer.get_future().get();
  }
  static Submission submission_of(const VerifiedBatch& batch) {
    Submission submission{.note = batch.note_text(), .events = {}};
    for (const auto& event : batch.events()) submission.events.push_back(event.body);
    return submission;
  }
  Results<BatchReceipt> submit(const VerifiedBatch& batch) { return submit(submission_of(batch)); }
  Results<BatchReceipt> submit_notice(const std::string& note) {
    std::promise<Results<BatchReceipt>> answer;
    intake_.submit_notice(
        note, [&](Results<BatchReceipt> it) { answer.set_value(std::move(it)); },
        [this] { ++uncounted_; });
    return answer.get_future().get();
  }
  // By "maker": of the event's payload, or of a section that there may be.
  std::string erase_note(uint64_t leaf, std::optional<Hash> section = {}) {
    SignedNote note{.text = write_erase_text({.ledger = builder_.id(),
                                              .party = "maker",
                                              .leaf = leaf,
                                              .section = section,
                                              .ground = EraseGround::consent_withdrawn,
                                              .nonce = {}}),
                    .signatures = {}};
    const KeyPair& pair = builder_.keys("maker");
    note.signatures.push_back(sign_note(note.text, "maker", pair.secret, pair.key));
    return write_note(note);
  }
  // As the pipeline leaves a group: with its receipt.
  void add_receipt() {
    const LedgerHead head = builder_.head();
    const TreeRows rows(builder_.state());
    const Hash root = root_of(TiledNodes(rows), head.leaves).value();
    ASSERT_TRUE(builder_.store().commit({signer_.receipt_row(head, root)}));
  }

  testing::LedgerBuilder builder_;
  FailingStore store_{builder_.store()};
  SilentOrder order_;
  Workers workers_{1, 64};
  Metrics metrics_;
  ReceiptSigner signer_{builder_.id(), {.name = "node-1", .pair = key_from_seed(Hash{}.view())}};
  FaultLatch fault_;
  std::atomic<bool> behind_ = false;
  std::atomic<int> uncounted_ = 0;  // posts of a client
  std::atomic<int> admitted_ = 0;   // of a party
  const PipelineParts parts_{.store = store_,
                             .order = order_,
                             .workers = workers_,
                             .metrics = metrics_,
                             .signer = signer_};
  std::atomic<uint64_t> acknowledged_ = UINT64_MAX;
  Intake intake_{parts_, fault_,
                 {.admit =
                      [this](const BatchNote&, size_t) {
                        ++admitted_;
                        return std::optional<Error>();
                      },
                  .is_behind = [this] { return behind_.load(); },
                  .acknowledged = [this] { return acknowledged_.load(); }}};
};

}  // namespace suyuan
