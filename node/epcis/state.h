// What a node's EPCIS interface stores for its clients: capture jobs, named queries, subscriptions.
// Rows of JSON in a store next to the ledger; each belongs only to its owner.
//
//   "J" u64 number                      a capture job of a party, by number
//   "N" u64 number                      one of a signed batch: it is of nobody
//   "Q" party 0x00 name                 a named query; no party knows the names of another
//   "S" party 0x00 name 0x00 id         a subscription of it
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/store/rocks/side_store.h"

namespace suyuan::epcis {

struct JobError {
  std::string type;    // "ValidationException"
  int status = 400;
  std::string title;
  std::string detail;
  std::string pointer = {};  // JSON pointer in the document that was captured
  friend bool operator==(const JobError&, const JobError&) = default;
};

struct Job {
  std::string id;      // unguessable: its number and a secret part
  std::string party;   // its owner; empty: whoever knows the id
  int64_t created_ms = 0;
  std::optional<int64_t> finished_ms = {};
  bool success = true;
  bool proceed = false;             // of GS1-Capture-Error-Behaviour; else rollback
  uint64_t events = 0;              // in the document
  std::vector<Hash> batches = {};   // sent or to be sent: found again after a restart
  uint64_t unsent = 0;              // events in none of them, and not refused
  uint64_t size = 0;                // a log size that contains everything captured
  std::vector<JobError> errors = {};
  friend bool operator==(const Job&, const Job&) = default;
};

struct NamedQuery {
  std::string name;
  std::string party;
  std::string query;       // the JSON object
  int64_t created_ms = 0;
  friend bool operator==(const NamedQuery&, const NamedQuery&) = default;
};

struct Subscription {
  std::string id;
  std::string query;          // its name
  std::string party;
  std::string dest;
  std::string signature_token = {};
  std::string epc_format = {};
  bool stream = false;
  std::string schedule = {};  // the JSON object; empty: a stream
  bool report_if_empty = false;
  int64_t created_ms = 0;
  int64_t initial_record_ms = 0;
  uint64_t next_leaf = 0;     // events from this leaf on were not reported yet
  std::optional<int64_t> notified_ms = {};
  std::optional<int64_t> tried_ms = {};   // when it was last tried
  std::string failure = {};   // why the last report did not arrive
  uint32_t failures = 0;      // in a row
  friend bool operator==(const Subscription&, const Subscription&) = default;
};

inline constexpr size_t kJobsMax = 100'000;          // of all parties; the oldest go
inline constexpr size_t kSignedJobsMax = 10'000;     // begun by anyone: kept apart from the others
inline constexpr size_t kQueriesMax = 100;           // of a party
inline constexpr size_t kSubscriptionsMax = 100;     // of a party
inline constexpr size_t kErrorsPerJobMax = 100;
inline constexpr size_t kErrorBytesPerJobMax = 32 << 10;  // and of their texts together
inline constexpr size_t kJobsPageBytesMax = 1 << 20;

// Thread-safe.
class State {
 public:
  static Result<std::unique_ptr<State>> open(const std::string& folder);

  // Assigns its id.
  Result<Job> add_job(Job job);
  // Writes nothing for a job that is too old to be kept.
  Result<Done> put_job(const Job& job);
  // Errors: NOT_FOUND (no such job, or another party's).
  Result<Job> job(const std::string& id, const std::string& party) const;
  // The party's jobs, newest first, before the id `before`. `next`: more may follow before that
  // one. A page ends after a bounded number of jobs, bytes of their rows, and rows of others.
  struct Jobs {
    std::vector<Job> jobs;
    std::string next;
  };
  Result<Jobs> jobs(const std::string& party, const std::string& before, size_t limit) const;
  // Jobs without an end: after a restart somebody must find out what happened to them.
  Result<std::vector<Job>> unfinished_jobs() const;

  // Errors: DUPLICATE_ID (the party has a query of this name), TOO_MANY.
  Result<Done> add_query(const NamedQuery& query);
  Result<NamedQuery> query(const std::string& name, const std::string& party) const;
  Result<std::vector<NamedQuery>> queries(const std::string& party, const std::string& after,
                                          size_t limit) const;
  // Together with its subscriptions.
  Result<Done> remove_query(const std::string& name, const std::string& party);

  // Errors: NOT_FOUND (its party has no such query), TOO_MANY.
  Result<Done> add_subscription(const Subscription& subscription);
  // Errors: NOT_FOUND (it was removed in the meantime, and stays removed).
  Result<Done> put_subscription(const Subscription& subscription);
  Result<Subscription> subscription(const NamedQuery& of, const std::string& id) const;
  Result<std::vector<Subscription>> subscriptions(const NamedQuery& of) const;
  Result<std::vector<Subscription>> all_subscriptions() const;
  Result<Done> remove_subscription(const NamedQuery& of, const std::string& id);

  // Like SideStore::link_to.
  Result<Done> link_to(const std::string& folder) const { return store_->link_to(folder); }
  SideMemory memory() const { return store_->memory(); }

 private:
  explicit State(std::unique_ptr<SideStore> store) : store_(std::move(store)) {}
  const std::unique_ptr<SideStore> store_;
  std::mutex mutex_;  // makes a read and the write after it one step
  uint64_t next_job_ = 1;
  uint64_t next_signed_ = 1;
};

}  // namespace suyuan::epcis
