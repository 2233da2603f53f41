#include "node/settings.h"

#include <spdlog/spdlog.h>
#include <thread>

#include "ledger/base/limits.h"
#include "ledger/os/named_file.h"
#include "ledger/proof/policy.h"

namespace suyuan {

size_t worker_count(const ServeOptions& options) {
  if (options.workers != 0) return options.workers;
  const size_t cores = std::thread::hardware_concurrency();
  return cores == 0 ? 2 : cores;
}

Result<std::unique_ptr<HttpWitnesses>> open_witnesses(const ServeOptions& options,
                                                      const std::string& policy_text) {
  if (options.policy.empty()) return std::unique_ptr<HttpWitnesses>();
  SUYUAN_TRY(policy, parse_policy(policy_text));
  return HttpWitnesses::make(policy, {}, options.witness_ca);
}

Result<ScanPolicy> read_scan_policy(const std::string& path) {
  if (path.empty()) return ScanPolicy{};
  SUYUAN_TRY(text, read_named_file(path, limits::kScanPolicyBytesMax, "--scan-policy"));
  auto policy = parse_scan_policy(text);
  if (policy) return policy;
  Error error = std::move(policy).error();
  error.code = Code::INVALID_FIELD;  // whatever is wrong in the file, a restart does not help
  error.field = "--scan-policy" + (error.field.empty() ? "" : " " + error.field);
  return Unexpected(std::move(error));
}

Result<bool> rpc_speaks_tls(const ServeOptions& options) {
  const bool has_certificate = !options.tls_cert.empty() || !options.tls_key.empty();
  const bool is_open = !is_loopback(options.rpc) && !options.plain_beyond_loopback;
  const bool speaks = has_certificate && (options.rpc_tls || is_open);
  if (options.rpc_tls && !speaks) {
    return fail(Code::INVALID_FIELD, "RPC with TLS needs a certificate: --tls-cert, --tls-key",
                "--rpc-tls");
  }
  if (!options.tls_client_ca.empty() && !speaks) {
    return fail(Code::INVALID_FIELD,
                "only RPC with TLS can ask for certificates of clients: --tls-cert, --tls-key, and "
                "on loopback --rpc-tls",
                "--tls-client-ca");
  }
  return speaks;
}

Result<Done> check_plain(const Address& address, const char* what, const ServeOptions& options) {
  if (is_loopback(address)) return Done{};
  if (options.plain_beyond_loopback) {
    spdlog::warn("{} on {} speaks plain text to other machines: anyone on the path can read it",
                 what, address.host);
    return Done{};
  }
  return fail(Code::INVALID_FIELD,
              address.host +
                  " is reachable from other machines, and this port speaks plain text; listen on "
                  "loopback, give it a certificate (--tls-cert, --tls-key), or say "
                  "--plain-beyond-loopback",
              "listen");
}

}  // namespace suyuan
