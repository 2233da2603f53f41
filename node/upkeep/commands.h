// The subcommands of suyuan-node that look after its data: backup, check-backup, restore, import.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ledger/base/error.h"
#include "ledger/os/passphrase.h"

namespace suyuan {

struct UpkeepCommands {
  std::string data;
  std::string from;
  std::string to;
  std::string log;
  std::optional<uint64_t> size;
  bool with_keys = false;
  PassphraseSource passphrase = {};  // of the keys, for restore --log and import
  CLI::App* backup = nullptr;
  CLI::App* check = nullptr;
  CLI::App* restore = nullptr;
  CLI::App* imports = nullptr;

  void add_to(CLI::App& app);
  bool is_parsed() const {
    return backup->parsed() || check->parsed() || restore->parsed() || imports->parsed();
  }
  // Prints what was done.
  Result<Done> run() const;
};

}  // namespace suyuan
