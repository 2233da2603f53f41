// suyuan-node serve: runs the node.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "ledger/base/error.h"
#include "node/node.h"
#include "node/options.h"

namespace suyuan {

struct ServeCommand {
  ServeOptions options = {};
  std::string rpc = "127.0.0.1:7400";
  std::string http = "127.0.0.1:7480";
  CLI::App* command = nullptr;

  void add_to(CLI::App& app);
  bool is_parsed() const { return command->parsed(); }
  // Until it is told to end. `wrap_order` is for benchmarks.
  Result<Done> run(WrapOrder wrap_order = {}) const;

 private:
  void add_load_options();
  void add_quota_options();
  void add_publishing_options();
  void add_order_options();
  void add_upkeep_options();
};

}  // namespace suyuan
