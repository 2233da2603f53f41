#include "node/tls_metrics.h"

#include "node/ops/family.h"

namespace suyuan {

std::vector<prometheus::MetricFamily> tls_families(const http::Server& server) {
  if (server.certificate_end_s() == 0) return {};
  const auto& counts = server.tls_counts();
  auto handshakes = counter_family("suyuan_tls_handshakes_total", "TLS handshakes by outcome");
  add_count(handshakes, counts.shaken, "outcome", "done");
  add_count(handshakes, counts.failed, "outcome", "failed");
  add_count(handshakes, counts.crowded, "outcome", "crowded");
  auto reloads = counter_family("suyuan_tls_reloads_total", "New certificates by outcome");
  add_count(reloads, counts.reloaded, "outcome", "taken");
  add_count(reloads, counts.not_reloaded, "outcome", "refused");
  return {handshakes, reloads,
          gauge_family("suyuan_tls_certificate_end_seconds",
                       "When the certificate ends, in seconds since 1970",
                       static_cast<double>(server.certificate_end_s()))};
}

std::vector<prometheus::MetricFamily> rpc_tls_families(const RpcTlsCounts& counts) {
  auto handshakes =
      counter_family("suyuan_rpc_tls_handshakes_total", "TLS handshakes of RPC by outcome");
  add_count(handshakes, counts.shaken, "outcome", "done");
  add_count(handshakes, counts.failed, "outcome", "failed");
  add_count(handshakes, counts.crowded, "outcome", "crowded");
  return {handshakes};
}

}  // namespace suyuan
