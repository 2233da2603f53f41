#include "node/pipeline/intake.h"

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/notice.h"
#include "ledger/batch/batch.h"
#include "ledger/batch/note.h"
#include "ledger/crypto/note.h"
#include "ledger/registry/state.h"
#include "node/pipeline/held_order.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

// Submissions of one call are checked in chunks of this size by one worker: handing work to another
// thread costs almost as much as checking it.
constexpr size_t kCheckedTogether = 8;

void fail_with(const SubmitDone& done, Error error) {
  done(Unexpected(Errors{std::move(error)}));
}

Error busy_memory() {
  return {.code = Code::BUSY, .message = "too many batches are waiting for their answers"};
}

Error busy_parsing() {
  return {.code = Code::BUSY,
          .message = "too much is being parsed: send the same again in a moment"};
}

Error busy_behind(const Error& refusal) {
  return {.code = Code::BUSY,
          .message = "this node has not followed the log to its end yet, and would refuse this for "
                     "what may be in the rest (" + to_text(refusal) +
                     "): send the same to another node, or later"};
}

}  // namespace

void Intake::submit(std::vector<Submitted> many) {
  std::vector<Submitted> reserved;
  reserved.reserve(many.size());
  const auto of_call = std::make_shared<Reservations>();
  for (auto& sent : many) {
    if (reserve_memory(sent, of_call)) reserved.push_back(std::move(sent));
  }
  many = std::move(reserved);
  for (size_t first = 0; first < many.size(); first += kCheckedTogether) {
    const size_t end = std::min(many.size(), first + kCheckedTogether);
    auto chunk = std::make_shared<std::vector<Submitted>>();
    for (size_t i = first; i < end; ++i) chunk->push_back(std::move(many[i]));
    const bool taken = parts_.workers.post([this, chunk] {
      for (auto& sent : *chunk) take_batch(std::move(sent));
    });
    if (taken) continue;
    for (const auto& sent : *chunk) {
      answer_busy(sent.done,
                  {.code = Code::BUSY, .message = "too many batches are waiting to be verified"},
                  sent.uncount);
    }
  }
}

// False: there is no memory for the batch, and its sender was told so. The reservations end with
// the last copy of any `done`, which is when the last batch of the call is answered: the answers
// that are there wait for it.
bool Intake::reserve_memory(Submitted& sent, const std::shared_ptr<Reservations>& of_call) const {
  auto reservation = MemoryReservation::take(reserved_, reserved_bytes(sent.submission),
                                             options_.reserved_bytes_max);
  if (!reservation) {
    answer_busy(sent.done, busy_memory(), sent.uncount);
    return false;
  }
  of_call->push_back(std::move(reservation));
  sent.done = [of_call, done = std::move(sent.done)](auto outcome) { done(std::move(outcome)); };
  return true;
}

Result<std::shared_ptr<MemoryReservation>> Intake::reserve(size_t bytes,
                                                           const Uncount& uncount) const {
  auto reservation = MemoryReservation::take(reserved_, bytes, options_.reserved_bytes_max);
  if (reservation) return reservation;
  count_busy(uncount);
  return Unexpected(busy_memory());
}

Result<std::shared_ptr<MemoryReservation>> Intake::reserve_parsing(size_t bytes,
                                                                   const Uncount& uncount) const {
  auto reservation = MemoryReservation::take(parsing_, bytes, kParsingBytesMax);
  if (reservation) return reservation;
  count_busy(uncount);
  return Unexpected(busy_parsing());
}

// On a worker. The batch is looked up once, before what could refuse it: a batch that is in the
// ledger gets its receipt, also where its signer is no longer delegated to.
void Intake::take_batch(Submitted sent) const {
  const SubmitDone& done = sent.done;
  if (refuse_read_only(done)) return;
  if (auto busy = busy_for(sent.submission)) {
    const auto stored = acknowledged_before(sent.submission.note);
    if (!stored) return answer_busy(done, *std::move(busy), sent.uncount);
    if (holds_its_events(std::move(sent.submission))) return answer_repeated(*stored, done);
    return answer_busy(done, *std::move(busy));  // it was decoded, so it counts
  }
  const bool was_behind = is_behind();
  const size_t bytes = posted_bytes(sent.submission);
  auto decoded = decode_batch(std::move(sent.submission));
  if (!decoded) return refuse(done, std::move(decoded).error());
  auto verified = verify(*std::move(decoded), parts_.signer.ledger(), parts_.store.latest());
  if (!verified) {
    if (auto busy = not_followed_yet(was_behind, verified.error()))
      return answer_busy(done, *std::move(busy));
    return refuse(done, std::move(verified).error());
  }
  const auto stored =
      get<StoredBatch>(parts_.store.latest(), Table::batch, verified->id().view());
  if (!stored) return fail_with(done, stored.error());
  // Before its party is asked: what is in the ledger is public, so anyone may send it again, and
  // counts for itself only. A batch whose group is committed and not marked yet is ordered again.
  // The log hands it over after that group: it gets its receipt then, or none if the mark failed.
  if (*stored && is_acknowledged((*stored)->leaf)) return answer_repeated(**stored, done);
  if (!*stored) {
    const auto delegated = check_delegated(verified->note());
    if (!delegated && info(delegated.error().code).refusal) {
      if (auto busy = not_followed_yet(was_behind, {delegated.error()}))
        return answer_busy(done, *std::move(busy));
      return refuse(done, {delegated.error()});
    }
  }
  if (options_.admit) {
    auto wait = options_.admit(verified->note(), bytes);
    if (wait) return refuse(done, {*std::move(wait)});
  }
  append_batch(*std::move(verified), done);
}

