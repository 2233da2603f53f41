// Checking a provenance bundle: one function, all steps of docs/bundle.md or none. It needs no
// ledger, no network and no clock of its own.
#pragma once

#include "ledger/batch/payload_decoder.h"
#include "ledger/proof/bundle.h"
#include "ledger/proof/policy.h"
#include "ledger/proof/verdict.h"

namespace suyuan {

// Total on hostile bundles. BUNDLE_SYNTAX covers what docs/bundle.md asks of order and counts; the
// JSON itself was read by proto/json/bundle_json.h.
BundleVerdict verify_bundle(const Bundle& bundle, const Policy& policy, int64_t now_ms,
                      const PayloadDecoder& decode);

}  // namespace suyuan
