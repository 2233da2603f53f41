#include "node/rpc_tls.h"

#include <spdlog/spdlog.h>

#include "node/settings.h"

namespace suyuan {

Result<std::unique_ptr<RpcTls>> RpcTls::open(const ServeOptions& options) {
  SUYUAN_TRY(has_tls, rpc_speaks_tls(options));
  if (!has_tls) return std::unique_ptr<RpcTls>();
  SUYUAN_TRY(identity, http::TlsIdentity::load({.cert = options.tls_cert,
                                                .key = options.tls_key,
                                                .client_ca = options.tls_client_ca}));
  return std::unique_ptr<RpcTls>(new RpcTls(std::move(identity)));
}

void RpcTls::reload(bool asked) {
  const auto reloaded = identity_->reload(asked);
  if (!reloaded)
    spdlog::error("the new certificate is not accepted for RPC, the old one stays: {}",
                  to_text(reloaded.error()));
  else if (*reloaded)
    spdlog::info("new RPC connections use a new certificate");
}

}  // namespace suyuan
