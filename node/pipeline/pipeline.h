// Pipeline: the way of a batch through the node.
//
//   Intake (worker threads)      decode -> verify -> order      node/pipeline/intake.h
//   Pipeline (sequencer thread)  apply                          node/pipeline/pipeline.cc
//   Pipeline (commit thread)     commit -> prove -> reply       node/pipeline/pipeline.cc
//   wires and questions          serve                          node/service.h
//
// Notices take the same way (node/pipeline/notice.cc). Seals: order -> fold -> apply -> commit
// (node/pipeline/sealing.cc) -> publish (node/pipeline/publisher.h).
//
// Apply of group N+1 overlaps commit, prove and reply of group N. Seals and notices drain that
// first and do all of it on the sequencer thread. State marked "sequencer" is therefore touched by
// one thread at a time.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
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
#include "node/pipeline/fault_latch.h"
#include "node/pipeline/intake.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/proposals.h"
#include "node/pipeline/publisher.h"
#include "node/pipeline/receipts.h"
#include "node/workers.h"

namespace suyuan {

// Called after each commit that added leaves, one at a time.
using OnGrown = std::function<void(const LedgerHead&)>;

// Consensus version: raise it with every change that could make any batch's verdict differ (rules,
// decoders, their tables). Nodes of two versions would come to two ledgers, so a node refuses
// groups written under another version (docs/cluster.md, Upgrade).
// 2: notices are groups, addresses and heads in etcd are signed.
// 3: batches that take a group past kGroupBytesMax are left out (ledger/apply/weight.h).
// 4: payloads decode that name EPCIS 2.0.1's context, @version, or a prefix as an object; EPCs
// without a GS1 key (gid, usdod, adi, imovn) are codes.
// 6: not everybody moves what a consumer has (decision 29). 5 was 4 with a quorum of authorities
// (node/peers/log_side.cc).
inline constexpr uint16_t kJudgingVersion = 6;

class Pipeline final : private Follower {
 public:
  // All but on_sealed may be null.
  struct Callbacks {
    OnGrown on_grown = {};
    // Called after each commit that added leaves and before any of it is acknowledged, one at a
    // time. An error: nothing of it is acknowledged, and the node is read-only.
    std::function<Result<Done>(const TreeHead&)> on_committed = {};
    // A seal is committed. Sequencer thread only.
    std::function<void(Sealed)> on_sealed;
    // A seal that was ordered will not come. On any thread.
    std::function<void()> on_seal_lost = {};
    // A notice about rules is committed. Sequencer thread only.
    std::function<void(RulesState)> on_rules = {};
    // The node cannot follow the log any further and has to end: the log continues under rules that
    // this program does not know, or without this node. On a thread of the log.
    std::function<void(const Error&)> on_end = {};
    // Returns how far a time of the log is behind our clock, in ms. Sequencer thread only. Null:
    // the log has no clock except ours.
    std::function<int64_t(int64_t log_time_ms)> behind = {};
    AdmitParty admit = {};
  };
  struct Options {
    // Apply a group while the one before it is committed, when enough is queued. Without effect
    // where nodes share the log: there a group that was handed over counts as taken.
    bool overlaps_commit = false;
    // The memory that unanswered batches may hold; above it: BUSY.
    size_t reserved_bytes_max = limits::kQueueBytesMax;
    // Where a shared log ended when the node started. 0: nobody knows, or the log is not shared.
    uint64_t log_end = 0;
  };
  // `map` is for the sequencer, and must outlive it.
  Pipeline(PipelineParts parts, MapKeeper& map, Callbacks callbacks, Options options);
  ~Pipeline() override = default;
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Follows the order from what the store holds.
  // Errors: NOT_FOUND (no ledger in the store), CORRUPT.
  Result<Done> start();

  // The rest is thread-safe.

