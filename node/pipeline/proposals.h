// What goes through the order, and its bytes (formats.md 11): batches, seals, notices.
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

// Called once for each submission, on any thread: the receipt of the synced batch, or every reason
// against it.
using SubmitDone = std::function<void(Results<BatchReceipt>)>;

// A submission, and whoever waits for its answer.
struct Submitted {
  Submission submission;
  SubmitDone done;
};

// A batch on its way through the order, with whoever waits for its answer; of another node's nobody
// does.
class BatchProposal final : public Proposal {
 public:
  BatchProposal(VerifiedBatch verified, SubmitDone waiting);
  // As it came through the log, to be verified at its place.
  explicit BatchProposal(Bytes encoded)
      : bytes_(encoded.size()), weight_(bytes_), encoded_(std::move(encoded)) {}

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
  const size_t weight_;
  const Bytes encoded_;  // of one that is not verified yet
  std::optional<VerifiedBatch> batch_;
};

// A word of the node itself: what was ordered before it is sealed. Nobody waits for its answer. It
// names the seal before it, so that of several that nodes order at a time the first counts.
class SealProposal final : public Proposal {
 public:
  explicit SealProposal(uint64_t previous) : previous_(previous) {}
  size_t bytes() const override { return 1; }
  bool alone() const override { return true; }
  uint64_t previous() const { return previous_; }
  // Time and map root are those of the place that the order gives it.
  Bytes encode() const override;

 private:
  const uint64_t previous_;
};

// How many notices wait for their answers: going alone, they pass by the order's own bounds.
inline constexpr size_t kNoticesWaitingMax = 64;
using NoticesWaiting = std::shared_ptr<std::atomic<size_t>>;

// A signed notice, in a group of its own.
class NoticeProposal final : public Proposal {
 public:
  // With whoever waits for the answer. It was counted in `waiting`, and is until its end.
  NoticeProposal(VerifiedNotice notice, SubmitDone waits, NoticesWaiting waiting);
  // As it came through the log: verified at its place.
  explicit NoticeProposal(std::string note) : note_(std::move(note)) {}
  ~NoticeProposal() override;

  size_t bytes() const override { return note_.size(); }
  bool alone() const override { return true; }
  // Who the nodes are, and by which rules what follows is judged, is known behind it.
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

// A proposal as its maker encoded it: of another node. The same on every node. A batch is verified
// early where the state allows it: what verifies now verifies at its place too, since the registry
// forgets no key; what does not is judged there again. STORE_TOO_NEW: of a kind that a later
// version knows; all else is a refusal.
Result<std::unique_ptr<Proposal>> decode_proposal(BytesView bytes, const LedgerId& ledger,
                                                  const Reader& state);

// Whether a proposal of ours comes back as the same out of what it encoded.
Result<Done> check_encoding(const Proposal& proposal, BytesView encoded);

}  // namespace suyuan
