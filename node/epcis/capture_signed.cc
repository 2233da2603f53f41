// Captures of batches that their clients signed.
#include <algorithm>
#include <utility>

#include "ledger/apply/log_reader.h"
#include "node/epcis/capture.h"
#include "node/pipeline/intake.h"
#include "node/pipeline/receipts.h"
#include "proto/submission_codec.h"

namespace suyuan::epcis {

// Without a party's key nobody leaves anything here: signatures are checked before anything is
// written, and again on the way into the ledger.
Results<Done> check_signed(const Submission& submission, const LedgerId& ledger,
                           const Reader& state, bool was_behind) {
  auto decoded = decode_batch(submission);
  if (!decoded) return Unexpected(std::move(decoded).error());
  auto verified = verify(*std::move(decoded), ledger, state);
  if (verified) return Done{};
  // The events are checked after the signatures: the job reports what is wrong with them.
  Errors errors = std::move(verified).error();
  std::erase_if(errors, [](const Error& error) { return error.event >= 0; });
  if (errors.empty()) return Done{};
  if (auto busy = Intake::not_followed_yet(was_behind, errors))
    return Unexpected(Errors{*std::move(busy)});
  return Unexpected(std::move(errors));
}

Results<Job> Captures::start_signed(Submission submission) {
  const auto& parts = parts_.service.parts();
  auto charged = parts.pipeline.reserve(reserved_bytes(submission));
  if (!charged) return Unexpected(Errors{std::move(charged).error()});
  const bool was_behind = parts.pipeline.is_behind();
  auto checked = check_signed(submission, parts_.ledger, parts.store.latest(), was_behind);
  charged->reset();  // the job is charged for itself
  if (!checked) return Unexpected(std::move(checked).error());
  auto ended = ended_before(submission);
  if (!ended) return Unexpected(Errors{std::move(ended).error()});
  if (*ended) return **std::move(ended);
  auto job = begin_signed(std::move(submission));
  if (!job) return Unexpected(Errors{std::move(job).error()});
  return *std::move(job);
}

// What is in the ledger is public: whoever sends it again takes no place of its party's, nor counts
// in its quota. So its job has ended when it begins.
Result<std::optional<Job>> Captures::ended_before(const Submission& submission) {
  const auto& parts = parts_.service.parts();
  SUYUAN_TRY(note, parse_batch_note(submission.note));
  const Hash id = batch_id(note.note.text);
  SUYUAN_TRY(stored, get<StoredBatch>(parts.store.latest(), Table::batch, id.view()));
  if (!stored || stored->leaf >= parts.pipeline.acknowledged()) return std::optional<Job>();
  const int64_t now_ms = parts.clock();
  SUYUAN_TRY(job, parts_.state.add_job({.id = {},
                                        .party = {},
                                        .created_ms = now_ms,
                                        .finished_ms = now_ms,
                                        .events = submission.events.size(),
                                        .batches = {id},
                                        .size = stored->leaf + 1}));
  return std::optional<Job>(std::move(job));
}

}  // namespace suyuan::epcis
