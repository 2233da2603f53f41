// A client of one node: Cap'n Proto two-party RPC on its own event loop, with blocking calls.
//
// A call never throws. If the node cannot be reached or the connection breaks, it returns
// UNAVAILABLE; the connection is then unusable, and the caller decides whether to open another. Not
// thread-safe; at most one connection in each thread, because KJ has one loop for a thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "client/patience.h"
#include "ledger/batch/batch.h"
#include "proto/answers.h"

namespace suyuan {

// A submission in flight. The caller numbers them.
struct Outgoing {
  size_t number = 0;
  Submission submission;
  std::chrono::microseconds after{0};  // delay before it is sent, in a call of its own
};

// A trace question in flight.
struct OutgoingQuestion {
  CodeQuestion ask;
  std::chrono::microseconds after{0};  // delay before it is asked
};

// The source of submissions and the sink of their outcomes. Both run between calls, outside the
// loop: they may block, and may use the connection.
struct Submissions {
  // Returns the next submission; nullopt: none now. It is called again after each outcome, so an
  // outcome may lead to another submission.
  std::function<std::optional<Outgoing>()> next;
  // Takes the outcome. Returns the milliseconds after which to send the same submission again
  // (BUSY); nullopt if it is settled.
  std::function<std::optional<uint32_t>(const Outgoing&, SubmitAnswer)> done;
};

struct ConnectionOptions {
  std::string node = "127.0.0.1:7400";  // "tls://host:port" for TLS
  // TLS, as PEM files. `ca` empty: the system's authorities. `tls_cert` empty: no certificate of
  // our own. `tls_name`: the name that the node's certificate must have; empty: the address's host,
  // which must then be a name.
  std::string ca = {};
  std::string cert = {};
  std::string key = {};
  std::string tls_name = {};
  uint32_t connect_ms = 5'000;
  uint32_t answer_ms = 120'000;  // for one call; a recall of a large lot takes long
  // How long a question waits, in all, where the node answers RATE_LIMITED (client/patience.h);
  // 0: that is the answer.
  uint32_t limited_ms = kPatienceMs;
};

class Connection {
 public:
  // Errors: UNAVAILABLE (no answer in time, or a certificate that is not trusted), INVALID_FIELD
  // and NOT_FOUND (a TLS file).
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  SubmitAnswer submit(const Submission& submission);
  SubmitAnswer submit_notice(const std::string& note);
  // Keeps up to `in_flight` submissions unanswered. The node verifies in parallel: with more than
  // one in flight, batches may enter the log in another order than they were sent.
  // Errors: UNAVAILABLE (the connection broke; unanswered submissions may or may not be in the
  // ledger).
  Result<Done> submit_many(const Submissions& submissions, size_t in_flight);

  Answer<BatchReceipt> receipt(const Hash& batch, const AtLeast& at_least = {});
  Answer<EventView> event(Place place, bool with_path);
  Answer<TracePage> trace(const CodeQuestion& question, bool with_events);
  Answer<ChainPage> events(const CodeQuestion& question, bool with_events);
  Answer<ThingState> state(const CodeQuestion& question);
  Answer<Contents> contents(const CodeQuestion& question);
  Answer<std::vector<Holding>> custody(const CodeQuestion& question);
  Answer<Forward> forward(const CodeQuestion& question);
  Answer<Recall> recall(const CodeQuestion& question);
  Answer<std::vector<BalanceLine>> balance(const CodeQuestion& question);
  Answer<Page<PartyState>> parties(const RegistryQuestion& question);
  Answer<Page<ProductData>> products(const RegistryQuestion& question);
  Answer<Page<SiteData>> sites(const RegistryQuestion& question);
  Answer<Status> status();
  Answer<Challenge> challenge();
  Answer<OpenedSession> session(const std::string& note);
  // Asks all further questions as the token's party (client/session.h opens sessions).
  Result<Done> ask_as(const std::string& token);
  Answer<AccessPage> access_log(uint64_t after, uint32_t limit);
  Answer<CheckpointProof> checkpoint(uint64_t old_size);
  Answer<BundleText> bundle(const CodeQuestion& question);
  Answer<VerdictView> verdict(const CodeQuestion& question);
  Answer<VerdictView> scan(const ScanRequest& scan);

  // As submit_many, for trace questions. Used to load a node.
  Result<Done> trace_many(const std::function<std::optional<OutgoingQuestion>()>& next,
                          const std::function<void(size_t, Answer<TracePage>)>& done,
                          size_t in_flight);

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace suyuan
