// What the operator's options name, read and held against the rules before a node is built of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "ledger/base/error.h"
#include "node/options.h"
#include "node/peers/witnesses.h"
#include "proto/json/verdict_json.h"

namespace suyuan {

// One for each core, unless told.
size_t worker_count(const ServeOptions& options);
// Null where no policy is given.
Result<std::unique_ptr<HttpWitnesses>> open_witnesses(const ServeOptions& options,
                                                      const std::string& policy_text);
Result<ScanPolicy> read_scan_policy(const std::string& path);
// Whether RPC speaks TLS: where there is a certificate, and other machines reach it (unless plain
// text was asked for) or --rpc-tls says so. INVALID_FIELD: what needs it stands without it.
Result<bool> rpc_speaks_tls(const ServeOptions& options);
// A listener without TLS that other machines reach: only where the operator says so, and not
// without a word.
Result<Done> check_plain(const Address& address, const char* what, const ServeOptions& options);

}  // namespace suyuan
