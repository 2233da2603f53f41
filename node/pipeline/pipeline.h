// The way of a batch through the node: decode -> verify -> order -> apply -> commit -> prove ->
// answer. And of a seal: order -> fold -> apply -> commit -> publish (node/pipeline/publisher.h).
//
// Apply of one group runs beside commit and what follows of the group before: on the sequencer
// thread the one, on the thread of `commit_thread_` the other. Seals and notices wait for what is
// before them and go their whole way on the sequencer thread. So all that is "of the sequencer
// thread" is of one thread at a time.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/batch/batch.h"
#include "ledger/merkle/growing_nodes.h"
#include "ledger/order/order.h"
#include "ledger/registry/rules_notice.h"
#include "ledger/store/store.h"
#include "node/ops/metrics.h"
#include "node/pipeline/commit_thread.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/memory_reservation.h"
#include "node/pipeline/proposals.h"
#include "node/pipeline/publisher.h"
#include "node/pipeline/receipts.h"
#include "node/workers.h"

namespace suyuan {

// Called after each commit that added leaves, one at a time.
using OnGrown = std::function<void(const LedgerHead&)>;

// Version of what decides over batches: rules, decoders, and the tables behind them. Raised with
// every change by which any batch could be judged otherwise than before: nodes of two versions
// would come to two ledgers, so none follows a group of another's (docs/cluster.md, Upgrade).
// 2: notices are groups, addresses and heads in etcd are signed.
inline constexpr uint16_t kJudgingVersion = 2;

class Pipeline final : private Follower {
 public:
  struct Parts {
    Store& store;
    Order& order;
    Workers& workers;
    Metrics& metrics;
    const ReceiptSigner& signer;
    MapKeeper& map;  // of the sequencer thread
    OnGrown on_grown;
    // After each commit that added leaves and before any of it is acknowledged, one at a time;
    // after an error nothing is, and no more is taken. Null: nothing is to be done.
    std::function<Result<Done>(const TreeHead&)> on_committed = {};
    std::function<void(Sealed)> on_sealed;  // on the sequencer thread
    // A seal that was ordered will not come; null: no log loses one. From any thread.
    std::function<void()> on_seal_lost = {};
    // A notice about rules is committed. On the sequencer thread. Null: nobody asks.
    std::function<void(RulesState)> on_rules = {};
    // The node cannot follow the log any further, and is to end: the log goes on under rules that
    // this program does not know, or without this node. On a thread of the log.
    std::function<void(const Error&)> on_end = {};
    // How far a time of the log lies behind our clock, in ms. On the sequencer thread. Null: the
    // log has no other clock than ours.
    std::function<int64_t(int64_t log_time_ms)> behind = {};
    // Of a verified batch, on a worker: why its party has to wait. Null: nobody has.
    std::function<std::optional<Error>(const BatchNote& note)> admit = {};
    // Whether a group is judged while the one before it is committed, when more wait. Never where
    // nodes share the log: there a group that was handed over counts as taken.
    bool overlaps_commit = false;
    // What batches may hold in memory that are not answered yet; above it: BUSY.
    size_t reserved_bytes_max = limits::kQueueBytesMax;
  };
  explicit Pipeline(Parts parts)
      : parts_(std::move(parts)), tree_rows_(parts_.store.latest()), tree_(tree_rows_) {}
  ~Pipeline() override = default;
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Starts to follow the order from what the store holds. NOT_FOUND: the store holds no ledger;
  // CORRUPT.
  Result<Done> start();
  // From any thread; never waits.
  void submit(Submission submission, SubmitDone done);
  void submit(std::vector<Submitted> many);  // each by itself
  // A signed notice (formats.md 8), as submit(). From any thread; never waits.
  void submit_notice(std::string note, SubmitDone done);
  // What is ordered before it is sealed, unless another seal is before it. READ_ONLY, STOPPING,
  // BUSY. From any thread.
  Result<Done> order_seal();
  // A proposal of another node (node/pipeline/proposals.h). From any thread.
  Result<std::unique_ptr<Proposal>> decode_proposal(BytesView bytes) const;
  // Why the node takes no batches any more; empty: it does. From any thread.
  std::string read_only_reason() const;
  // The store failed in other hands (an attachment): from now on the node is read-only. From any
  // thread.
  void report_fault(const Error& fault);
  // Batches that wait to be ordered.
  size_t queued() const { return parts_.order.load().proposals; }
  size_t held() const { return reserved_->load(); }  // bytes, of reserved_bytes_max

 private:
  void count_refusal(const Errors& errors) const;
  bool take_charge(Submitted& one) const;
  void refuse(const SubmitDone& done, Errors errors) const;
  bool refuse_read_only(const SubmitDone& done) const;  // false: it takes batches and notices
  void refuse_notice(const SubmitDone& done, Error error) const;
  Error after_order(Error fault) const;
  Result<Done> commit(const Applied& applied) const;
  // Gives the receipt's note.
  std::string add_commit_rows(const OrderedGroup& group, Applied& applied) const;
  Result<Done> commit_grown(OrderedGroup& group, const Applied& applied);
  void decode_and_verify(Submission submission, const SubmitDone& done);
  Result<Done> check_delegated(const BatchNote& note) const;
  // A group that was judged, on its way to the store.
  struct Judged {
    OrderedGroup group;
    Applied applied;
    std::string note;  // of its receipt
    size_t rows = 0;   // of apply; those of the commit are behind them, in no order
  };
  Result<Done> on_group(OrderedGroup group) override;
  void on_end() override;
  Result<Done> settle(Proposals& proposals);
  Result<Applied> judge(const Group& input) const;
  Result<Done> finish(Judged& judged);
  Result<Done> on_seal(const OrderedGroup& group);
  void verify_and_order(const std::string& note, const SubmitDone& done);
  Result<Done> on_notice(OrderedGroup group);
  Result<Done> tell_rules(const VerifiedNotice& notice) const;
  Results<BatchReceipt> prove_notice(const GroupReceipts& receipts, Verdict verdict) const;
  Result<Proposals> judgeable(Proposals proposals) const;
  Result<bool> verify_at_place(BatchProposal& proposal) const;
  void note_place(const OrderedGroup& group, Changes& changes) const;
  Result<Done> fold();
  void on_dropped(Proposals proposals, const Error& reason) override;
  void count_foreign(const Verdict& verdict, const VerifiedBatch& batch) const;
  void say_later(std::vector<Verdict>& verdicts, int64_t log_time_ms) const;
  void answer(const GroupReceipts& receipts, const Proposals& proposals,
              std::vector<Verdict> verdicts);
  Results<BatchReceipt> prove(const GroupReceipts& receipts, const VerifiedBatch& batch,
                              Verdict verdict) const;

  const Parts parts_;
  LedgerId ledger_;  // fixed once started
  const MemoryReservation::Total reserved_ = std::make_shared<std::atomic<size_t>>(0);
  const NoticesWaiting notices_waiting_ = std::make_shared<std::atomic<size_t>>(0);
  std::atomic<uint64_t> last_seal_ = 0;  // its leaf; 0: none. Set by the sequencer thread
  const TreeRows tree_rows_;
  GrowingNodes tree_;  // of the sequencer thread
  mutable std::mutex
      read_only_mutex_;  // guards the reason: set once, read by every status question
  std::string read_only_reason_;
  std::shared_ptr<const Judged> committing_;  // committed meanwhile; of the sequencer thread
  CommitThread commit_thread_;  // last: its end waits for a work that uses all of the above
};

}  // namespace suyuan