  // Never waits.
  void submit(Submission submission, SubmitDone done);
  void submit(std::vector<Submitted> many) { intake_.submit(std::move(many)); }  // each by itself
  // As submit(), for a signed notice (formats.md 8).
  void submit_notice(std::string note, SubmitDone done, Uncount uncount = {}) {
    intake_.submit_notice(std::move(note), std::move(done), std::move(uncount));
  }
  // Orders a seal of what is ordered before it. Without effect if another seal comes first.
  // Errors: READ_ONLY, STOPPING, BUSY.
  Result<Done> order_seal();
  // Decodes a proposal of another node (node/pipeline/proposals.h).
  Result<std::unique_ptr<Proposal>> decode_proposal(BytesView bytes) const;
  // Why the node takes no batches any more. Empty: it does.
  std::string read_only_reason() const { return intake_.read_only_reason(); }
  // The store failed in other hands (an attachment): the node is read-only from now on.
  void report_fault(const Error& fault);
  // Batches that wait to be ordered.
  size_t queued() const { return parts_.order.load().proposals; }
  // As Intake::is_behind().
  bool is_behind() const { return intake_.is_behind(); }
  // Leaves that are committed and marked (Callbacks::on_committed). Later ones are promised to
  // nobody yet.
  uint64_t acknowledged() const { return acknowledged_; }
  // As Intake::reserve().
  Result<std::shared_ptr<MemoryReservation>> reserve(size_t bytes,
                                                     const Uncount& uncount = {}) const {
    return intake_.reserve(bytes, uncount);
  }
  // As Intake::reserve_parsing().
  Result<std::shared_ptr<MemoryReservation>> reserve_parsing(size_t bytes,
                                                             const Uncount& uncount = {}) const {
    return intake_.reserve_parsing(bytes, uncount);
  }
  // As Intake::charge().
  std::shared_ptr<MemoryReservation> charge(size_t bytes) const { return intake_.charge(bytes); }
  // Bytes reserved for unanswered batches, of reserved_bytes_max.
  size_t reserved() const { return intake_.reserved(); }
  // As Intake::parsing().
  size_t parsing() const { return intake_.parsing(); }

 private:
  // A group after apply, on its way to the store.
  struct AppliedGroup {
    OrderedGroup group;
    Applied applied;
    std::string receipt_note;
    size_t apply_rows = 0;  // of applied.changes; the rows added for the commit follow, unordered
  };

  // pipeline.cc: a group of batches.
  Result<Done> on_group(OrderedGroup group) override;
  Result<Done> on_batches(OrderedGroup group);
  Result<Proposals> drop_unverifiable(Proposals proposals) const;
  Result<bool> verify_at_position(BatchProposal& proposal) const;
  Result<Applied> apply_group(const OrderedGroup& group) const;
  void busy_if_log_clock_stalled(std::vector<Verdict>& verdicts, int64_t log_time_ms) const;
  Result<Done> finish_previous(Proposals& waiting);
  bool should_overlap() const;
  Result<Done> commit_and_reply(AppliedGroup& applied_group);
  void reply(const GroupReceipts& receipts, const Proposals& proposals,
             std::vector<Verdict> verdicts);
  Results<BatchReceipt> prove(const GroupReceipts& receipts, const VerifiedBatch& batch,
                              Verdict verdict) const;
  void count_accepted_elsewhere(const Verdict& verdict, const VerifiedBatch& batch) const;
  // Returns the first receipt again if the verdict is Repeated, otherwise the one that `accepted`
  // makes. Requires: the verdict is not Refused.
  template <class Make>
  Results<BatchReceipt> repeated_or(const Verdict& verdict, const Make& accepted) const {
    const auto* repeated = std::get_if<Repeated>(&verdict);
    auto receipt = repeated != nullptr
                       ? repeated_receipt(parts_.store.latest(), parts_.signer, *repeated)
                       : accepted();
    if (!receipt) return Unexpected(Errors{std::move(receipt).error()});
    return *std::move(receipt);
  }
  // pipeline.cc: shared by batches, notices and seals.
  std::string add_commit_rows(const OrderedGroup& group, Applied& applied) const;
  void add_position_row(const OrderedGroup& group, Changes& changes) const;
  Result<Done> commit_grown(OrderedGroup& group, const Applied& applied);
  Result<Done> commit(const Applied& applied);
  // pipeline.cc: what will be in no group.
  void on_dropped(Proposals proposals, const Error& reason) override;
  void on_end() override;
  Error after_order(Error fault) const;
  // notice.cc: a group of one notice.
  Result<Done> on_notice(OrderedGroup group);
  Results<BatchReceipt> prove_notice(const GroupReceipts& receipts, Verdict verdict) const;
  Result<Done> publish_rules(const VerifiedNotice& notice) const;
  // sealing.cc: a group of one seal.
  Result<Done> on_seal(const OrderedGroup& group);
  Result<Done> fold();

  const PipelineParts parts_;
  MapKeeper& map_;  // sequencer
  const Callbacks callbacks_;
  const Options options_;
  FaultLatch fault_;
  std::atomic<uint64_t> acknowledged_ = 0;  // leaves; set by whichever thread commits
  Intake intake_;
  std::atomic<uint64_t> last_seal_ = 0;  // its leaf; 0: none. Set by the sequencer thread
  const TreeRows tree_rows_;
  GrowingNodes tree_;                               // sequencer
  std::shared_ptr<const AppliedGroup> committing_;  // sequencer; null: none
  CommitThread commit_thread_;  // last: its end waits for work that uses all of the above
};

}  // namespace suyuan
