#include "client/command/verify_bundle.h"

#include "client/render/verdict.h"
#include "ledger/os/files.h"
#include "proto/json/bundle_json.h"

namespace suyuan {
namespace {

ExitCode exit_of(Judged judged) {
  switch (judged) {
    case Judged::proven: return ExitCode::ok;
    case Judged::refused: return ExitCode::unverified;
    case Judged::partial:
    case Judged::not_recorded:
    case Judged::stale: break;
  }
  return ExitCode::less_proven;
}

OrExit<Policy> policy_for_bundle(const Shell& shell) {
  // A policy that was named speaks for itself: who checks another's file need not pin its ledger.
  if (!shell.options.policy.empty()) {
    const auto text = read_file(shell.options.policy, limits::kPolicyBytesMax);
    if (!text) return Unexpected(shell.fail_local(text.error()));
    auto policy = parse_policy(*text);
    if (policy) return *std::move(policy);
    Error error = std::move(policy).error();
    error.message = shell.options.policy + ": " + error.message;
    return Unexpected(shell.fail_local(error));
  }
  auto ledger = shell.pinned();
  if (!ledger) return Unexpected(ledger.error());
  auto policy = shell.policy(*ledger);
  if (!policy) return Unexpected(policy.error());
  if (policy->genesis.empty()) policy->genesis = {ledger->id.genesis};
  return *std::move(policy);
}

}  // namespace

OrExit<BundleVerdict> judge_bundle(const Shell& shell, std::string_view text,
                                   std::optional<int64_t> now_ms) {
  const auto policy = policy_for_bundle(shell);
  if (!policy) return Unexpected(policy.error());
  return verify_bundle_text(text, *policy, now_ms.value_or(Shell::now_ms()));
}

ExitCode print_verdict(Shell& shell, const BundleVerdict& verdict) {
  if (shell.options.json) {
    shell.print_line(write_verdict_json(verdict));
  } else {
    shell.print(show_verdict(verdict, shell.style()));
  }
  return exit_of(verdict.judged);
}

ExitCode check_bundle(Shell& shell, std::string_view text, std::optional<int64_t> now_ms) {
  const auto verdict = judge_bundle(shell, text, now_ms);
  return verdict ? print_verdict(shell, *verdict) : verdict.error();
}

}  // namespace suyuan
