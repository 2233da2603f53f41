// An audit's reads: whichever source, from several threads.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/merkle/nodes.h"
#include "ledger/proof/audit_tree.h"
#include "ledger/proof/log_source.h"

namespace suyuan {

// Makes a way to the same log for one more thread.
using OpenLog = std::function<Result<std::unique_ptr<LogSource>>()>;

// Any thread: each read takes one of the sources that lie idle, or makes one.
class AuditReader final : public StoredHashes {
 public:
  explicit AuditReader(OpenLog open) : open_(std::move(open)) {}

  Result<Bytes> file(const std::string& path) const;
  // The tile in exactly this width. A partial tile may be gone where the full one is there: then it
  // is cut from that (c2sp.org/tlog-tiles).
  Result<Bytes> tile(const Tile& tile) const;
  // The same, read once for the several ranges that lie in it.
  Result<std::shared_ptr<const Bytes>> kept_tile(const Tile& tile) const;
  // The tree that range() below speaks of.
  void set_size(uint64_t size) { size_ = size; }
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override;

  uint64_t bytes() const;  // read so far

 private:
  OpenLog open_;
  uint64_t size_ = 0;
  using Kept = std::pair<std::string, std::shared_ptr<const Bytes>>;  // shared with its readers

  mutable std::mutex mutex_;  // guards what follows, for as long as a pointer is moved
  mutable std::vector<std::unique_ptr<LogSource>> idle_;
  mutable std::deque<Kept> kept_;  // by path, the newest last
  mutable uint64_t bytes_ = 0;
};

// Whether an error of a source is a finding about the log, and not about the way to it.
bool is_finding(const Error& error);

}  // namespace suyuan
