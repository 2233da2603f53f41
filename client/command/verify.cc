#include "client/command/command.h"
#include "client/command/verify_bundle.h"
#include "client/evidence.h"
#include "ledger/os/files.h"
#include "ledger/proof/bundle.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

constexpr size_t kEvidenceBytesMax = 512 << 10;

struct VerifyOptions {
  std::string file;
  std::optional<int64_t> now_ms;
};

void declare_verify(CLI::App& command, VerifyOptions& options, const Shell& shell) {
  command.add_option("file", options.file, help(Help::verify_file, shell.lang))->required();
  command.add_option("--now", options.now_ms, help(Help::verify_now, shell.lang));
}

// Evidence that holds means that the ledger misbehaved, so it ends like a failed verification.
ExitCode exit_of(EvidenceWeight weight) {
  return weight == EvidenceWeight::nothing ? ExitCode::ok : ExitCode::unverified;
}

std::string_view word(EvidenceWeight weight) {
  switch (weight) {
    case EvidenceWeight::nothing:
      return "nothing";
    case EvidenceWeight::indicates:
      return "indicates";
    case EvidenceWeight::proves:
      return "proves";
  }
  return "";
}

ExitCode check_evidence(Shell& shell, std::string_view text) {
  if (text.size() > kEvidenceBytesMax) {
    return shell.fail_local({.code = Code::TOO_LARGE, .message = "there is no such evidence"});
  }
  const auto evidence = parse_evidence(text);
  if (!evidence) return shell.fail_local(evidence.error());
  const auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  const auto policy = shell.policy(*ledger);
  if (!policy) return policy.error();
  const auto finding = judge_evidence(*evidence, *policy, *ledger);
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.field("kind", suyuan::word(evidence->kind));
    out.field("weight", word(finding.weight));
    out.field("lines", finding.lines);
    out.end_object();
    shell.print_line(out.str());
    return exit_of(finding.weight);
  }
  for (const auto& line : finding.lines) shell.print_line(shown(line));
  return exit_of(finding.weight);
}

// Both file formats name themselves. A file of neither is treated as a bundle, whose verifier
// reports what is wrong.
bool looks_like_evidence(std::string_view text) {
  return text.find("\"suyuan/evidence/") != std::string_view::npos &&
         text.find("\"suyuan/bundle/") == std::string_view::npos;
}

ExitCode run_verify(Shell& shell, const VerifyOptions& options) {
  const auto text = read_file(options.file, limits::kBundleBytesMax);
  if (!text) return shell.fail_local(text.error());
  if (looks_like_evidence(*text)) return check_evidence(shell, *text);
  return check_bundle(shell, *text, options.now_ms);
}

}  // namespace

void add_verify(CLI::App& app, Shell& shell) {
  add_command<VerifyOptions>(app, shell, "verify", Help::verify, declare_verify, run_verify);
}

}  // namespace suyuan
