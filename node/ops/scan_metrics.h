// The scan counters as Prometheus metrics. Names: docs/metrics.md.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "node/scans/desk.h"

namespace suyuan {

std::vector<prometheus::MetricFamily> scan_families(const ScanDesk& desk);

}  // namespace suyuan
