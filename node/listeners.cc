#include "node/listeners.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

#include "node/tls_metrics.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;

asio::ip::tcp::endpoint endpoint_of(const Address& address) {
  return {asio::ip::make_address(address.host), address.port};
}

// Null: HTTP is plain.
Result<std::unique_ptr<http::TlsIdentity>> http_identity(const ServeOptions& options) {
  if (options.tls_cert.empty() && options.tls_key.empty())
    return std::unique_ptr<http::TlsIdentity>();
  return http::TlsIdentity::load({.cert = options.tls_cert, .key = options.tls_key});
}

http::ServerLimits http_limits(const ServeOptions& options) {
  http::ServerLimits limits;
  limits.connections_max = options.http_connections;
  return limits;
}

RpcLimits rpc_limits(const ServeOptions& options) {
  RpcLimits limits;
  limits.connections_max = options.rpc_connections;
  const size_t quarter = (options.rpc_memory_mib << 20) / 4;
  limits.streams = {.unfinished_bytes_max = quarter, .unsent_bytes_max = quarter};
  return limits;
}

}  // namespace

Result<std::unique_ptr<Listeners>> Listeners::listen(Dependencies dependencies,
                                                     http::Handler handler,
                                                     const ServeOptions& options) {
  auto& [io, port, service, metrics] = dependencies;
  std::unique_ptr<Listeners> made(new Listeners(io));
  SUYUAN_TRY(identity, http_identity(options));
  const bool http_has_tls = identity != nullptr;
  SUYUAN_TRY(http_server,
             http::Server::listen(io, endpoint_of(options.http), std::move(handler),
                                  http_limits(options), std::move(identity)));
  made->http_ = std::move(http_server);
  metrics.also([&http = *made->http_] { return tls_families(http); });
  if (http_has_tls) made->watch_certificates(std::chrono::milliseconds(options.tls_check_ms));
  SUYUAN_TRY(rpc_tls, RpcTls::open(options));
  made->rpc_tls_ = std::move(rpc_tls);
  SUYUAN_TRY(rpc, RpcListener::listen(
                      port, endpoint_of(options.rpc), service, rpc_limits(options),
                      made->rpc_tls_ ? made->rpc_tls_->source() : RpcListener::TlsSource()));
  made->rpc_ = std::move(rpc);
  if (made->rpc_tls_)
    metrics.also([&rpc = *made->rpc_] { return rpc_tls_families(rpc.tls_counts()); });
  return made;
}

void Listeners::watch_certificates(std::chrono::milliseconds pause) {
  tls_timer_.expires_after(pause);
  tls_timer_.async_wait([this, pause](boost::system::error_code error) {
    if (error || stopped_) return;
    reload_tls(false);
    watch_certificates(pause);
  });
}

void Listeners::reload_tls(bool in_any_case) {
  http_->reload_tls(in_any_case);
  if (rpc_tls_) rpc_tls_->reload(in_any_case);
}

void Listeners::stop() {
  stopped_ = true;
  http_->stop();
  rpc_->stop();
  tls_timer_.cancel();
}

}  // namespace suyuan
