#include "node/scans/scan_store.h"

#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "ledger/store/schema.h"

namespace suyuan {
namespace {

constexpr uint8_t kRowVersion = 1;
constexpr uint8_t kHasDevice = 1;
constexpr uint8_t kHasNear = 2;
constexpr uint8_t kInnerRight = 4;
constexpr uint8_t kAllFlags = kHasDevice | kHasNear | kInnerRight;
constexpr uint16_t kHalfDegreeBias = 1000;

Bytes rows_prefix(const Hash& code_key) { return "c" + code_key.bytes(); }

Bytes row_key(const Hash& code_key, int64_t time_ms, uint32_t n) {
  Bytes key = rows_prefix(code_key);
  put_i64(key, time_ms);
  put_u32(key, n);
  return key;
}

Bytes time_prefix(int64_t time_ms) {
  Bytes key = "t";
  put_i64(key, time_ms);
  return key;
}

Bytes time_row_key(int64_t time_ms, uint32_t n, const Hash& code_key) {
  Bytes key = time_prefix(time_ms);
  put_u32(key, n);
  return key.append(code_key.view());
}

constexpr SideSizes kScanSizes = {.cache_bytes = size_t{8} << 20,
                                  .buffer_bytes = size_t{4} << 20};
// A scan is not worth a sync: a power cut may cost the last of them, no more.
constexpr bool kSynced = false;

class LooseScans final : public ScanStore {
 public:
  explicit LooseScans(std::unique_ptr<SideStore> rows) : rows_(std::move(rows)) {}

  Result<std::vector<ScanRow>> rows_of(const Hash& code_key, int64_t from_ms) const override {
    const Bytes prefix = rows_prefix(code_key);
    std::vector<ScanRow> rows;
    std::optional<Error> fault;
    const auto read = [&](BytesView key, BytesView value) {
      int64_t time_ms = 0;
      auto row = Decoder(key.substr(prefix.size())).get_i64(time_ms)
                     ? decode_scan_row(time_ms, value)
                     : Result<ScanRow>(fail(Code::CORRUPT, "a scan's key has a wrong length"));
      if (row) {
        rows.push_back(*std::move(row));
      } else {
        fault = row.error();
      }
      return !fault && rows.size() < limits::kScanRowsMax;
    };
    SUYUAN_TRY_DONE(rows_->scan(row_key(code_key, from_ms, 0), after_prefix(prefix),
                                Direction::ascending, read));
    if (fault) return Unexpected(*std::move(fault));
    return rows;
  }

  Result<Done> link_to(const std::string& folder) const override { return rows_->link_to(folder); }
  SideMemory memory() const override { return rows_->memory(); }

  Result<Done> add(const Hash& code_key, const ScanRow& row) override {
    const uint32_t n = next_++;
    return rows_->write({{row_key(code_key, row.time_ms, n), encode(row)},
                         {time_row_key(row.time_ms, n, code_key), Bytes()}},
                        kSynced);
  }

  Result<uint64_t> sweep(int64_t before_ms, size_t most) override {
    std::vector<SideRow> removed;
    bool readable = true;
    const auto note = [&](BytesView key, BytesView) {
      Decoder decoder(key.substr(1));
      int64_t time_ms = 0;
      uint32_t n = 0;
      Hash code_key;
      readable =
          decoder.get_i64(time_ms) && decoder.get_u32(n) && decoder.get_fixed(code_key);
      if (!readable) return false;
      removed.push_back({.key = row_key(code_key, time_ms, n), .value = std::nullopt});
      removed.push_back({.key = Bytes(key), .value = std::nullopt});
      return removed.size() < 2 * most;
    };
    SUYUAN_TRY_DONE(
        rows_->scan("t", time_prefix(before_ms), Direction::ascending, note));
    if (!readable) return fail(Code::CORRUPT, "a scan's time row has a wrong length");
    if (!removed.empty()) SUYUAN_TRY_DONE(rows_->write(removed, kSynced));
    return uint64_t{removed.size() / 2};
  }

 private:
  const std::unique_ptr<SideStore> rows_;
  // Tells scans of one millisecond apart; starts again with the node, which does no harm: a code is
  // not scanned twice in a millisecond on both sides of a restart.
  std::atomic<uint32_t> next_ = 0;
};

}  // namespace

Bytes encode(const ScanRow& row) {
  Bytes out;
  put_u8(out, kRowVersion);
  const int flags = (row.device ? kHasDevice : 0) | (row.place.near ? kHasNear : 0) |
                    (row.inner_right ? kInnerRight : 0);
  put_u8(out, static_cast<uint8_t>(flags));
  if (row.device) out += row.device->view();
  if (row.place.near) {
    put_u16(out, static_cast<uint16_t>(row.place.near->latitude + kHalfDegreeBias));
    put_u16(out, static_cast<uint16_t>(row.place.near->longitude + kHalfDegreeBias));
  }
  put_string(out, row.place.name);
  return out;
}

Result<ScanRow> decode_scan_row(int64_t time_ms, BytesView bytes) {
  const auto corrupt = [] { return fail(Code::CORRUPT, "a scan's row cannot be read"); };
  Decoder in(bytes);
  uint8_t version = 0;
  uint8_t flags = 0;
  if (!in.get_u8(version) || !in.get_u8(flags) || version != kRowVersion ||
      (flags & ~kAllFlags) != 0) {
    return corrupt();
  }
  ScanRow row{.time_ms = time_ms, .inner_right = (flags & kInnerRight) != 0};
  if ((flags & kHasDevice) != 0 && !in.get_fixed(row.device.emplace())) return corrupt();
  if ((flags & kHasNear) != 0) {
    uint16_t north = 0;
    uint16_t east = 0;
    if (!in.get_u16(north) || !in.get_u16(east)) return corrupt();
    row.place.near = {.latitude = north - kHalfDegreeBias, .longitude = east - kHalfDegreeBias};
  }
  if (!in.get_string(row.place.name) || !in.done()) return corrupt();
  return row;
}

Result<std::unique_ptr<ScanStore>> ScanStore::open(const std::string& path) {
  SUYUAN_TRY_DONE(make_folder(path));
  SUYUAN_TRY(rows, open_side_store(path, kScanSizes));
  return std::unique_ptr<ScanStore>(std::make_unique<LooseScans>(std::move(rows)));
}

}  // namespace suyuan
