// Service: all questions to the node, whoever asks and over whichever wire. RPC and HTTP only
// translate.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "ledger/apply/apply.h"
#include "ledger/provenance/recall_memory.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/store.h"
#include "node/access/access.h"
#include "node/access/attachment_quota.h"
#include "node/access/clients.h"
#include "node/access/quotas.h"
#include "node/clock.h"
#include "node/ops/metrics.h"
#include "node/pipeline/pipeline.h"
#include "node/pipeline/published.h"
#include "node/pipeline/sealer.h"
#include "node/pipeline/size_waiters.h"
#include "node/scans/desk.h"
#include "node/workers.h"
#include "proto/answers.h"

namespace suyuan {

// How long a client should wait after BUSY.
inline constexpr uint32_t kRetryAfterMs = 250;

class Service {
 public:
  struct Parts {
    boost::asio::io_context& io;
    Store& store;
    Workers& workers;
    Pipeline& pipeline;
    SizeWaiters& size_waiters;
    PublishedState& published;
    SizeWaiters& published_waiters;
    Sealer& sealer;
    bool seals_by_itself;  // there is an interval
    Metrics& metrics;
    Clock clock;
    std::string node_name;
    const ReceiptSigner& signer;
    std::function<std::vector<NamedKey>()> nodes;  // of the ledger at present
    std::function<std::string()> log_not_ready;  // LogSide::not_ready
    ScanDesk& scans;
    Access& access;
    const Clients& clients;
    Quotas& quotas;
    AttachmentQuota& attachments;
    RecallMemory& recalls;
    std::string policy;  // the trust policy that readers are shown
  };
  explicit Service(Parts parts) : parts_(std::move(parts)) {}
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  const Parts& parts() const { return parts_; }
  // Suggested retry delay for this error, in ms; 0 if retrying does not help.
  static uint32_t wait_ms_of(const Error& error);
  // Thread-safe.
  void submit(Submission submission, SubmitDone done);
  void submit(std::vector<Submitted> many);  // each by itself
  void submit_notice(std::string note, SubmitDone done, Uncount uncount = {});
  // The receipt of an earlier batch, and what is known about it by now. Errors: NOT_FOUND.
  Result<BatchReceipt> receipt(const Reader& reader, const Hash& batch, const Viewer& viewer) const;
  // Records a scan and judges it, or only judges. `done` runs on a worker, or at once.
  void scan(const std::string& client, ScanRequest request,
            std::function<void(const Answer<VerdictView>&)> done);
  void verdict(const std::string& client, const CodeQuestion& question,
               std::function<void(const Answer<VerdictView>&)> done);
  // From now on submissions and questions are answered STOPPING; what was accepted earlier is still
  // answered.
  void stop() { stopping_ = true; }

  // Counts a question for its asker's party or client (Access::admit). Returns false if it was
  // answered, as STOPPING or RATE_LIMITED. What follows asks this first.
  template <class T>
  bool admits(const Asker& asker, const std::function<void(Answer<T>)>& done) {
    if (stopping_) {
      done({.head = {}, .value = Unexpected(stopping())});
      return false;
    }
    const auto admitted = parts_.access.admit(asker);
    if (admitted) return true;
    done({.head = {.retry_after_ms = admitted.error().wait_ms},
          .value = Unexpected(admitted.error())});
    return false;
  }

  // Reads one state and asks it. `question` and `done` run on a worker (on the network thread if
  // the wait itself fails). REQUIRES: called on the network thread.
  template <class T>
  void ask(const std::string& client, AtLeast at_least,
           std::function<Result<T>(const Reader&, const LedgerHead&)> question,
           std::function<void(Answer<T>)> done) {
    if (admits<T>(Asker{.client = client}, done))
      ask_admitted<T>(at_least, std::move(question), std::move(done));
  }

  // Like ask, for a requester: `question` is told who it answers.
  template <class T>
  void ask_as(Asker asker, AtLeast at_least,
              std::function<Result<T>(const Reader&, const Viewer&)> question,
              std::function<void(Answer<T>)> done) {
    if (!admits<T>(asker, done)) return;
    ask_admitted<T>(
        at_least,
        [this, asker = std::move(asker), question = std::move(question)](
            const Reader& reader, const LedgerHead&) {
          return parts_.access.answer<T>(
              reader, asker, [&](const Viewer& viewer) { return question(reader, viewer); });
        },
        std::move(done));
  }

