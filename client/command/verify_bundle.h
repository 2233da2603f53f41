// What `verify` does with a provenance bundle, and `trace --verify` with a node's answer.
#pragma once

#include <optional>

#include "client/shell.h"
#include "ledger/proof/verdict.h"
#include "proto/answers.h"

namespace suyuan {

// Offline; prints the verdict. `now_ms`: of a test; else this machine's clock. Whose word counts:
// the policy that was named, pinned or not; else what is pinned.
ExitCode check_bundle(Shell& shell, std::string_view text, std::optional<int64_t> now_ms);

// As policy says, without printing.
OrExit<BundleVerdict> judge_bundle(const Shell& shell, std::string_view text,
                                   std::optional<int64_t> now_ms);
ExitCode print_verdict(Shell& shell, const BundleVerdict& verdict);
// To standard error, in one line.
ExitCode note_verdict(const Shell& shell, const BundleVerdict& verdict);

struct ShownTrace {
  std::string code;
  bool whole = false;     // all of the code's own events are due, whenever they happened
  uint64_t known_at = 0;  // leaves that the answer speaks of
};
// What a node shows against a bundle that was verified: each event of the answer is in the bundle
// as it is shown, and, where the answer is whole, no event that names the code is left out of it.
// ROOT_MISMATCH. REQUIRES: verify_bundle_text did not refuse the text.
Result<Done> check_shown(std::string_view bundle, const TracePage& page, const ShownTrace& shown);

}  // namespace suyuan
