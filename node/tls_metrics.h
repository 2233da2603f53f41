// Handshakes and certificates of the listeners as Prometheus metrics. Names: docs/metrics.md.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "node/http/server.h"
#include "node/rpc/rpc_listener.h"

namespace suyuan {

// None for a listener without TLS.
std::vector<prometheus::MetricFamily> tls_families(const http::Server& server);
std::vector<prometheus::MetricFamily> rpc_tls_families(const RpcTlsCounts& counts);

}  // namespace suyuan
