// The store's readings as Prometheus metrics. Names: docs/metrics.md.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ledger/store/rocks/side_store.h"

namespace suyuan {

// Under RocksDB's names (ledger/store/rocks/metrics.cc).
using StoreReadings = std::vector<std::pair<std::string, uint64_t>>;

// Of the files with attachments.
uint64_t attachment_bytes(const StoreReadings& readings);
// Those that an operator needs to watch; others are left out.
std::vector<prometheus::MetricFamily> store_families(const StoreReadings& readings);
// The sizes of the stores next to the ledger, by store and part.
prometheus::MetricFamily side_family(
    const std::vector<std::pair<std::string, SideMemory>>& stores);

}  // namespace suyuan
