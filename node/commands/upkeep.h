// The subcommands of suyuan-node that look after its data: export, backup, check-backup,
// purge-backups, restore, import.
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
  bool purge = false;
  PassphraseSource passphrase = {};  // of the keys, for restore --log and import
  std::string out;  // of export
  bool all = false;
  CLI::App* exports = nullptr;
  CLI::App* backup = nullptr;
  CLI::App* check = nullptr;
  CLI::App* purge_all = nullptr;
  CLI::App* restore = nullptr;
  CLI::App* imports = nullptr;

  void add_to(CLI::App& app);
  bool is_parsed() const {
    return exports->parsed() || backup->parsed() || check->parsed() || purge_all->parsed() ||
           restore->parsed() || imports->parsed();
  }
  // Prints what was done.
  Result<Done> run() const;
};

}  // namespace suyuan
