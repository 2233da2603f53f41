// The subcommands of suyuan-node that make a ledger and the keys of its nodes: init, key,
// seal-keys, join.
#pragma once

#include <CLI/CLI.hpp>

#include "ledger/base/error.h"
#include "node/options.h"

namespace suyuan {

struct MakingCommands {
  InitOptions init = {};
  KeyOptions key = {};
  SealKeysOptions sealing = {};
  JoinOptions joining = {};
  CLI::App* init_command = nullptr;
  CLI::App* key_command = nullptr;
  CLI::App* seal_command = nullptr;
  CLI::App* join_command = nullptr;

  void add_to(CLI::App& app);
  bool is_parsed() const {
    return init_command->parsed() || key_command->parsed() || seal_command->parsed() ||
           join_command->parsed();
  }
  // Prints what was done.
  Result<Done> run() const;
};

}  // namespace suyuan
