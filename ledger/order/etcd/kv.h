// Kv: what the ordered log needs from etcd, in our own terms. grpc_kv.cc talks to a real etcd; a
// test may replace it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// A line to etcd is taken to bring this much at least: a large request may take longer by it.
inline constexpr size_t kSlowLineBytesPerMs = 512;

struct KvPair {
  std::string key;
  Bytes value;
  friend bool operator==(const KvPair&, const KvPair&) = default;
};

// Keys from `key` up to, but without, `end`; an empty end: only this key.
struct KvRange {
  std::string key;
  std::string end = {};
  int64_t limit = 0;  // 0: all
};
struct KvPut {
  std::string key;
  Bytes value;
  int64_t lease = 0;  // the key ends with it; 0: with none
};
struct KvDelete {
  std::string key;
  std::string end = {};
};
using KvStep = std::variant<KvRange, KvPut, KvDelete>;

// nullopt: the key must not exist. Otherwise it must have this value.
struct KvCompare {
  std::string key;
  std::optional<Bytes> value;
};

// Done as a whole at one revision: `then` if all of `when` holds, else `otherwise`.
struct KvTxn {
  std::vector<KvCompare> when = {};
  std::vector<KvStep> then;
  std::vector<KvStep> otherwise = {};
};
struct KvAnswer {
  bool held = false;
  int64_t revision = 0;
  std::vector<std::vector<KvPair>> ranges;  // of each KvRange among the executed steps, ascending
};

// Values put from one revision on, in the order of their revisions. One thread reads.
class KvWatch {
 public:
  virtual ~KvWatch() = default;
  // Waits for more. Errors: UNAVAILABLE (it ended: read, and watch again from there).
  virtual Result<std::vector<KvPair>> next() = 0;
  // Thread-safe: makes next() return, now and from now on.
  virtual void cancel() = 0;
};

// What a member of etcd says about its own database. Each member has one.
struct KvStatus {
  uint64_t bytes = 0;         // on disk; what was deleted leaves its room there
  uint64_t bytes_in_use = 0;  // of them
  bool is_full = false;       // the alarm of a member at its quota, of any, until it is disarmed
  friend bool operator==(const KvStatus&, const KvStatus&) = default;
};

// Thread-safe. UNAVAILABLE: there was no answer, so it is unknown whether it was done. BUSY: it was
// not done, for lack of space. TOO_LARGE: it will never be done.
class Kv {
 public:
  virtual ~Kv() = default;
  virtual Result<KvAnswer> txn(const KvTxn& txn) = 0;
  virtual Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from_revision) = 0;
  // Forgets what was overwritten or deleted before the revision. If that was done before, succeeds.
  virtual Result<Done> compact(int64_t revision) = 0;
  virtual Result<int64_t> grant_lease(std::chrono::seconds life) = 0;
  // Errors: NOT_FOUND (it has expired).
  virtual Result<Done> keep_lease(int64_t lease) = 0;
  virtual Result<Done> revoke_lease(int64_t lease) = 0;
  // Of the member that is asked now.
  virtual Result<KvStatus> status() = 0;
};

struct EtcdOptions {
  std::vector<std::string> endpoints;  // "host:port"; if one does not answer, the next is asked
  // PEM files; all empty: plain text. Only `ca`: the server's certificate is checked, we have none.
  std::string ca = {};
  std::string cert = {};
  std::string key = {};
  std::string user = {};  // empty: etcd requires no login
  std::string password = {};  // the caller wipes it once the connection is open
  std::chrono::milliseconds patience{2500};  // with one endpoint, for one answer
};
// Connects on first use. Errors: INVALID_FIELD (no endpoint or an invalid one; a password would
// leave the machine in clear text; a file is too large), NOT_FOUND, IO (a file). Its own copy of
// the password is wiped at the end.
Result<std::unique_ptr<Kv>> open_etcd(const EtcdOptions& options);

}  // namespace suyuan
