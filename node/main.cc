// suyuan-node: a node of a ledger. Each group of subcommands has its file in node/commands.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>

#include "ledger/os/passphrase.h"
#include "node/commands/cluster.h"
#include "node/commands/gateway.h"
#include "node/commands/making.h"
#include "node/commands/serve.h"
#include "node/commands/upkeep.h"
#include "node/out_of_memory.h"

namespace suyuan {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
// A service manager must not start it again after these.
constexpr int kExitRolledBack = 3;
constexpr int kExitTooOld = 4;   // a newer program continues from here
constexpr int kExitNoNode = 5;   // removed from the ledger's nodes
constexpr int kExitUsage = 100;  // invalid option, or invalid contents of a file that one names

int exit_code(const Result<Done>& done) {
  if (done) return kExitOk;
  std::fprintf(stderr, "suyuan-node: %s\n", to_text(done.error()).c_str());
  switch (done.error().code) {
    case Code::ROLLED_BACK: return kExitRolledBack;
    case Code::STORE_TOO_NEW: return kExitTooOld;
    case Code::KEY_NOT_IN_FORCE: return kExitNoNode;
    default: return kExitFailed;
  }
}

// What the parser could not judge, such as an address or a certificate, is an invalid option too.
int exit_code_of_serve(const Result<Done>& done) {
  const int code = exit_code(done);
  return !done && done.error().code == Code::INVALID_FIELD ? kExitUsage : code;
}

// Help and the version are no errors to CLI11's caller, though it throws them.
int end_of_parse(const CLI::App& app, const CLI::ParseError& error) {
  constexpr std::string_view kUnknown = "INI was not able to parse ";
  if (error.get_exit_code() == 0) return app.exit(error);
  // As for every file that an option names: it may not be there yet.
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::FileError))
    return exit_code(fail(Code::NOT_FOUND, "configuration file " + std::string(error.what())));
  std::string message = error.what();
  if (message.starts_with(kUnknown)) {
    message = "unknown option in the configuration file: " + message.substr(kUnknown.size());
  }
  const Error fault{.code = Code::INVALID_FIELD, .message = message};
  std::fprintf(stderr, "suyuan-node: %s\n", to_text(fault).c_str());
  return kExitUsage;
}

int run_node_program(int argc, char** argv) {
  CLI::App app{"Suyuan 溯源: a quality traceability ledger. A node of it."};
  app.set_version_flag("--version", SUYUAN_VERSION);
  app.require_subcommand(1);
  // CLI11 reads a file only for the whole program: the options of serve are in it under [serve].
  app.set_config("--config", "",
                 "file with the options of serve under [serve], a line 'name = value' for each");
  app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt name must not pass

  MakingCommands making;
  ClusterCommands cluster;
  ServeCommand serve;
  GatewayCommands gateway;
  UpkeepCommands upkeep;
  making.add_to(app);
  cluster.add_to(app);
  serve.add_to(app);
  gateway.add_to(app);
  upkeep.add_to(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return end_of_parse(app, error);
  }
  if (making.is_parsed()) return exit_code(making.run());
  if (cluster.is_parsed()) return exit_code(cluster.run());
  if (gateway.is_parsed()) return exit_code(gateway.run());
  if (upkeep.is_parsed()) return exit_code(upkeep.run());
  return exit_code_of_serve(serve.run());
}

}  // namespace
}  // namespace suyuan

int main(int argc, char** argv) {
  std::set_new_handler(suyuan::end_out_of_memory);
  if (const auto kept = suyuan::forbid_core_dumps(); !kept)
    std::fprintf(stderr, "suyuan-node: %s\n", suyuan::to_text(kept.error()).c_str());
  return suyuan::run_node_program(argc, argv);
}
