// Reads what the operator's options name, and checks it against the rules before a node is built
// from it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "ledger/base/error.h"
#include "node/options.h"
#include "node/peers/witnesses.h"
#include "proto/json/verdict_json.h"

namespace suyuan {

// One for each core by default.
size_t worker_count(const ServeOptions& options);
// Null if no policy is given.
Result<std::unique_ptr<HttpWitnesses>> open_witnesses(const ServeOptions& options,
                                                      const std::string& policy_text);
Result<ScanPolicy> read_scan_policy(const std::string& path);
// Whether RPC uses TLS: if there is a certificate and other machines reach it (unless plain text
// was requested), or if --rpc-tls is set. Errors: INVALID_FIELD (an option lacks what it needs).
Result<bool> rpc_speaks_tls(const ServeOptions& options);
// A listener without TLS that other machines reach: only if the operator says so, and with a
// warning.
Result<Done> check_plain(const Address& address, const char* what, const ServeOptions& options);

}  // namespace suyuan
