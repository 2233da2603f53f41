// Proposals: the batches, seals and notices that go through the order, and their bytes
// (formats.md 11).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "ledger/batch/notice.h"
#include "ledger/order/order.h"
#include "proto/answers.h"
#include "proto/submission_codec.h"

namespace suyuan {

// Called once for each submission, on any thread, with the receipt of the synced batch or with
// every reason against it.
using SubmitDone = std::function<void(Results<BatchReceipt>)>;

// Takes a submission out of the quota that counted it. Called just before SubmitDone, on the same
// thread, if the answer is BUSY and nothing of the submission was verified. Null: no quota.
using Uncount = std::function<void()>;

// What a submission came with, as the quotas count it: note, payloads, salts and sections.
inline size_t posted_bytes(const Submission& submission) {
  return submission.note.size() + submission.bytes();
}

// A submission and its sender.
struct Submitted {
  Submission submission;
  SubmitDone done;
  Uncount uncount = {};
};

enum class ProposalKind : uint8_t { batch, seal, notice };

// Every proposal of a node. Only batches share a group.
class NodeProposal : public Proposal {
 public:
  virtual ProposalKind kind() const = 0;
  bool alone() const final { return kind() != ProposalKind::batch; }
};
// REQUIRES: the proposal is a NodeProposal, as every one of a node's log is.
ProposalKind kind_of(Proposal& proposal);

// A batch on its way through the order. The sender of another node's batch does not wait here.
class BatchProposal final : public NodeProposal {
 public:
  BatchProposal(VerifiedBatch verified, SubmitDone waiting);
  // Made from its bytes in the log; verify() is called at its position.
  explicit BatchProposal(Bytes encoded)
      : bytes_(encoded.size()), weight_(bytes_), encoded_(std::move(encoded)) {}

  ProposalKind kind() const override { return ProposalKind::batch; }
  size_t bytes() const override { return bytes_; }
  size_t weight() const override { return weight_; }
  Bytes encode() const override;
  bool equals(const Submission& other) const;
  bool is_verified() const { return batch_.has_value(); }
  const VerifiedBatch& batch() const { return *batch_; }
  Results<Done> verify(const LedgerId& ledger, const Reader& state);
  static Results<DecodedBatch> decode(BytesView encoded);

  const SubmitDone done;  // null: nobody waits

 private:
  const size_t bytes_;
  size_t weight_;  // bytes_ until it is verified
  const Bytes encoded_;  // empty if it was made verified
  std::optional<VerifiedBatch> batch_;
};

// Seals what was ordered before it. The node itself orders it, and nobody waits for its answer. It
// names the previous seal: if several nodes order one at the same time, only the first counts.
class SealProposal final : public NodeProposal {
 public:
  explicit SealProposal(uint64_t previous) : previous_(previous) {}
  size_t bytes() const override { return 1; }
  ProposalKind kind() const override { return ProposalKind::seal; }
  uint64_t previous() const { return previous_; }
  // Without time and map root: those follow from the position that the order gives it.
  Bytes encode() const override;

 private:
  const uint64_t previous_;
};

// Bound of the notices that wait for answers: the order's own bounds do not hold them back, since
// each has its own group.
inline constexpr size_t kNoticesWaitingMax = 64;
using NoticesWaiting = std::shared_ptr<std::atomic<size_t>>;

// A signed notice, in a group of its own.
class NoticeProposal final : public NodeProposal {
 public:
  // REQUIRES: it is counted in `waiting`. Its destructor takes it out.
  NoticeProposal(VerifiedNotice notice, SubmitDone waits, NoticesWaiting waiting);
  // Made from its bytes in the log; verify() is called at its position.
  explicit NoticeProposal(std::string note) : note_(std::move(note)) {}
  ~NoticeProposal() override;

  size_t bytes() const override { return note_.size(); }
  ProposalKind kind() const override { return ProposalKind::notice; }
  // True for rules: they name the nodes, and the rules by which what follows is judged.
  bool barrier() const override { return note_.starts_with(kRulesHeader); }
  Bytes encode() const override;
  Result<Done> verify(const LedgerId& ledger, const Reader& state);
  const std::optional<VerifiedNotice>& verified() const { return verified_; }

  const SubmitDone done = {};  // null: nobody waits

 private:
  const std::string note_;
  const NoticesWaiting waiting_ = {};
  std::optional<VerifiedNotice> verified_;
};

// Decodes a proposal of another node, with the same result on every node. A batch is verified early
// if the state allows it: what verifies now verifies at its position too, since the registry
// forgets no key. What does not verify now is verified there again.
// Errors: STORE_TOO_NEW (a kind that only a later version knows); everything else is a refusal.
Result<std::unique_ptr<Proposal>> decode_proposal(BytesView bytes, const LedgerId& ledger,
                                                  const Reader& state);

// Checks that one of our proposals decodes to itself. Errors: MALFORMED_SUBMISSION.
Result<Done> check_encoding(const Proposal& proposal, BytesView encoded);

}  // namespace suyuan
