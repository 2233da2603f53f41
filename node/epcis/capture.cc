#include "node/epcis/capture.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <utility>

#include "ledger/apply/log_reader.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "node/epcis/job_error.h"
#include "node/epcis/job_patience.h"
#include "node/epcis/repeats.h"
#include "node/pipeline/receipts.h"
#include "proto/epcis/epcis.h"
#include "proto/submission_codec.h"

namespace suyuan::epcis {
namespace {

constexpr int64_t kBatchLifeMs = int64_t{24} * 3600 * 1000;
constexpr size_t kProceedBatchEvents = 256;
constexpr size_t kProceedBatchBytes = 700 << 10;

struct Prepared {
  UnsignedEvent event;
  std::string pointer;
};

size_t bytes_of(const Prepared& one) {
  return one.event.body.payload.size() + one.event.codes.size() * Hash::kSize +
         kEventFrameBytes;
}

// What a job holds until it has ended: its events, and those of one batch again once it is signed.
size_t held_bytes(size_t events, size_t of_events) {
  return events * sizeof(Prepared) + of_events + std::min(of_events, limits::kBatchBytesMax);
}

size_t held_bytes(const std::vector<SplitEvent>& events) {
  size_t bytes = 0;
  for (const SplitEvent& one : events) bytes += one.payload.size() + one.pointer.size();
  return held_bytes(events.size(), bytes);
}

// What an event holds beyond the `sent` bytes of its payload. It may name thousands of codes, and
// its first words may be longer than those that were sent.
size_t grown_bytes(size_t sent, const UnsignedEvent& event) {
  size_t bytes = std::max(event.body.payload.size(), sent) - sent;
  for (const std::string& code : event.codes) bytes += sizeof(std::string) + code.size();
  return bytes;
}

// A refusal of the ledger, with its place in the event's JSON.
Error in_payload(Error error, const std::string& payload) {
  if (error.event >= 0 && !payload.empty()) error.field = epcis_pointer(payload, error.field);
  return error;
}

UnsignedEvent unsigned_event(std::string payload, const TraceEvent& event) {
  return {.body = {.salt = random_fixed<Salt>(), .payload = std::move(payload)},
          .codes = codes_of(event)};
}

}  // namespace

// One job in progress. Each step hands it to the next; no two steps run at once.
struct Captures::Run {
  Job job;
  Bearer bearer;
  CheckEvent check = nullptr;
  std::deque<Prepared> waiting;
  std::vector<Prepared> sent;
  std::optional<Submission> submission;
  size_t error_bytes = 0;
  bool is_noted = false;  // the last of job.batches is in progress
  JobPatience patience;   // with the batch that is sent
  std::string whose;      // the party that it counts with
  size_t held = 0;        // bytes that it took of places_
  bool is_aside = false;  // it waits for its party's quota
  std::optional<boost::asio::steady_timer> timer;

