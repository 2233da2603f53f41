#include <algorithm>
#include <optional>
#include <thread>

#include "client/audit/replayer.h"
#include "client/command/command.h"
#include "client/http_log.h"
#include "client/terminal.h"
#include "client/witness/server.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "proto/json/bundle_json.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct WitnessOptions {
  std::string data;
  std::string name;
  std::string log;
  std::string origin;
  std::string listen = "127.0.0.1:7490";
  std::string ports_file;
  std::string replay;  // the log's address; empty: a witness of growth only
  size_t memory_mib = 1024;
};

constexpr size_t kReplayerMibMin = 16;
constexpr size_t kReplayerMibMax = size_t{1} << 24;
constexpr unsigned kReplayerJobsMax = 64;

uint64_t now_s() { return static_cast<uint64_t>(Shell::now_ms() / 1000); }

// "host:port" with a numeric IPv4 address.
std::optional<boost::asio::ip::tcp::endpoint> endpoint_of(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  boost::system::error_code error;
  const auto host = boost::asio::ip::make_address(text.substr(0, colon), error);
  const auto port = from_decimal(text.substr(colon + 1));
  if (error || !port || *port > 0xFFFF) return std::nullopt;
  return boost::asio::ip::tcp::endpoint(host, static_cast<uint16_t>(*port));
}

ExitCode run_init(Shell& shell, const WitnessOptions& options) {
  const auto key = make_witness(options.data, options.name);
  if (!key) return shell.fail_local(key.error());
  const std::string vkey = write_note_key(*key);
  if (!shell.options.json) {
    shell.print_line(vkey);
    return ExitCode::ok;
  }
  JsonWriter out;
  out.begin_object();
  out.field("name", options.name);
  out.field("vkey", vkey);
  out.end_object();
  shell.print_line(out.str());
  return ExitCode::ok;
}

ExitCode run_add_log(Shell& shell, const WitnessOptions& options) {
  const auto added = watch_log(options.data, options.log, options.origin);
  return added ? ExitCode::ok : shell.fail_local(added.error());
}

// Returns the policy that a replayer audits by: the log's key, and the genesis that --genesis
// names.
OrExit<Policy> replayed_policy(const Shell& shell, const WitnessDesk& desk) {
  const auto log = desk.only_log();
  if (!log || log->keys.size() != 1) {
    return Unexpected(shell.fail_local(
        {.code = Code::INVALID_FIELD,
         .message = "a replayer's key speaks for one log with one key: its folder watches " +
                    std::to_string(desk.logs()),
         .field = "--replay"}));
  }
  Policy policy = policy_of_log(log->origin, log->keys.front().key);
  if (shell.options.genesis.empty()) return policy;
  const auto pinned = shell.pinned();
  if (!pinned) return Unexpected(pinned.error());
  const auto named = policy_of_genesis(pinned->leaf);
  if (!named || named->logs != policy.logs) {
    return Unexpected(shell.fail_local({.code = Code::INVALID_FIELD,
                                        .message = "it is the genesis of another log than the "
                                                   "one that this folder watches",
                                        .field = "--genesis"}));
  }
  policy.genesis = named->genesis;
  return policy;
}

// Returns null if none was requested. Otherwise it has replayed what the log shows now.
OrExit<std::unique_ptr<Replayer>> start_replayer(const Shell& shell, const WitnessOptions& options,
                                                 const WitnessDesk& desk) {
  if (options.replay.empty()) return std::unique_ptr<Replayer>();
  auto policy = replayed_policy(shell, desk);
  if (!policy) return Unexpected(policy.error());
  auto open = open_http_log(options.replay, shell.options.ca);
  if (!open) return Unexpected(shell.fail_local(open.error()));
  auto replayer = std::make_unique<Replayer>(Replayer::Plan{
      .open = *std::move(open),
      .decode = decode_any_payload,
      .policy = *std::move(policy),
      .jobs = std::clamp(std::thread::hardware_concurrency(), 1U, kReplayerJobsMax),
      .memory_bytes_max = options.memory_mib << 20,
      .state_file = options.data + "/replay.state",
  });
  std::optional<ProgressBar> bar;
  const auto done = replayer->catch_up([&](uint64_t leaves, uint64_t of) {
    if (!bar) bar.emplace(shell.say(Say::audit_label), of);
    bar->at(leaves);
  });
  if (bar) bar->clear();
  if (done) return replayer;
  if (replayer->fault()) return Unexpected(shell.fail_verification(done.error()));
  return Unexpected(done.error().code == Code::UNAVAILABLE ? shell.fail_away({done.error()})
                                                           : shell.fail_local(done.error()));
}

