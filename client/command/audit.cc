// suyuan audit: a whole log, from a node, an exported folder or a node's data directory.
#include <algorithm>
#include <optional>
#include <thread>

#include "client/audit/node_folder.h"
#include "client/command/command.h"
#include "client/http_log.h"
#include "client/render/audit.h"
#include "client/terminal.h"
#include "ledger/base/limits.h"
#include "ledger/export/folder_log.h"
#include "ledger/os/files.h"
#include "proto/json/bundle_json.h"

namespace suyuan {
namespace {

constexpr unsigned kJobsMax = 64;
constexpr size_t kMemoryMibMin = 16;
constexpr size_t kMemoryMibMax = size_t{1} << 24;

struct AuditCommand {
  std::string source;
  std::string policy;
  std::string state;
  bool replay = false;
  std::string replay_store;
  unsigned jobs = 0;
  size_t memory_mib = 1024;
};

void declare_audit(CLI::App& command, AuditCommand& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("source", options.source, text(Help::audit_source))->required();
  command.add_option("--policy", options.policy, text(Help::audit_policy));
  command.add_option("--state", options.state, text(Help::audit_state));
  command.add_flag("--replay", options.replay, text(Help::audit_replay));
  command.add_option("--replay-store", options.replay_store, text(Help::audit_replay_store));
  command.add_option("--jobs", options.jobs, text(Help::audit_jobs))
      ->check(CLI::Range(1U, kJobsMax));
  command.add_option("--memory", options.memory_mib, text(Help::audit_memory))
      ->check(CLI::Range(kMemoryMibMin, kMemoryMibMax))
      ->capture_default_str();
}

// Returns the policy of the file, else that of the pinned ledger; nullopt accepts whatever ledger
// the source holds.
OrExit<std::optional<Policy>> choose_policy(const Shell& shell, const AuditCommand& options) {
  if (!options.policy.empty()) {
    const auto text = read_file(options.policy, limits::kPolicyBytesMax);
    if (!text) return Unexpected(shell.fail_local(text.error()));
    auto policy = parse_policy(*text);
    if (!policy) return Unexpected(shell.fail_local(policy.error()));
    return std::optional(*std::move(policy));
  }
  if (shell.options.genesis.empty() && !file_exists(shell.genesis_path()))
    return std::optional<Policy>{};
  auto pinned = shell.pinned();
  if (!pinned) return Unexpected(pinned.error());
  auto policy = policy_of_genesis(pinned->leaf);
  if (policy) return std::optional(*std::move(policy));
  return Unexpected(shell.fail_local(
      {.code = Code::NOTE_SYNTAX, .message = policy.error().message, .field = "--genesis"}));
}

OpenLog open_exported(const std::string& folder) {
  return [folder]() -> Result<std::unique_ptr<LogSource>> {
    return std::unique_ptr<LogSource>(std::make_unique<FolderLog>(folder));
  };
}

// The exit code for an unreadable source, by what is at fault.
ExitCode fail_reading(const Shell& shell, const Error& error) {
  switch (error.code) {
    case Code::UNAVAILABLE:
    case Code::BUSY:
      return shell.fail_answer(error);
    default:
      return shell.fail_local(error);
  }
}

// Returns null if no replay was requested.
OrExit<std::unique_ptr<Replay>> open_replay(const Shell& shell, const AuditCommand& options) {
  if (!options.replay && options.replay_store.empty()) return std::unique_ptr<Replay>();
  if (!options.state.empty() && options.replay_store.empty()) {
    return Unexpected(shell.fail_local(
        {.code = Code::MISSING_FIELD,
         .message = "to continue an audit, name the store of its earlier replay",
         .field = "--replay-store"}));
  }
  auto replay = Replay::open(options.replay_store);
  if (!replay) return Unexpected(shell.fail_local(replay.error()));
  return *std::move(replay);
}

ExitCode run_audit(Shell& shell, const AuditCommand& options) {
  auto policy = choose_policy(shell, options);
  if (!policy) return policy.error();
  AuditSource source{.name = options.source, .state_file = options.state};
  source.pinned = *policy && !(*policy)->genesis.empty();
  AuditPlan plan{.open = {},
                 .decode = decode_any_payload,
                 .policy = *std::move(policy),
                 .state_file = options.state};
  plan.jobs = options.jobs != 0
                  ? options.jobs
                  : std::clamp(std::thread::hardware_concurrency(), 1U, kJobsMax);

  plan.memory_bytes_max = options.memory_mib << 20;

  const auto replay = open_replay(shell, options);
  if (!replay) return replay.error();
  plan.replay = replay->get();
  std::unique_ptr<NodeFolder> folder;  // must outlive the audit
  if (options.source.find("://") != std::string::npos) {
    auto log = open_http_log(options.source, shell.options.ca);
    if (!log) return shell.fail_local(log.error());
    plan.open = *std::move(log);
    shell.options.node = options.source;  // named in messages as what cannot be reached
  } else if (is_node_folder(options.source)) {
    auto opened = open_node_folder(options.source);
    // A store too damaged to open is a finding, though without a place in the log.
    if (!opened && opened.error().code == Code::CORRUPT)
      return shell.fail_verification(opened.error());
    if (!opened) return fail_reading(shell, opened.error());
    folder = *std::move(opened);
    plan.open = folder->log();
    plan.store = &folder->store();
    plan.store_leaves = folder->leaves();
    plan.watermark = folder->watermark();
    plan.acknowledged = folder->acknowledged();
    plan.scrub = [&folder] { return folder->scrub(); };
    source.node_folder = true;
  } else {
    plan.open = open_exported(options.source);
  }

  std::optional<ProgressBar> bar;
  plan.progress = [&](uint64_t leaves, uint64_t of) {
    if (!bar) bar.emplace(shell.say(Say::audit_label), of);
    bar->at(leaves);
  };
  const auto report = audit_log(plan);
  if (bar) bar->clear();
  if (!report) return fail_reading(shell, report.error());
  if (folder != nullptr && folder->leaves() > report->head.size)
    source.later = folder->leaves() - report->head.size;
  if (shell.options.json) {
    shell.print_line(audit_json(*report, source));
  } else {
    shell.print(render_audit(*report, source, shell.style()));
  }
  return report->fault ? ExitCode::unverified : ExitCode::ok;
}

}  // namespace

void add_audit(CLI::App& app, Shell& shell) {
  add_command<AuditCommand>(app, shell, "audit", Help::audit, declare_audit, run_audit);
}

}  // namespace suyuan
