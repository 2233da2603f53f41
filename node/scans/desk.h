// The desk that takes scans: it combines the ledger's and the scans' sides of a verdict
// (docs/scans.md). Thread-safe. Scans that cannot be read or written never hide a verdict.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "node/scans/rates.h"
#include "node/scans/salts.h"
#include "node/scans/scan_store.h"

namespace suyuan {

class ScanDesk {
 public:
  // `folder`: for the scans, created if missing. Without the scan store verdicts have no history,
  // and `fault()` says why.
  ScanDesk(const std::string& folder, ScanPolicy policy, int64_t now_ms);

  const std::string& fault() const { return fault_; }
  // The request in canonical form. Errors: CODE_*, INVALID_FIELD.
  static Result<ScanRequest> check(ScanRequest request);
  // 0: it may be asked. Otherwise the time in ms after which to try again. REQUIRES: checked.
  uint32_t admit(const ScanRequest& request, int64_t now_ms);
  // Records the scan, if it counts. REQUIRES: checked, admitted.
  Result<VerdictView> scan(const Reader& reader, const ScanRequest& request, int64_t now_ms);
  // Records nothing. `code` is canonical.
  Result<VerdictView> verdict(const Reader& reader, const std::string& code, int64_t now_ms);
  // Removes scans that were kept long enough, and the salt that no scan is under any more; returns
  // how many scans. Called every hour.
  uint64_t sweep(int64_t now_ms);
  // The recorded scans, without their devices' salts, as hard links in a new folder: for a backup.
  // Does nothing without a scan store.
  Result<Done> link_to(const std::string& folder) const {
    return store_ ? store_->link_to(folder) : Result<Done>(Done{});
  }
  SideMemory memory() const { return store_ ? store_->memory() : SideMemory{}; }

  struct Counts {
    std::atomic<uint64_t> recorded = 0;
    std::atomic<uint64_t> not_recorded = 0;  // would have counted, but the store failed
    std::atomic<uint64_t> limited = 0;
    std::atomic<uint64_t> swept = 0;
    std::array<std::atomic<uint64_t>, 9> verdicts = {};  // of scans
  };
  const Counts& counts() const { return counts_; }

 private:
  Result<VerdictView> judge(const Reader& reader, const ScanRequest& request, int64_t now_ms,
                            bool is_scan);
  void judge_with_history(const Journey& journey, const ScanRequest& request, InnerCode inner,
                          bool is_scan, VerdictView& view);
  void hide_unknown_city(const Hash& key, int64_t now_ms, ScanPlace& place);

  const ScanPolicy policy_;
  std::unique_ptr<ScanStore> store_;  // null: fault_ says why
  std::unique_ptr<Salts> salts_;
  std::string fault_;
  Rates rates_;
  Counts counts_;
  // Each guards the scans of a part of all codes, from reading them to recording one more:
  // otherwise two phones at once would both be first.
  std::array<std::mutex, 64> stripes_;
};

}  // namespace suyuan
