// Provenance bundles as JSON (docs/bundle.md), and their complete verification: text in, verdict
// out.
#pragma once

#include <string>
#include <string_view>

#include "ledger/proof/verify_bundle.h"
#include "proto/submission_codec.h"

namespace suyuan {

inline constexpr std::string_view kBundleMediaType = "application/vnd.suyuan.bundle+json;version=1";

// Parses strictly: exactly the documented fields, each once. write_bundle_json writes the result
// with the same meaning; white space is not kept. Bounds are checked before anything is copied.
Result<Bundle> parse_bundle_json(std::string_view text);
std::string write_bundle_json(const Bundle& bundle);

// Verifies everything that docs/bundle.md requires, the policy's syntax included.
BundleVerdict verify_bundle_text(std::string_view bundle, std::string_view policy, int64_t now_ms);
// As above, with a parsed policy.
BundleVerdict verify_bundle_text(std::string_view bundle, const Policy& policy, int64_t now_ms);

// Writes {"verdict":"PROVEN","asOf":"...","code":"...", ...}, for programs.
std::string write_verdict_json(const BundleVerdict& verdict);

}  // namespace suyuan