  void add_error(const Error& error, const std::string& pointer) {
    job.success = false;
    if (job.errors.size() >= kErrorsPerJobMax || error_bytes >= kErrorBytesPerJobMax) return;
    auto made = to_job_error(error, pointer);
    error_bytes += made.title.size() + made.detail.size() + made.pointer.size();
    job.errors.push_back(std::move(made));
  }
};

Result<Done> Captures::resume() {
  SUYUAN_TRY(jobs, parts_.state.unfinished_jobs());
  const auto state = parts_.service.parts().store.snapshot();
  for (Job& job : jobs) {
    size_t found = 0;
    for (const Hash& id : job.batches) {
      const auto batch = get<StoredBatch>(*state, Table::batch, id.view());
      if (batch && *batch) ++found;
    }
    job.finished_ms = parts_.service.parts().clock();
    if (found == 0 || found < job.batches.size() || job.unsent > 0) {
      job.success = false;
      job.errors.push_back(
          {.type = "ImplementationException",
           .status = 500,
           .title = "The node was restarted in the meantime",
           .detail = found == 0 ? "nothing of it was captured; send it again"
                                : "a part of it was captured; send it again, what is already "
                                  "captured counts once"});
    }
    SUYUAN_TRY_DONE(parts_.state.put_job(job));
  }
  return Done{};
}

Result<Submission> Captures::sign(const Bearer& bearer,
                                  const std::vector<UnsignedEvent>& events) const {
  const NamedKeyPair& key = *parts_.gateway.key();
  BatchDraft draft{.ledger = parts_.ledger,
                   .type = PayloadType::epcis_json,
                   .events = events,
                   .until_ms = static_cast<uint64_t>(parts_.service.parts().clock() + kBatchLifeMs),
                   .nonce = random_fixed<Nonce>(),
                   .on_behalf_of = key.name == bearer.party ? std::string() : bearer.party};
  return sign_batch(std::move(draft),
                    {.party = key.name, .secret = key.pair.secret, .key = key.pair.key});
}

Result<Job> Captures::begin(const std::string& whose, size_t bytes, const std::string& party,
                            size_t events, bool proceed) {
  SUYUAN_TRY_DONE(places_.take(whose, bytes));
  auto job = parts_.state.add_job({.id = {},
                                   .party = party,
                                   .created_ms = parts_.service.parts().clock(),
                                   .proceed = proceed,
                                   .events = events,
                                   .unsent = events});
  if (!job) places_.give_up(whose, bytes);
  return job;
}

Result<Done> Captures::hold_more(Run& run, size_t bytes) {
  SUYUAN_TRY_DONE(places_.hold_more(run.whose, run.held, bytes));
  run.held += bytes;
  return Done{};
}

bool Captures::set_aside(Run& run) {
  run.is_aside = places_.set_aside();
  return run.is_aside;
}

void Captures::come_back(Run& run) {
  if (std::exchange(run.is_aside, false)) places_.come_back();
}

Result<Job> Captures::start(const Bearer& bearer, std::vector<SplitEvent> events, bool proceed,
                            CheckEvent check) {
  if (parts_.gateway.key() == nullptr) {
    return fail(Code::UNAVAILABLE, "this node has no gateway key; suyuan-node gateway init makes "
                                   "one, or sign the batch yourself");
  }
  const size_t held = held_bytes(events);
  SUYUAN_TRY(job, begin(bearer.party, held, bearer.party, events.size(), proceed));
  auto run = std::make_shared<Run>();
  run->whose = bearer.party;
  run->held = held;
  run->job = job;
  run->bearer = bearer;
  run->check = check;
  const auto shared = std::make_shared<std::vector<SplitEvent>>(std::move(events));
  const bool taken = parts_.service.parts().workers.post(
      [this, run, shared] { prepare(run, std::move(*shared)); });
  if (!taken) {
    run->add_error({.code = Code::BUSY, .message = "too much is waiting for a thread"}, "");
    finish(run);
  }
  return job;
}

// Checks every event by its own rules. With rollback, one fault is enough to send nothing.
void Captures::prepare(const RunPtr& run, std::vector<SplitEvent> events) {
  const auto state = parts_.service.parts().store.snapshot();
  size_t bytes = 0;
  SaidOnce said;
  SaidBefore before(*state, run->bearer.party);
  for (SplitEvent& one : events) {
    auto event = run->check(one.payload);
    if (!event) {
      for (const Error& error : event.error()) run->add_error(error, one.pointer);
      continue;
    }
    auto repeat = before.has(*event, one.payload);
    if (!repeat) {
      run->add_error(repeat.error(), one.pointer);
      continue;
    }
    if (*repeat || !said.is_new(*event, one.payload)) continue;
    const size_t sent = one.payload.size();
    auto worded = in_first_words(*state, run->bearer.party, *event, std::move(one.payload));
    if (!worded) {
      run->add_error(worded.error(), one.pointer);
      continue;
    }
    Prepared prepared{.event = unsigned_event(*std::move(worded), *event), .pointer = one.pointer};
    if (auto room = hold_more(*run, grown_bytes(sent, prepared.event)); !room) {
      run->add_error(room.error(), one.pointer);
      continue;
    }
    run->waiting.push_back(std::move(prepared));
    bytes += bytes_of(run->waiting.back());
  }
  if (!run->job.proceed && bytes > limits::kBatchBytesMax) {
    run->add_error({.code = Code::TOO_LARGE, .message = too_large_for_rollback(bytes)}, "");
  }
  if (!run->job.proceed && !run->job.success) run->waiting.clear();
  send_next(run);
}

void Captures::send_next(const RunPtr& run) {
  if (run->waiting.empty()) return finish(run);
  const size_t most = run->job.proceed ? kProceedBatchEvents : run->waiting.size();
  size_t bytes = 0;
  run->sent.clear();
  std::vector<UnsignedEvent> events;
  while (!run->waiting.empty() && run->sent.size() < most) {
    bytes += bytes_of(run->waiting.front());
    if (run->job.proceed && !run->sent.empty() && bytes > kProceedBatchBytes) break;
    events.push_back(run->waiting.front().event);
    run->sent.push_back(std::move(run->waiting.front()));
    run->waiting.pop_front();
  }
  auto submission = sign(run->bearer, events);
  if (!submission) return on_answer(run, Unexpected(Errors{std::move(submission).error()}));
  run->submission = *std::move(submission);
  const auto note = parse_batch_note(run->submission->note);
  SUYUAN_CHECK(note);
  // Noted before it is sent: after a crash the job finds its batch by this.
  run->job.batches.push_back(batch_id(note->note.text));
  run->job.unsent = run->waiting.size();
  run->is_noted = true;
  if (auto kept = parts_.state.put_job(run->job); !kept)
    return on_answer(run, Unexpected(Errors{std::move(kept).error()}));
  parts_.service.submit(*run->submission, [this, run](Results<BatchReceipt> outcome) {
    on_answer(run, std::move(outcome));
  });
}

void Captures::on_answer(const RunPtr& run, Results<BatchReceipt> outcome) {
  if (outcome) {
    run->patience.reset();
    run->is_noted = false;
    run->job.size = std::max(run->job.size, outcome->leaf + 1);
    return send_next(run);
  }
  const Errors& errors = outcome.error();
  const Code code = errors.front().code;
  const bool may_come = run->patience.again(code, JobPatience::Clock::now());
  if (may_come && (code == Code::BUSY || set_aside(*run)))
    return retry_later(run, std::max(kRetryAfterMs, Service::wait_ms_of(errors.front())));
  run->patience.reset();
  // It is not in the ledger, and nobody needs to look for it. After an internal fault that is
  // unknown.
  if (std::exchange(run->is_noted, false) && info(errors.front().code).http_status < 500)
    run->job.batches.pop_back();
  std::vector<bool> bad(run->sent.size(), false);
  for (const Error& error : errors) {
    const auto at = static_cast<size_t>(error.event);
    const bool of_event = error.event >= 0 && at < run->sent.size();
    run->add_error(of_event ? in_payload(error, run->sent[at].event.body.payload) : error,
                   of_event ? run->sent[at].pointer : "");
    if (of_event) bad[at] = true;
  }
  const bool any = std::find(bad.begin(), bad.end(), true) != bad.end();
  if (!run->job.proceed) run->waiting.clear();
  // Without the bad events, in the same order; if no event is named, all were refused.
  for (size_t i = run->sent.size(); run->job.proceed && any && i-- > 0;) {
    if (!bad[i]) run->waiting.push_front(std::move(run->sent[i]));
  }
  send_next(run);
}

void Captures::retry_later(const RunPtr& run, uint32_t wait_ms) {
  auto& io = parts_.service.parts().io;
  boost::asio::post(io, [this, run, wait_ms, &io] {
    run->timer.emplace(io, std::chrono::milliseconds(wait_ms));
    run->timer->async_wait([this, run](boost::system::error_code) {
      come_back(*run);
      parts_.service.submit(*run->submission, [this, run](Results<BatchReceipt> outcome) {
        on_answer(run, std::move(outcome));
      });
    });
  });
}

void Captures::finish(const RunPtr& run) {
  run->job.finished_ms = parts_.service.parts().clock();
  if (auto kept = parts_.state.put_job(run->job); !kept)
    spdlog::error("a capture job could not be kept: {}", to_text(kept.error()));
  places_.give_up(run->whose, run->held);
}

void Captures::capture(const Bearer& bearer, SplitEvent one, CheckEvent check,
                       CapturedDone done) {
  if (parts_.gateway.key() == nullptr) {
    return done(Unexpected(Errors{{.code = Code::UNAVAILABLE,
                                   .message = "this node has no gateway key; sign the batch "
                                              "yourself, or ask its operator"}}));
  }
  auto event = check(one.payload);
  if (!event) return done(Unexpected(std::move(event).error()));
  Captured captured{.event_id = event->event_id, .payload = one.payload, .size = 0};
  const auto state = parts_.service.parts().store.snapshot();
  auto repeat = SaidBefore(*state, bearer.party).has(*event, one.payload);
  if (!repeat) return done(Unexpected(Errors{std::move(repeat).error()}));
  if (*repeat) {
    captured.size = parts_.service.parts().size_waiters.size();
    return done(std::move(captured));
  }
  auto worded = in_first_words(*state, bearer.party, *event, std::move(one.payload));
  if (!worded) return done(Unexpected(Errors{std::move(worded).error()}));
  captured.payload = *worded;
  auto submission = sign(bearer, {unsigned_event(*std::move(worded), *event)});
  if (!submission) return done(Unexpected(Errors{std::move(submission).error()}));
  auto answer = [captured = std::move(captured), done](Results<BatchReceipt> outcome) mutable {
    if (!outcome) {
      Errors errors = std::move(outcome).error();
      for (Error& error : errors) error = in_payload(std::move(error), captured.payload);
      return done(Unexpected(std::move(errors)));
    }
    captured.size = outcome->leaf + 1;
    done(std::move(captured));
  };
  parts_.service.submit(*std::move(submission), std::move(answer));
}

Result<Job> Captures::begin_signed(Submission submission) {
  SUYUAN_TRY(note, parse_batch_note(submission.note));
  const std::string& whose = note.batch.signer.empty() ? note.batch.party : note.batch.signer;
  const size_t held = held_bytes(submission.events.size(), submission.bytes());
  SUYUAN_TRY(job, begin(whose, held, "", submission.events.size(), false));
  auto run = std::make_shared<Run>();
  run->whose = whose;
  run->held = held;
  run->job = job;
  run->job.batches.push_back(batch_id(note.note.text));
  run->job.unsent = 0;
  for (size_t i = 0; i < submission.events.size(); ++i)
    run->sent.push_back({.event = {}, .pointer = "/" + std::to_string(i)});
  run->submission = std::move(submission);
  if (auto kept = parts_.state.put_job(run->job); !kept) {
    places_.give_up(run->whose, run->held);
    return Unexpected(std::move(kept).error());
  }
  parts_.service.submit(*run->submission, [this, run](Results<BatchReceipt> outcome) {
    on_answer(run, std::move(outcome));
  });
  return job;
}

}  // namespace suyuan::epcis
