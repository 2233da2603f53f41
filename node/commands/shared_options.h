// Options that subcommands of several groups take.
#pragma once

#include <CLI/CLI.hpp>

#include "ledger/os/passphrase.h"
#include "node/options.h"

namespace suyuan {

void add_passphrase_options(CLI::App& command, PassphraseSource& source);
void add_etcd_options(CLI::App& command, OrderOptions& order);

}  // namespace suyuan