  // Like ask, for the published state: the newest checkpoint that covers at_least.size leaves, with
  // its rows and map. Everything that proves asks this way.
  template <class T>
  void ask_published(const std::string& client, AtLeast at_least,
                     std::function<Result<T>(const Published&)> question,
                     std::function<void(Answer<T>)> done) {
    if (admits<T>(Asker{.client = client}, done))
      ask_published_admitted<T>(at_least, std::move(question), std::move(done));
  }

  template <class T>
  void ask_published_as(Asker asker, AtLeast at_least,
                        std::function<Result<T>(const Published&, const Viewer&)> question,
                        std::function<void(Answer<T>)> done) {
    if (!admits<T>(asker, done)) return;
    ask_published_admitted<T>(
        at_least,
        [this, asker = std::move(asker),
         question = std::move(question)](const Published& published) {
          // The requester is looked up in the newest state: a revoked key ends access before the
          // next checkpoint.
          const auto newest = parts_.store.snapshot();
          return parts_.access.answer<T>(
              *newest, asker, [&](const Viewer& viewer) { return question(published, viewer); });
        },
        std::move(done));
  }

  // Sets the gauges that are valid only at the moment of asking. Thread-safe.
  void update_gauges() const;
  // Why the node should get no traffic; empty: it is ready. Thread-safe.
  std::string not_ready_reason() const;

  // Attachments are next to the log, under their SHA-256.
  struct Attachment {
    std::string media_type;
    Bytes bytes;
  };
  static Result<Attachment> find_attachment(const Reader& reader, const Hash& name);
  Result<Done> keep_attachment(const Hash& name, const Attachment& attachment,
                               const std::string& party);

 private:
  template <class T>
  void ask_admitted(AtLeast at_least,
                    std::function<Result<T>(const Reader&, const LedgerHead&)> question,
                    std::function<void(Answer<T>)> done) {
    parts_.metrics.questions.Increment();
    const auto wait = std::chrono::milliseconds(
        std::min<uint64_t>(at_least.wait_ms, static_cast<uint64_t>(limits::kWaitMsMax)));
    parts_.size_waiters.when(at_least.size, wait, [this, at_least, question, done](bool reached) {
      if (!reached) {
        return done({.head = {.size = parts_.size_waiters.size()},
                     .value = not_reached(at_least, parts_.size_waiters.size())});
      }
      const bool taken =
          parts_.workers.post([this, question, done] { read_and_answer<T>(question, done); });
      if (!taken) done({.head = {.retry_after_ms = kRetryAfterMs}, .value = Unexpected(busy())});
    });
  }

  template <class T>
  void ask_published_admitted(AtLeast at_least,
                              std::function<Result<T>(const Published&)> question,
                              std::function<void(Answer<T>)> done) {
    parts_.metrics.questions.Increment();
    const AtLeast asked = await_published(at_least);
    const auto wait = std::chrono::milliseconds(asked.wait_ms);
    parts_.published_waiters.when(asked.size, wait, [this, asked, question, done](bool reached) {
      if (!reached) {
        return done({.head = {.size = parts_.published_waiters.size()},
                     .value = not_published(asked, parts_.published_waiters.size())});
      }
      const bool taken = parts_.workers.post([this, question, done] {
        const auto published = parts_.published.get();
        auto value = question(*published);
        const uint32_t wait_ms = value ? 0 : wait_ms_of(value.error());
        done({.head = {.size = published->size(),
                       .time_ms = published->time_ms(),
                       .retry_after_ms = wait_ms},
              .value = std::move(value)});
      });
      if (!taken) done({.head = {.retry_after_ms = kRetryAfterMs}, .value = Unexpected(busy())});
    });
  }

  template <class T>
  void read_and_answer(const std::function<Result<T>(const Reader&, const LedgerHead&)>& question,
                       const std::function<void(Answer<T>)>& done) {
    const auto snapshot = parts_.store.snapshot();
    auto head = read_head(*snapshot);
    if (!head) return done({.head = {}, .value = Unexpected(std::move(head).error())});
    auto value = question(*snapshot, *head);
    const uint32_t wait_ms = value ? 0 : wait_ms_of(value.error());
    done({.head = {.size = head->leaves, .time_ms = head->time_ms, .retry_after_ms = wait_ms},
          .value = std::move(value)});
  }
  static Unexpected<Error> not_reached(AtLeast at_least, uint64_t size);
  static Unexpected<Error> not_published(AtLeast asked, uint64_t size);
  // What to wait for, within bounds; orders a seal if none would come by itself.
  AtLeast await_published(AtLeast at_least) const;
  // What is known about a batch that this node has committed.
  Held held(uint64_t leaf) const;
  static Error busy();
  static Error stopping();

  const Parts parts_;
  std::atomic<bool> stopping_{false};
};

}  // namespace suyuan
