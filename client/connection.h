// A client of one node: Cap'n Proto two-party RPC on a loop of its own, as calls that wait for
// their answer.
//
// A call never throws. Where the node cannot be reached, or the connection breaks, its answer is
// the error UNAVAILABLE; the connection is then of no more use, and whether to open another is the
// caller's to say. One at a time in each thread (KJ has one loop for a thread); not for several
// threads.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "ledger/batch/batch.h"
#include "proto/answers.h"

namespace suyuan {

// One submission on its way. The caller numbers them.
struct Outgoing {
  size_t number = 0;
  Submission submission;
  std::chrono::microseconds after{0};  // sent so much later, in a call of its own
};

// A trace question on its way.
struct OutgoingQuestion {
  CodeQuestion ask;
  std::chrono::microseconds after{0};  // asked so much later
};

// Where many submissions come from, and where their outcomes go. Both run between calls, not inside
// the loop: they may take their time, and may use the connection.
struct Submissions {
  // The next one; nullopt: none now. It is asked again after each outcome, so one outcome may lead
  // to another submission.
  std::function<std::optional<Outgoing>()> next;
  // The outcome. A number of milliseconds sends the same submission again after that time (BUSY);
  // nullopt: it is settled.
  std::function<std::optional<uint32_t>(const Outgoing&, SubmitAnswer)> done;
};

struct ConnectionOptions {
  std::string node = "127.0.0.1:7400";  // "tls://host:port": with TLS
  // Of TLS: PEM files. Empty: the system's authorities; no certificate of our own. The name that
  // the node's certificate must have; empty: the address's host, which must then be a name.
  std::string ca = {};
  std::string cert = {};
  std::string key = {};
  std::string tls_name = {};
  uint32_t connect_ms = 5'000;
  uint32_t answer_ms = 120'000;  // for one call; a recall of a large lot takes its time
};

class Connection {
 public:
  // UNAVAILABLE: nobody there, or not in time, or a certificate that is not taken. INVALID_FIELD,
  // NOT_FOUND: a file of TLS.
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  SubmitAnswer submit(const Submission& submission);
  SubmitAnswer submit_notice(const std::string& note);
  // Keeps up to `in_flight` submissions unanswered. The node verifies in parallel: with more than
  // one in flight, batches may enter the log in another order than they were sent.
  // UNAVAILABLE: the connection broke; what was unanswered may be in the ledger or not.
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
  // All questions from here on are asked as the token's party (client/session.h opens sessions).
  Result<Done> ask_as(const std::string& token);
  Answer<AccessPage> access_log(uint64_t after, uint32_t limit);
  Answer<CheckpointProof> checkpoint(uint64_t old_size);
  Answer<BundleText> bundle(const CodeQuestion& question);
  Answer<VerdictView> verdict(const CodeQuestion& question);
  Answer<VerdictView> scan(const ScanRequest& scan);

  // As submit_many, for trace questions: to load a node.
  Result<Done> trace_many(const std::function<std::optional<OutgoingQuestion>()>& next,
                          const std::function<void(size_t, Answer<TracePage>)>& done,
                          size_t in_flight);

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace suyuan
