// Reads of an audit, from any kind of source, by several threads.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/merkle/nodes.h"
#include "ledger/proof/audit_tree.h"
#include "ledger/proof/log_source.h"

namespace suyuan {

// Opens the same log for one more thread.
using OpenLog = std::function<Result<std::unique_ptr<LogSource>>()>;

// Thread-safe. Each read uses an idle source, or opens one more.
class AuditReader final : public StoredHashes {
 public:
  explicit AuditReader(OpenLog open) : open_(std::move(open)) {}

  Result<Bytes> file(const std::string& path) const;
  // Returns the tile in exactly this width. If a partial tile is gone, it is cut from the full one
  // (c2sp.org/tlog-tiles).
  Result<Bytes> tile(const Tile& tile) const;
  // As tile(), read once for all ranges that lie in it.
  Result<std::shared_ptr<const Bytes>> kept_tile(const Tile& tile) const;
  // Sets the tree size that range() refers to.
  void set_size(uint64_t size) { size_ = size; }
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override;

  uint64_t bytes() const;  // bytes read so far

 private:
  OpenLog open_;
  uint64_t size_ = 0;
  using Kept = std::pair<std::string, std::shared_ptr<const Bytes>>;  // shared with its readers

  mutable std::mutex mutex_;  // guards the members below; held only while a pointer is moved
  mutable std::vector<std::unique_ptr<LogSource>> idle_;
  mutable std::deque<Kept> kept_;  // by path, newest last
  mutable uint64_t bytes_ = 0;
};

// Returns true if an error of a source is a finding about the log, false if it concerns the
// connection or the disk.
bool is_finding(const Error& error);

}  // namespace suyuan
