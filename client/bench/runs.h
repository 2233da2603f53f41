// One run of the bench against a node: posts or questions, with a window in flight.
#pragma once

#include <string>
#include <vector>

#include "client/bench/measure.h"
#include "client/connection.h"
#include "client/trust.h"

namespace suyuan {

struct PostRun {
  size_t batch = 0;
  size_t in_flight = 0;
  size_t events = 0;  // acknowledged
  size_t batches = 0;
  size_t refused = 0;
  std::optional<Error> first_refusal;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double client_cpu = 0;           // seconds
  std::optional<double> node_cpu;  // seconds

  double events_per_second() const { return static_cast<double>(events) / seconds; }
  double batches_per_second() const { return static_cast<double>(batches) / seconds; }
  double per_event_us(double cpu_seconds) const {
    return events == 0 ? 0 : cpu_seconds * 1e6 / static_cast<double>(events);
  }
};

struct RunLimits {
  size_t in_flight = 1;
  double seconds = 5;  // then nothing more is sent; what is in flight is awaited
  int node_pid = 0;    // 0: not known
  // So many a second, each at a time of its own whatever the answers do, and its latency counts
  // from that time: where the window is full, it is late, and that shows. 0: as the window lets.
  double rate = 0;
};

// The receipts are checked after the clock has stopped: the first that fails ends the bench with
// its error (ROOT_MISMATCH, ...). UNAVAILABLE: the connection broke.
Result<PostRun> run_posts(Connection& connection, const PinnedLedger& ledger,
                          std::vector<Submission> submissions, const RunLimits& limits);

struct QuestionRun {
  size_t in_flight = 0;
  size_t questions = 0;
  size_t steps = 0;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

Result<QuestionRun> run_questions(Connection& connection, const std::vector<std::string>& codes,
                                  size_t count, const RunLimits& limits);

// Codes of events at random places of the log, at most `count`.
Result<std::vector<std::string>> draw_codes(Connection& connection, size_t count);

}  // namespace suyuan
