// Provenance bundles as JSON (docs/bundle.md), and their verification for everybody: text in,
// verdict out.
#pragma once

#include <string>
#include <string_view>

#include "ledger/proof/verify_bundle.h"
#include "proto/submission_codec.h"

namespace suyuan {

inline constexpr std::string_view kBundleMediaType = "application/vnd.suyuan.bundle+json;version=1";

// Strict: exactly the documented fields, each once. What this takes, write_bundle_json writes with
// the same meaning, whatever its white space was. Bounds are checked before anything is copied.
Result<Bundle> parse_bundle_json(std::string_view text);
std::string write_bundle_json(const Bundle& bundle);

// All that docs/bundle.md asks of a verifier, the policy's own syntax included.
BundleVerdict verify_bundle_text(std::string_view bundle, std::string_view policy, int64_t now_ms);
// The same with a policy that was read before.
BundleVerdict verify_bundle_text(std::string_view bundle, const Policy& policy, int64_t now_ms);

// {"verdict":"PROVEN","asOf":"...","code":"...", ...}: for programs.
std::string write_verdict_json(const BundleVerdict& verdict);

}  // namespace suyuan
