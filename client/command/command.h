// The commands. Each is in one file and adds itself to the program.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "client/shell.h"
#include "client/text/help.h"

namespace suyuan {

void add_keygen(CLI::App& app, Shell& shell);
void add_register(CLI::App& app, Shell& shell);
void add_approve(CLI::App& app, Shell& shell);
void add_cosign(CLI::App& app, Shell& shell);
void add_registry(CLI::App& app, Shell& shell);
void add_rotate(CLI::App& app, Shell& shell);
void add_revoke(CLI::App& app, Shell& shell);
void add_erase(CLI::App& app, Shell& shell);
void add_nodes(CLI::App& app, Shell& shell);
void add_delegate(CLI::App& app, Shell& shell);
void add_whoami(CLI::App& app, Shell& shell);
void add_post(CLI::App& app, Shell& shell);
void add_trace(CLI::App& app, Shell& shell);
void add_recall(CLI::App& app, Shell& shell);
void add_forward(CLI::App& app, Shell& shell);
void add_state(CLI::App& app, Shell& shell);
void add_contents(CLI::App& app, Shell& shell);
void add_custody(CLI::App& app, Shell& shell);
void add_events(CLI::App& app, Shell& shell);
void add_balance(CLI::App& app, Shell& shell);
void add_verdict(CLI::App& app, Shell& shell);
void add_scan(CLI::App& app, Shell& shell);
void add_receipt(CLI::App& app, Shell& shell);
void add_parties(CLI::App& app, Shell& shell);
void add_products(CLI::App& app, Shell& shell);
void add_sites(CLI::App& app, Shell& shell);
void add_status(CLI::App& app, Shell& shell);
void add_trust(CLI::App& app, Shell& shell);
void add_verify(CLI::App& app, Shell& shell);
void add_witness(CLI::App& app, Shell& shell);
void add_export(CLI::App& app, Shell& shell);
void add_label(CLI::App& app, Shell& shell);
void add_compare(CLI::App& app, Shell& shell);
void add_audit(CLI::App& app, Shell& shell);
void add_bench(CLI::App& app, Shell& shell);
void add_access(CLI::App& app, Shell& shell);

// Runs the program and returns its exit code.
int run_program(int argc, const char* const* argv);

// Adds a command whose options are a plain struct. `make` declares the options on the new command.
template <class Options>
void add_command(CLI::App& app, Shell& shell, const std::string& name, Help about,
                 void (*declare)(CLI::App&, Options&, const Shell&),
                 ExitCode (*run)(Shell&, const Options&)) {
  auto* command = app.add_subcommand(name, help(about, shell.lang));
  auto options = std::make_shared<Options>();  // shared, because CLI11 copies the callback
  declare(*command, *options, shell);
  command->callback([&shell, options, run] { shell.exit = run(shell, *options); });
}

}  // namespace suyuan
