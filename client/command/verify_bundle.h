// What `verify` does with a provenance bundle, and `trace --verify` with a node's answer.
#pragma once

#include <optional>

#include "client/shell.h"
#include "ledger/proof/verdict.h"
#include "proto/answers.h"

namespace suyuan {

// Verifies a bundle offline and prints the verdict. `now_ms`: set by tests; otherwise this
// machine's clock. Trusts the named policy, pinned or not; without one, what is pinned.
ExitCode check_bundle(Shell& shell, std::string_view text, std::optional<int64_t> now_ms);

// Verifies under the same policy, without printing.
OrExit<BundleVerdict> judge_bundle(const Shell& shell, std::string_view text,
                                   std::optional<int64_t> now_ms);
ExitCode print_verdict(Shell& shell, const BundleVerdict& verdict);
// Writes the verdict to standard error, in one line.
ExitCode note_verdict(const Shell& shell, const BundleVerdict& verdict);

struct ShownTrace {
  std::string code;
  bool whole = false;     // all of the code's own events are required, whenever they happened
  uint64_t known_at = 0;  // leaves that the answer covers
};
// Compares a node's answer with a verified bundle: each event of the answer is in the bundle as
// shown, and, if the answer is whole, it leaves out no event of the bundle that names the code.
// Errors: ROOT_MISMATCH.
// Requires: verify_bundle_text did not refuse the text.
Result<Done> check_shown(std::string_view bundle, const TracePage& page, const ShownTrace& shown);

}  // namespace suyuan
