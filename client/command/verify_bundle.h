// What `verify` does with a provenance bundle.
#pragma once

#include <optional>

#include "client/shell.h"
#include "ledger/proof/verdict.h"

namespace suyuan {

// Offline; prints the verdict. `now_ms`: of a test; else this machine's clock. Whose word counts:
// the policy that was named, pinned or not; else what is pinned.
ExitCode check_bundle(Shell& shell, std::string_view text, std::optional<int64_t> now_ms);

// As policy says, without printing.
OrExit<BundleVerdict> judge_bundle(const Shell& shell, std::string_view text,
                                   std::optional<int64_t> now_ms);
ExitCode print_verdict(Shell& shell, const BundleVerdict& verdict);

}  // namespace suyuan
