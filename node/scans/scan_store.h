// The recorded scans, in their own RocksDB next to the ledger's. If it is lost or deleted, the
// ledger is whole. Writes are not synced one by one: a power cut costs at most the last scans.
//
//   "c" ‖ code_key ‖ i64 time ‖ u32 n     ScanRow
//   "t" ‖ i64 time ‖ u32 n ‖ code_key     empty; what is swept first
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/store/rocks/side_store.h"
#include "node/scans/places.h"
#include "node/scans/salts.h"

namespace suyuan {

struct ScanRow {
  int64_t time_ms = 0;
  std::optional<DeviceName> device = {};
  ScanPlace place = {};
  bool inner_right = false;
  friend bool operator==(const ScanRow&, const ScanRow&) = default;
};
Bytes encode(const ScanRow& row);
Result<ScanRow> decode_scan_row(int64_t time_ms, BytesView bytes);

class ScanStore {
 public:
  // Created if missing. Errors: IO, CORRUPT.
  static Result<std::unique_ptr<ScanStore>> open(const std::string& path);
  virtual ~ScanStore() = default;

  // The rows of a code from that time on, by time; the first limits::kScanRowsMax. Errors: IO,
  // CORRUPT.
  virtual Result<std::vector<ScanRow>> rows_of(const Hash& code_key, int64_t from_ms) const = 0;
  virtual Result<Done> add(const Hash& code_key, const ScanRow& row) = 0;
  // Removes rows older than `before_ms`, at most `most`; returns how many.
  virtual Result<uint64_t> sweep(int64_t before_ms, size_t most) = 0;
  // Like RocksStore::link_to.
  virtual Result<Done> link_to(const std::string& folder) const = 0;
  virtual SideMemory memory() const = 0;
};

}  // namespace suyuan