// A node that joins, or comes back, serves while it follows the log. What it does not know may be
// in a group to come, so this is no reason to refuse anything for good.
std::optional<Error> Intake::not_followed_yet(bool was_behind, const Errors& errors) {
  if (!was_behind) return std::nullopt;
  const auto found = std::ranges::find_if(errors, [](const Error& error) {
    return error.code == Code::PARTY_UNKNOWN || error.code == Code::KEY_UNKNOWN ||
           error.code == Code::KEY_NOT_IN_FORCE || error.code == Code::DELEGATION_MISSING;
  });
  if (found == errors.end()) return std::nullopt;
  return busy_behind(*found);
}

// Asked before the batch is verified, so whoever meets a full queue may try again at no cost.
std::optional<Error> Intake::busy_for(const Submission& sent) const {
  if (auto busy = busy_log()) return busy;
  auto room = parts_.order.check_room(sent.bytes());
  if (room) return std::nullopt;
  return std::move(room).error();
}

bool Intake::is_acknowledged(uint64_t leaf) const {
  return !options_.acknowledged || leaf < options_.acknowledged();
}

std::optional<StoredBatch> Intake::acknowledged_before(const std::string& note_text) const {
  const auto note = parse_note(note_text);
  if (!note) return std::nullopt;
  const auto stored =
      get<StoredBatch>(parts_.store.latest(), Table::batch, batch_id(note->text).view());
  if (!stored || !*stored || !is_acknowledged((*stored)->leaf)) return std::nullopt;
  return **stored;
}

// A receipt tells all codes and findings, so only who has every salt and payload gets it while the
// log is busy: a note alone can be read in the log. Signatures are not checked.
bool Intake::holds_its_events(Submission sent) const {
  auto decoded = decode_batch(std::move(sent));
  return decoded && verify(*std::move(decoded), parts_.signer.ledger(), parts_.store.latest(),
                           BatchFrom::log);
}

// Early rejection only; apply decides. Without it a gateway could flood the log with batches for
// parties that never delegated to it, and no quota would count them.
Result<Done> Intake::check_delegated(const BatchNote& note) const {
  if (note.signer.empty()) return Done{};
  SUYUAN_TRY(head, read_head(parts_.store.latest()));
  SUYUAN_TRY(party, find_party(parts_.store.latest(), note.party));
  if (!party) return Done{};
  return check_delegation(*party, note.signer, head.leaves, head.time_ms);
}

// What is in the ledger need not be ordered again.
void Intake::answer_repeated(const StoredBatch& stored, const SubmitDone& done) const {
  auto receipt = receipt_of(parts_.store.latest(), parts_.signer, stored);
  if (!receipt) return fail_with(done, std::move(receipt).error());
  parts_.metrics.batches_repeated.Increment();
  receipt->repeated = true;
  done(*std::move(receipt));
}

void Intake::append_batch(VerifiedBatch batch, const SubmitDone& done) const {
  std::unique_ptr<Proposal> proposal = std::make_unique<BatchProposal>(std::move(batch), done);
  auto appended = parts_.order.append(proposal);
  if (appended) return;
  if (appended.error().code != Code::BUSY) return fail_with(done, std::move(appended).error());
  answer_busy(done, std::move(appended).error());
}

void Intake::refuse(const SubmitDone& done, Errors errors) const {
  parts_.metrics.batch_refused(errors);
  done(Unexpected(std::move(errors)));
}

