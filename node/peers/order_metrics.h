// The shared log as Prometheus metrics. Names: docs/operating.md.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "ledger/order/etcd/etcd_order.h"
#include "node/peers/peers.h"

namespace suyuan {

// Lag, proposals, conflicts, and what the other nodes say. Thread-safe.
std::vector<prometheus::MetricFamily> order_families(const EtcdOrder& order, const Peers& peers);
// What etcd last said about its database; none before it has. Thread-safe.
std::vector<prometheus::MetricFamily> etcd_families(const EtcdOrder& order);

}  // namespace suyuan
