// The store's readings as Prometheus metrics. Names: docs/metrics.md.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace suyuan {

// Under RocksDB's names (ledger/store/rocks/metrics.cc).
using StoreReadings = std::vector<std::pair<std::string, uint64_t>>;

// Those that an operator watches; others are left out.
// Of the files that hold attachments.
uint64_t attachment_bytes(const StoreReadings& readings);
std::vector<prometheus::MetricFamily> store_families(const StoreReadings& readings);

}  // namespace suyuan
