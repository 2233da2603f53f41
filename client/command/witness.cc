#include <chrono>

#include "client/command/command.h"
#include "client/witness/server.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

struct WitnessOptions {
  std::string data;
  std::string name;
  std::string log;
  std::string origin;
  std::string listen = "127.0.0.1:7490";
  std::string ports_file;
};

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
  shell.print_line(write_note_key(*key));
  return ExitCode::ok;
}

ExitCode run_add_log(Shell& shell, const WitnessOptions& options) {
  const auto added = watch_log(options.data, options.log, options.origin);
  return added ? ExitCode::ok : shell.fail_local(added.error());
}

ExitCode run_serve(Shell& shell, const WitnessOptions& options) {
  const auto at = endpoint_of(options.listen);
  if (!at) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = quote(options.listen) + " is no address and port",
                             .field = "--listen"});
  }
  const auto desk = WitnessDesk::open(options.data);
  if (!desk) return shell.fail_local(desk.error());
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
  return ExitCode::ok;
}

// One of the three, with the options that it has.
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
  const auto options = std::make_shared<WitnessOptions>();  // shared: CLI11 copies the callbacks
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
}

}  // namespace suyuan
