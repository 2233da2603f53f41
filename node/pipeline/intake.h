// Intake: the way of a submission up to the log: reserve memory -> ask the log -> decode -> verify
// -> check early -> append. A batch or a notice that fails one of these is answered here and never
// ordered.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/limits.h"
#include "ledger/order/order.h"
#include "ledger/store/store.h"
#include "node/ops/metrics.h"
#include "node/pipeline/fault_latch.h"
#include "node/pipeline/memory_reservation.h"
#include "node/pipeline/proposals.h"
#include "node/pipeline/receipts.h"
#include "node/workers.h"

namespace suyuan {

// Counts a verified batch of a party, and what it came with, or returns why the party has to wait.
// Called on workers.
using AdmitParty = std::function<std::optional<Error>(const BatchNote& note, size_t bytes)>;

// What every step of a batch uses. All must outlive the pipeline.
struct PipelineParts {
  Store& store;
  Order& order;
  Workers& workers;
  Metrics& metrics;
  const ReceiptSigner& signer;
};

// What posted bodies may be charged while they are parsed. It is not the batches' memory
// (limits::kQueueBytesMax), so neither takes room from the other.
inline constexpr size_t kParsingBytesMax = size_t{256} << 20;

// Thread-safe. The work is done on the worker threads. What the state says at that moment only
// rejects early: apply judges again, at the position in the log, and its verdict is final.
class Intake {
 public:
  struct Options {
    AdmitParty admit = {};  // null: no party has to wait
    // The memory that unanswered batches may hold; above it: BUSY.
    size_t reserved_bytes_max = limits::kQueueBytesMax;
    // Returns whether a shared log is known to hold groups that this node has not followed yet.
    // Null: it does not.
    std::function<bool()> is_behind = {};
    // Returns how many leaves are acknowledged: committed and marked. A receipt of a later leaf
    // would be signed too early. Null: all that the store holds.
    std::function<uint64_t()> acknowledged = {};
  };
  // Once `fault` has one, nothing is taken. `parts` and `fault` must outlive it.
  Intake(const PipelineParts& parts, const FaultLatch& fault, Options options)
      : parts_(parts), fault_(fault), options_(std::move(options)) {}

  // Never waits. Each is answered by itself; BUSY for more than the queues or the memory hold. They
  // are of one call: what they reserve is kept until the last is answered.
  void submit(std::vector<Submitted> many);
  // Reserves memory of the batches for one that is checked before it is submitted, for as long as
  // the result lives. Errors: BUSY (no room; `uncount` was called).
  Result<std::shared_ptr<MemoryReservation>> reserve(size_t bytes,
                                                     const Uncount& uncount = {}) const;
  // As reserve(), for what the parsing of a posted body holds: call it before. Its total is its own
  // (kParsingBytesMax), so that bodies take no room from batches, nor batches from bodies.
  Result<std::shared_ptr<MemoryReservation>> reserve_parsing(size_t bytes,
                                                             const Uncount& uncount = {}) const;
  // Reserves more for a call whose batches found room, for as long as the result lives.
  std::shared_ptr<MemoryReservation> charge(size_t bytes) const {
    return MemoryReservation::add(reserved_, bytes);
  }
  // As submit(), for a signed notice (formats.md 8).
  void submit_notice(std::string note, SubmitDone done, Uncount uncount);
  // Bytes reserved for batches that are not answered yet.
  size_t reserved() const { return reserved_->load(); }
  // Bytes reserved for bodies that are being parsed.
  size_t parsing() const { return parsing_->load(); }
  // Returns whether a shared log is known to hold groups that this node has not followed yet. Ask
  // before reading the state that a refusal rests on: a group followed in between may undo it.
  bool is_behind() const { return options_.is_behind && options_.is_behind(); }
  // Returns BUSY if the node `was_behind` before these refusals, and groups still to be followed
  // may undo one of them.
  static std::optional<Error> not_followed_yet(bool was_behind, const Errors& errors);
  // Why nothing is taken: a fault, or the order is held for now. Empty: batches are taken.
  std::string read_only_reason() const;

 private:
  // A batch.
  using Reservations = std::vector<std::shared_ptr<MemoryReservation>>;
  bool reserve_memory(Submitted& sent, const std::shared_ptr<Reservations>& of_call) const;
  void take_batch(Submitted sent) const;
  std::optional<Error> busy_for(const Submission& sent) const;
  Result<Done> check_delegated(const BatchNote& note) const;
  void answer_repeated(const StoredBatch& stored, const SubmitDone& done) const;
  void append_batch(VerifiedBatch batch, const SubmitDone& done) const;
  bool is_acknowledged(uint64_t leaf) const;
  std::optional<StoredBatch> acknowledged_before(const std::string& note_text) const;
  bool holds_its_events(Submission sent) const;
  void refuse(const SubmitDone& done, Errors errors) const;
  void answer_busy(const SubmitDone& done, Error error, const Uncount& uncount = {}) const;
  void count_busy(const Uncount& uncount) const;
  // A notice.
  void take_notice(const std::string& note, const SubmitDone& done, const Uncount& uncount) const;
  Result<Done> append_notice(VerifiedNotice notice, const SubmitDone& done) const;
  void refuse_notice(const SubmitDone& done, Error error) const;
  void answer_notice_busy(const SubmitDone& done, Error error, const Uncount& uncount = {}) const;
  // Either.
  bool refuse_read_only(const SubmitDone& done) const;  // false: submissions are taken
  std::optional<Error> busy_log() const;  // for all

  const PipelineParts& parts_;
  const FaultLatch& fault_;
  const Options options_;
  const MemoryReservation::Total reserved_ = std::make_shared<std::atomic<size_t>>(0);
  const MemoryReservation::Total parsing_ = std::make_shared<std::atomic<size_t>>(0);
  const NoticesWaiting notices_waiting_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace suyuan
