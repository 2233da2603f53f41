#include "node/rpc/submitting.h"

#include "node/rpc/held_bound.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

// Of an answer that is empty or refuses. A receipt is part of what its batch is charged.
constexpr size_t kChargedForAnswer = 1024;

}  // namespace

// The answers of one call in progress. KJ may drop the waiting call while workers still run: their
// tasks hold this object, and the fulfiller goes back through the mailbox.
class Submitting::Call {
 public:
  using Waiting = std::shared_ptr<Slot<SubmitAnswers>>;
  Call(const Service& service, Waiting waiting, size_t count)
      : service_(service),
        waiting_(std::move(waiting)),
        open_(count),
        answers_(count, {.head = {}, .outcome = Unexpected(Errors{})}) {}

  // Thread-safe; called once for each.
  void put(size_t index, Results<BatchReceipt> outcome) {
    AnswerHead head{.size = service_.parts().size_waiters.size(), .time_ms = 0};
    if (outcome)
      head.time_ms = outcome->time_ms;
    else
      head.retry_after_ms = Service::wait_ms_of(outcome.error().front());
    put(index, {.head = std::move(head), .outcome = std::move(outcome)});
  }
  // Keeps it until all are answered. Network thread only.
  void keep(std::shared_ptr<MemoryReservation> charged) { charged_ = std::move(charged); }
  void refuse(size_t index, Error error, uint32_t wait_ms) {
    put(index, {.head = {.retry_after_ms = wait_ms},
                .outcome = Unexpected(Errors{std::move(error)})});
  }

 private:
  void put(size_t index, SubmitAnswer answer) {
    if (answer.outcome) held_.count(answer.outcome->held);
    answers_[index] = std::move(answer);
    if (open_.fetch_sub(1) > 1) return;
    Slot<SubmitAnswers>::put(std::move(waiting_), std::move(answers_));
  }

  const Service& service_;
  Waiting waiting_;
  std::shared_ptr<MemoryReservation> charged_;
  HeldBound held_;
  std::atomic<size_t> open_;
  SubmitAnswers answers_;  // each written once, and moved by the last writer
};

namespace {

// What is no submission counts as it came; and where its pointers lead nowhere, as a large one.
size_t bytes_of_none(const wire::Submission::Reader& sent) {
  try {
    return sent.totalSize().wordCount * sizeof(capnp::word);
  } catch (const kj::Exception&) {
    return kBytesOfCallMax;
  }
}

}  // namespace

kj::Promise<SubmitAnswers> Submitting::submit(const std::vector<wire::Submission::Reader>& sent,
                                              const std::string& client) {
  if (sent.empty()) return SubmitAnswers{};
  auto slot = std::make_shared<Slot<SubmitAnswers>>(mailbox_);
  auto promise = slot->promise();
  const auto call = std::make_shared<Call>(service_, std::move(slot), sent.size());
  const auto& parts = service_.parts();
  std::vector<Submitted> taken;
  taken.reserve(sent.size());
  for (size_t i = 0; i < sent.size(); ++i) {
    auto submission = from_wire(sent[i]);  // which only copies it
    const size_t bytes = submission ? posted_bytes(*submission) : bytes_of_none(sent[i]);
    const auto wait_ms = parts.quotas.post_of_client(client, bytes, parts.clock());
    if (wait_ms != 0) {
      call->refuse(i, rate_limited("too many batches from this address", wait_ms), wait_ms);
      continue;
    }
    if (!submission) {
      call->refuse(i, std::move(submission).error(), 0);
      continue;
    }
    taken.push_back({.submission = *std::move(submission),
                     .done = [call, i](Results<BatchReceipt> outcome) {
                       call->put(i, std::move(outcome));
                     },
                     .uncount = parts.quotas.uncount_post_of_client(client, bytes)});
  }
  service_.submit(std::move(taken));
  call->keep(parts.pipeline.charge(sent.size() * kChargedForAnswer));
  return promise;
}

kj::Promise<SubmitAnswers> Submitting::submit_notice(std::string note, const std::string& client) {
  auto slot = std::make_shared<Slot<SubmitAnswers>>(mailbox_);
  auto promise = slot->promise();
  const auto call = std::make_shared<Call>(service_, std::move(slot), 1);
  const auto& parts = service_.parts();
  const size_t bytes = note.size();
  const auto wait_ms = parts.quotas.post_of_client(client, bytes, parts.clock());
  if (wait_ms != 0) {
    call->refuse(0, rate_limited("too many notices", wait_ms), wait_ms);
  } else {
    service_.submit_notice(
        std::move(note),
        [call](Results<BatchReceipt> outcome) { call->put(0, std::move(outcome)); },
        parts.quotas.uncount_post_of_client(client, bytes));
  }
  return promise;
}

}  // namespace suyuan
