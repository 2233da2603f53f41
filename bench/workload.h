// The core's workload: the same commissioning events that `suyuan bench` posts to a node.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/posting.h"
#include "ledger/store/memory_store.h"
#include "ledger/store/rocks/rocks_store.h"

namespace suyuan::bench {

inline constexpr std::string_view kMaker = "maker";
inline constexpr int64_t kStartMs = 1'790'000'000'000;

// A folder below the system's temporary one (TMPDIR), removed at the end.
class BenchFolder {
 public:
  BenchFolder();
  ~BenchFolder();
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::unique_ptr<RocksStore> fresh_rocks(const BenchFolder& folder);

// A ledger with one maker of one product, who commissions new units without end.
class Workload {
 public:
  explicit Workload(Store& store);

  TraceEvent event();
  std::vector<TraceEvent> events(size_t count);
  // Returns `batches` batches of `batch` events, signed and verified.
  std::vector<VerifiedBatch> group(size_t batches, size_t batch);
  Posting& posting() { return posting_; }
  const Posting& posting() const { return posting_; }

 private:
  Posting posting_;
  uint64_t units_ = 0;
};

}  // namespace suyuan::bench