// `uncount`: of a batch that was not decoded, so no quota counts it. One that was verified counts
// whatever its answer is: otherwise a sender could have signatures verified, and the log order,
// without limit.
void Intake::answer_busy(const SubmitDone& done, Error error, const Uncount& uncount) const {
  count_busy(uncount);
  fail_with(done, std::move(error));
}

void Intake::count_busy(const Uncount& uncount) const {
  parts_.metrics.batches_busy.Increment();
  if (uncount) uncount();
}

void Intake::submit_notice(std::string note, SubmitDone done, Uncount uncount) {
  const bool taken = parts_.workers.post([this, note = std::move(note), done, uncount] {
    take_notice(note, done, uncount);
  });
  if (taken) return;
  answer_notice_busy(done, {.code = Code::BUSY, .message = "too much is waiting to be verified"},
                     uncount);
}

// On a worker.
void Intake::take_notice(const std::string& note, const SubmitDone& done,
                         const Uncount& uncount) const {
  if (refuse_read_only(done)) return;
  if (auto busy = busy_log()) return answer_notice_busy(done, *std::move(busy), uncount);
  const bool was_behind = is_behind();
  auto verified = verify_notice(note, parts_.signer.ledger(), parts_.store.latest());
  if (!verified) {
    if (auto busy = not_followed_yet(was_behind, {verified.error()}))
      return answer_notice_busy(done, *std::move(busy));
    return refuse_notice(done, std::move(verified).error());
  }
  auto known = repeated_receipt(parts_.store.latest(), parts_.signer, verified->id());
  if (!known) return fail_with(done, std::move(known).error());
  if (*known) {
    if (!is_acknowledged((*known)->leaf)) {
      return answer_notice_busy(
          done, {.code = Code::BUSY,
                 .message = "this notice is being committed: send the same again in a moment"});
    }
    parts_.metrics.notices_repeated.Increment();
    return done(**std::move(known));
  }
  BatchNote of_party;  // it is counted with the party's batches
  of_party.party = verified->keys().front().party;
  if (options_.admit) {
    auto wait = options_.admit(of_party, note.size());
    if (wait) return refuse_notice(done, *std::move(wait));
  }
  // A notice takes a group of its own, so what would be refused is not ordered. Rules that this
  // program does not know are not either: they would stop it.
  const auto judged = judge_notice(*parts_.store.snapshot(), *verified, decode_any_payload);
  if (!judged && was_behind && info(judged.error().code).refusal) {
    // Events, roles and notices may all be in groups to come.
    return answer_notice_busy(done, busy_behind(judged.error()));
  }
  if (!judged) return refuse_notice(done, judged.error());
  auto appended = append_notice(*std::move(verified), done);
  if (appended) return;
  if (appended.error().code != Code::BUSY) return fail_with(done, std::move(appended).error());
  answer_notice_busy(done, std::move(appended).error());
}

// Errors: BUSY, and what Order::append returns.
Result<Done> Intake::append_notice(VerifiedNotice notice, const SubmitDone& done) const {
  if (++*notices_waiting_ > kNoticesWaitingMax) {
    --*notices_waiting_;
    return fail(Code::BUSY, "too many notices are waiting: send it again in a moment");
  }
  std::unique_ptr<Proposal> proposal =
      std::make_unique<NoticeProposal>(std::move(notice), done, notices_waiting_);
  return parts_.order.append(proposal);
}

void Intake::refuse_notice(const SubmitDone& done, Error error) const {
  Errors errors{std::move(error)};
  parts_.metrics.notice_refused(errors);
  done(Unexpected(std::move(errors)));
}

// As answer_busy().
void Intake::answer_notice_busy(const SubmitDone& done, Error error,
                                const Uncount& uncount) const {
  parts_.metrics.notices_busy.Increment();
  if (uncount) uncount();
  fail_with(done, std::move(error));
}

// A fault outside the log (a watermark that could not be written, say) ends writing too.
bool Intake::refuse_read_only(const SubmitDone& done) const {
  auto why = read_only_reason();
  if (why.empty()) return false;
  const bool for_now = why == held_reason(parts_.order);
  if (!for_now) why = "nothing is taken until a restart (" + why + ")";
  fail_with(done, {.code = Code::READ_ONLY, .message = std::move(why)});
  return true;
}

// While the log takes nothing, every answer is BUSY, so nothing is verified and nobody is counted.
// What else the log may say, append() says.
std::optional<Error> Intake::busy_log() const {
  auto taken = parts_.order.check_takes();
  if (taken || taken.error().code != Code::BUSY) return std::nullopt;
  return std::move(taken).error();
}

std::string Intake::read_only_reason() const {
  auto fault = fault_.text();
  return fault.empty() ? held_reason(parts_.order) : fault;
}

}  // namespace suyuan
