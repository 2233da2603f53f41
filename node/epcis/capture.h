// Captures: EPCIS events from a client that cannot sign. The gateway signs them for the token's
// party and brings them into the ledger, either as a job that can be queried or synchronously.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>

#include "ledger/batch/sign.h"
#include "node/epcis/capture_places.h"
#include "node/epcis/gateway.h"
#include "node/epcis/state.h"
#include "node/service.h"
#include "proto/epcis/document.h"

namespace suyuan::epcis {

inline constexpr size_t kCaptureEventsMax = 1000;             // GS1-EPCIS-Capture-Limit
// GS1-EPCIS-Capture-File-Size-Limit, with proceed. With rollback it is that of one batch.
inline constexpr size_t kCaptureBytesMax = size_t{8} << 20;
// What an event takes of a batch besides its payload and codes: its salt, the rest of its record.
inline constexpr size_t kEventFrameBytes = 128;

// The result of one event that was captured synchronously.
struct Captured {
  std::string event_id;
  std::string payload;
  uint64_t size = 0;  // a log size that holds it
};
using CapturedDone = std::function<void(Results<Captured>)>;
// Judges an event before it is signed: check_epcis, or check_gdst if the request asks for it.
using CheckEvent = Results<TraceEvent> (*)(BytesView payload);

// Checks a batch that its client signed, except for its events' own rules. BUSY: the node
// `was_behind` the log when the state was read, and groups to come may undo the refusal.
Results<Done> check_signed(const Submission& submission, const LedgerId& ledger,
                           const Reader& state, bool was_behind);

class Captures {
 public:
  struct Parts {
    Service& service;
    const Gateway& gateway;
    State& state;
    LedgerId ledger;
  };
  explicit Captures(Parts parts) : parts_(std::move(parts)) {}

  // Called before anything is captured: finds out what happened to jobs that a restart interrupted.
  Result<Done> resume();

  // On a worker. The job is stored, and runs afterwards. Errors: BUSY, UNAVAILABLE (the node has no
  // gateway key), IO.
  Result<Job> start(const Bearer& bearer, std::vector<SplitEvent> events, bool proceed,
                    CheckEvent check);
  // On a worker; `done` runs on any thread. Errors name the JSON pointer in the event.
  void capture(const Bearer& bearer, SplitEvent event, CheckEvent check, CapturedDone done);
  // A batch that its client signed. The job has no owner but who knows its id. Refusals: BUSY (no
  // memory to check it), those of check_signed().
  Results<Job> start_signed(Submission submission);

 private:
  struct Run;
  using RunPtr = std::shared_ptr<Run>;

  Result<Submission> sign(const Bearer& bearer, const std::vector<UnsignedEvent>& events) const;
  // The job of a batch that is in the ledger already; nullopt: it is not.
  Result<std::optional<Job>> ended_before(const Submission& submission);
  Result<Job> begin_signed(Submission submission);
  // `whose`: the party that it counts with; of a job without an owner, who signed. `bytes`: what it
  // holds until it has ended.
  Result<Job> begin(const std::string& whose, size_t bytes, const std::string& party, size_t events,
                    bool proceed);
  Result<Done> hold_more(Run& run, size_t bytes);
  bool set_aside(Run& run);
  void come_back(Run& run);
  void prepare(const RunPtr& run, std::vector<SplitEvent> events);
  void send_next(const RunPtr& run);
  void on_answer(const RunPtr& run, Results<BatchReceipt> outcome);
  void finish(const RunPtr& run);
  void retry_later(const RunPtr& run, uint32_t wait_ms);

  const Parts parts_;
  CapturePlaces places_;
};

}  // namespace suyuan::epcis
