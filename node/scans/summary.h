// The scans of one code as the sums that a verdict needs.
#pragma once

#include <vector>

#include "node/scans/scan_store.h"

namespace suyuan {

inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// `rows` by time, the one at hand among them if there is one. `own`: the names of the asking
// device.
ScanSummary summarise(const std::vector<ScanRow>& rows, const std::vector<DeviceName>& own,
                      int64_t now_ms, const ScanPolicy& policy);

}  // namespace suyuan
