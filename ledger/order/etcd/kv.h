// Kv: what the ordered log needs of etcd, in words of our own. grpc_kv.cc speaks to a real one; a
// test may stand between.
#pragma once

#include <chrono>
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

// Keys from `key` up to but without `end`; an empty end: the one key.
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

// nullopt: the key is not there. Else it holds this value.
struct KvCompare {
  std::string key;
  std::optional<Bytes> value;
};

// Done whole at one revision: `then` where all of `when` holds, else `otherwise`.
struct KvTxn {
  std::vector<KvCompare> when = {};
  std::vector<KvStep> then;
  std::vector<KvStep> otherwise = {};
};
struct KvAnswer {
  bool held = false;
  int64_t revision = 0;
  std::vector<std::vector<KvPair>> ranges;  // of each KvRange among the steps taken, ascending
};

// Values that are put, in the order of their revisions, from one revision on. One thread reads.
class KvWatch {
 public:
  virtual ~KvWatch() = default;
  // Waits for more. UNAVAILABLE: it ended; read, and watch again from what was read.
  virtual Result<std::vector<KvPair>> next() = 0;
  // From any thread: next() returns, now and from now on.
  virtual void cancel() = 0;
};

// Any thread. UNAVAILABLE: there was no answer, so whether it was done is not known. BUSY: it was
// not done, for want of room. TOO_LARGE: nor will it ever be.
class Kv {
 public:
  virtual ~Kv() = default;
  virtual Result<KvAnswer> txn(const KvTxn& txn) = 0;
  virtual Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from_revision) = 0;
  // Forgets what was overwritten or deleted before the revision. Done before: done.
  virtual Result<Done> compact(int64_t revision) = 0;
  virtual Result<int64_t> grant_lease(std::chrono::seconds life) = 0;
  // NOT_FOUND: it has ended.
  virtual Result<Done> keep_lease(int64_t lease) = 0;
  virtual Result<Done> revoke_lease(int64_t lease) = 0;
};

struct EtcdOptions {
  std::vector<std::string> endpoints;  // "host:port"; where one does not answer, the next is asked
  // PEM files; all empty: plain text. `ca` alone: the server's certificate is checked, we have
  // none.
  std::string ca = {};
  std::string cert = {};
  std::string key = {};
  std::string user = {};  // empty: etcd asks for nobody's name
  std::string password = {};
  std::chrono::milliseconds patience{2500};  // with one endpoint, for one answer
};
// Connects when it is first used. INVALID_FIELD: no endpoint, or one that is none; a password that
// would leave the machine in clear; IO: a file.
Result<std::unique_ptr<Kv>> open_etcd(const EtcdOptions& options);

}  // namespace suyuan
