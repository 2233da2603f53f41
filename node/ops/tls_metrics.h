// Handshakes and certificates of the HTTP listener as Prometheus metrics. Names: docs/operating.md.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "node/http/server.h"

namespace suyuan {

// None of a listener without TLS.
std::vector<prometheus::MetricFamily> tls_families(const http::Server& server);

}  // namespace suyuan
