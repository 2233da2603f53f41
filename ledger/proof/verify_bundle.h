// Verifies a provenance bundle: one function for all steps of docs/bundle.md. It needs no ledger,
// no network and no clock.
#pragma once

#include "ledger/batch/payload_decoder.h"
#include "ledger/proof/bundle.h"
#include "ledger/proof/policy.h"
#include "ledger/proof/verdict.h"

namespace suyuan {

// Verifies a bundle as of `now_ms`. Safe on hostile bundles. BUNDLE_SYNTAX covers what
// docs/bundle.md requires of order and counts; proto/json/bundle_json.h has already read the JSON.
BundleVerdict verify_bundle(const Bundle& bundle, const Policy& policy, int64_t now_ms,
                      const PayloadDecoder& decode);

}  // namespace suyuan
