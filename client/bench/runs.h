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
  double seconds = 5;  // then it stops sending and waits for what is in flight
  int node_pid = 0;    // 0: unknown
  // Posts per second. Each has its own start time, whatever the answers do, and its latency counts
  // from that time, so a full window shows as latency. 0: as fast as the window allows.
  double rate = 0;
  // False for a server whose receipts prove nothing (bench/verify_only_main.cc).
  bool checks_receipts = true;
};

// Receipts are checked after the clock has stopped.
// Errors: that of the first receipt that fails (ROOT_MISMATCH, ...), UNAVAILABLE (connection lost).
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

// Returns at most `count` codes of events at random positions of the log.
Result<std::vector<std::string>> draw_codes(Connection& connection, size_t count);

}  // namespace suyuan
