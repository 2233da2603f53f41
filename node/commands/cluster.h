// The subcommands of suyuan-node for a log that several nodes share: migrate, recover.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "ledger/base/error.h"
#include "node/startup/ordering.h"
#include "node/startup/recover.h"

namespace suyuan {

struct ClusterCommands {
  MigrateOptions migrating;
  PassphraseSource passphrase = {};  // of the node's key files, where they are sealed
  RecoverOptions recovering{.data = {}, .order = {.kind = "etcd"}};
  uint64_t wait_s = 600;
  uint64_t settle_s = 10;
  CLI::App* migrate_command = nullptr;
  CLI::App* recover_command = nullptr;

  void add_to(CLI::App& app);
  bool is_parsed() const { return migrate_command->parsed() || recover_command->parsed(); }
  // Prints what was done.
  Result<Done> run() const;

 private:
  Result<Done> run_recover() const;
};

}  // namespace suyuan
