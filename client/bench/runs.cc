#include "client/bench/runs.h"

#include <algorithm>
#include <map>

#include "ledger/base/limits.h"
#include "ledger/batch/note.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

uint64_t random_below(uint64_t bound) {
  const auto bytes = random_fixed<Fixed<8, struct RandomTag>>();
  uint64_t value = 0;
  for (const uint8_t byte : bytes.data) value = value << 8 | byte;
  return value % bound;  // the slight bias is harmless here
}

double ms_since(BenchClock::time_point start) { return seconds_since(start) * 1e3; }

// When the run's n-th post is due.
class Pace {
 public:
  Pace(double rate, BenchClock::time_point start) : rate_(rate), start_(start) {}

  BenchClock::time_point due(size_t n) const {
    if (rate_ <= 0) return BenchClock::now();
    const std::chrono::duration<double> after(static_cast<double>(n) / rate_);
    return start_ + std::chrono::duration_cast<BenchClock::duration>(after);
  }
  static std::chrono::microseconds until(BenchClock::time_point due) {
    const auto wait = std::chrono::ceil<std::chrono::microseconds>(due - BenchClock::now());
    return std::max(wait, std::chrono::microseconds{0});
  }

 private:
  const double rate_;
  const BenchClock::time_point start_;
};

double seconds_between(BenchClock::time_point start, BenchClock::time_point end) {
  return std::chrono::duration<double>(end - start).count();
}

}  // namespace

Result<PostRun> run_posts(Connection& connection, const PinnedLedger& ledger,
                          std::vector<Submission> submissions, const RunLimits& limits) {
  PostRun run{.in_flight = limits.in_flight};
  if (!submissions.empty()) run.batch = submissions.front().events.size();
  std::vector<BenchClock::time_point> sent(submissions.size());
  std::vector<double> latencies;
  std::vector<std::pair<std::string, BatchReceipt>> receipts;
  const double client_before = own_cpu_seconds();
  const auto node_before = process_cpu_seconds(limits.node_pid);
  size_t next = 0;
  const auto start = BenchClock::now();
  const Pace pace(limits.rate, start);
  SUYUAN_TRY_DONE(connection.submit_many(
      {.next = [&]() -> std::optional<Outgoing> {
         const auto due = pace.due(next);
         if (next == submissions.size() || seconds_between(start, due) > limits.seconds) return {};
         sent[next] = due;
         Outgoing out{.number = next,
                      .submission = std::move(submissions[next]),
                      .after = Pace::until(due)};
         ++next;
         return out;
       },
       .done = [&](const Outgoing& out, SubmitAnswer answer) -> std::optional<uint32_t> {
         if (answer.outcome) {
           latencies.push_back(ms_since(sent[out.number]));
           run.events += out.submission.events.size();
           receipts.emplace_back(out.submission.note, *std::move(answer.outcome));
         } else if (answer.outcome.error().front().code == Code::BUSY) {
           return std::max<uint32_t>(answer.head.retry_after_ms,
                                     1);  // the wait is part of its latency
         } else {
           ++run.refused;
           if (!run.first_refusal) run.first_refusal = answer.outcome.error().front();
         }
         return std::nullopt;
       }},
      limits.in_flight));
  run.seconds = seconds_since(start);
  run.client_cpu = own_cpu_seconds() - client_before;
  const auto node_after = process_cpu_seconds(limits.node_pid);
  if (node_before && node_after) run.node_cpu = *node_after - *node_before;
  run.batches = receipts.size();
  run.p50_ms = percentile(latencies, 0.50);
  run.p99_ms = percentile(std::move(latencies), 0.99);
  if (!limits.checks_receipts) return run;
  for (const auto& [note, receipt] : receipts) {
    SUYUAN_TRY_DONE(check_answer(ledger, note, receipt));
  }
  return run;
}

Result<QuestionRun> run_questions(Connection& connection, const std::vector<std::string>& codes,
                                  size_t count, const RunLimits& limits) {
  SUYUAN_CHECK(!codes.empty());
  QuestionRun run{.in_flight = limits.in_flight};
  std::vector<BenchClock::time_point> sent;
  std::vector<double> latencies;
  std::optional<Error> failed;
  const auto start = BenchClock::now();
  const Pace pace(limits.rate, start);
  SUYUAN_TRY_DONE(connection.trace_many(
      [&]() -> std::optional<OutgoingQuestion> {
        const auto due = pace.due(sent.size());
        if (sent.size() == count || failed || seconds_between(start, due) > limits.seconds) {
          return {};
        }
        sent.push_back(due);
        return OutgoingQuestion{.ask = {.code = codes[random_below(codes.size())]},
                                .after = Pace::until(due)};
      },
      [&](size_t number, Answer<TracePage> answer) {
        if (!answer.value) {
          if (!failed) failed = std::move(answer.value).error();
          return;
        }
        latencies.push_back(ms_since(sent[number]));
        run.steps += answer.value->trace.steps.size();
      },
      limits.in_flight));
  if (failed) return Unexpected(*std::move(failed));
  run.seconds = seconds_since(start);
  run.questions = latencies.size();
  run.p50_ms = percentile(latencies, 0.50);
  run.p99_ms = percentile(std::move(latencies), 0.99);
  return run;
}

Result<std::vector<std::string>> draw_codes(Connection& connection, size_t count) {
  constexpr size_t kTriesForOne = 4;  // registry acts and withheld events give no code
  std::vector<std::string> codes;
  const auto status = connection.status();
  if (!status.value) return Unexpected(status.value.error());
  const size_t tries = status.head.size > 1 ? count * kTriesForOne : 0;
  for (size_t i = 0; i < tries && codes.size() < count; ++i) {
    const Place place{.leaf = 1 + random_below(status.head.size - 1), .event = 0};
    const auto view = connection.event(place, false);
    if (!view.value) {
      if (view.value.error().code == Code::NOT_FOUND) continue;  // a leaf that is not a batch
      return Unexpected(view.value.error());
    }
    const auto note = parse_batch_note(view.value->note);
    if (view.value->state != PayloadState::open || !note ||
        note->batch.type == PayloadType::registry_capnp) {
      continue;
    }
    const auto value = decode_any_payload(note->batch.type, view.value->payload);
    if (!value) continue;
    const auto named = codes_of(std::get<TraceEvent>(*value));
    if (!named.empty()) codes.push_back(named[random_below(named.size())]);
  }
  return codes;
}

}  // namespace suyuan
