// The subcommands of `suyuan-node gateway`: its key, and the tokens of parties' programs.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "ledger/base/error.h"
#include "ledger/os/passphrase.h"

namespace suyuan {

struct GatewayCommands {
  std::string data;
  std::string party;
  bool is_public = false;
  PassphraseSource passphrase = {};  // of the key that init makes
  CLI::App* init = nullptr;
  CLI::App* add = nullptr;
  CLI::App* remove = nullptr;
  CLI::App* list = nullptr;

  void add_to(CLI::App& app);
  bool is_parsed() const {
    return init->parsed() || add->parsed() || remove->parsed() || list->parsed();
  }
  // Prints what was done.
  Result<Done> run() const;
};

}  // namespace suyuan