ExitCode run_serve(Shell& shell, const WitnessOptions& options) {
  const auto at = endpoint_of(options.listen);
  if (!at) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = quote(options.listen) + " is not an address and port",
                             .field = "--listen"});
  }
  const auto desk = WitnessDesk::open(options.data);
  if (!desk) return shell.fail_local(desk.error());
  const auto replayer = start_replayer(shell, options, **desk);
  if (!replayer) return replayer.error();
  if (*replayer != nullptr) {
    (*desk)->judge_by([&shell, replaying = replayer->get()](const std::string& checkpoint) {
      const bool was_right = !replaying->fault();
      auto judged = replaying->judge(checkpoint);
      if (was_right && replaying->fault()) shell.note(to_text(judged.error()) + "\n" + checkpoint);
      return judged;
    });
  }
  const auto server = WitnessServer::listen(*at, **desk, now_s);
  if (!server) return shell.fail_local(server.error());
  const std::string port = std::to_string((*server)->port());
  if (!options.ports_file.empty()) {
    const auto written = write_file(options.ports_file, "http " + port + "\n", FileMode::shared);
    if (!written) return shell.fail_local(written.error());
  }
  shell.note((*desk)->key().name + ": " + std::to_string((*desk)->logs()) + " logs, " +
             at->address().to_string() + ":" + port);
  (*server)->run();
  if (*replayer == nullptr) return ExitCode::ok;
  if (const auto saved = (*replayer)->save(); !saved) return shell.fail_local(saved.error());
  return (*replayer)->fault() ? ExitCode::unverified : ExitCode::ok;
}

// Adds one of the three subcommands, with its options.
CLI::App& add_part(CLI::App& app, Shell& shell, const std::string& name, Help about,
                   const std::shared_ptr<WitnessOptions>& options,
                   ExitCode (*run)(Shell&, const WitnessOptions&)) {
  auto* part = app.add_subcommand(name, help(about, shell.lang));
  part->add_option("--data", options->data, help(Help::witness_data, shell.lang))->required();
  part->callback([&shell, options, run] { shell.exit = run(shell, *options); });
  return *part;
}

}  // namespace

void add_witness(CLI::App& app, Shell& shell) {
  auto* command = app.add_subcommand("witness", help(Help::witness, shell.lang));
  command->require_subcommand(1);
  command->fallthrough();
  // shared, because CLI11 copies the callbacks
  const auto options = std::make_shared<WitnessOptions>();
  const auto text = [&shell](Help what) { return help(what, shell.lang); };
  add_part(*command, shell, "init", Help::witness_init, options, run_init)
      .add_option("--name", options->name, text(Help::witness_name))
      ->required();
  auto& log = add_part(*command, shell, "add-log", Help::witness_add_log, options, run_add_log);
  log.add_option("--log", options->log, text(Help::witness_log))->required();
  log.add_option("--origin", options->origin, text(Help::witness_origin));
  auto& serve = add_part(*command, shell, "serve", Help::witness_serve, options, run_serve);
  serve.add_option("--listen", options->listen, text(Help::witness_listen))
      ->capture_default_str();
  serve.add_option("--ports-file", options->ports_file, text(Help::witness_ports_file));
  serve.add_option("--replay", options->replay, text(Help::witness_replay));
  serve.add_option("--memory", options->memory_mib, text(Help::audit_memory))
      ->check(CLI::Range(kReplayerMibMin, kReplayerMibMax))
      ->capture_default_str();
}

}  // namespace suyuan
