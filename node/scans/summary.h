// Sums up the scans of one code for a verdict.
#pragma once

#include <vector>

#include "node/scans/scan_store.h"

namespace suyuan {

inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// `rows`: by time, including the current scan if there is one. `own`: the names of the asking
// device.
ScanSummary summarise(const std::vector<ScanRow>& rows, const std::vector<DeviceName>& own,
                      int64_t now_ms, const ScanPolicy& policy);

}  // namespace suyuan
