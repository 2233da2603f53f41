// TLS of the RPC listener: the certificate of HTTP, and, if required, certificates of clients.
#pragma once

#include <memory>

#include "node/http/tls.h"
#include "node/options.h"
#include "node/rpc/rpc_listener.h"

namespace suyuan {

class RpcTls {
 public:
  // Null: RPC is plain. Errors: INVALID_FIELD, NOT_FOUND, IO, as for http::TlsIdentity::load.
  static Result<std::unique_ptr<RpcTls>> open(const ServeOptions& options);

  // For the listener; this must outlive it. Network thread only.
  RpcListener::TlsSource source() const {
    return [this] { return identity_->context(); };
  }
  // Like http::Server::reload_tls.
  void reload(bool asked);

 private:
  explicit RpcTls(std::unique_ptr<http::TlsIdentity> identity) : identity_(std::move(identity)) {}
  const std::unique_ptr<http::TlsIdentity> identity_;
};

}  // namespace suyuan
