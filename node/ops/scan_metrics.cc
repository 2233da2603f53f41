#include "node/ops/scan_metrics.h"

#include "node/ops/family.h"

namespace suyuan {

std::vector<prometheus::MetricFamily> scan_families(const ScanDesk& desk) {
  const auto& counts = desk.counts();
  auto verdicts = counter_family("suyuan_scan_verdicts_total", "Scans by verdict");
  for (size_t i = 0; i < counts.verdicts.size(); ++i) {
    add_count(verdicts, counts.verdicts.at(i), "verdict",
              std::string(word(static_cast<ScanVerdict>(i))));
  }
  auto noted =
      counter_family("suyuan_scans_noted_total", "Scans that count, by whether they were recorded");
  add_count(noted, counts.recorded, "outcome", "noted");
  add_count(noted, counts.not_recorded, "outcome", "lost");
  auto limited = counter_family("suyuan_scans_limited_total", "Scans answered RATE_LIMITED");
  add_count(limited, counts.limited);
  auto swept = counter_family("suyuan_scans_swept_total", "Scans removed after their time");
  add_count(swept, counts.swept);
  return {verdicts, noted, limited, swept,
          gauge_family("suyuan_scan_store_down", "1 where the scan store could not be opened",
                       desk.fault().empty() ? 0 : 1)};
}

}  // namespace suyuan
