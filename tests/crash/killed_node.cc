// A node like suyuan-node serve that kills itself at the n-th step on the way of its seals:
//   killed_node serve --data D --rpc A --http A --ports-file F --log-level L --kill-at N
#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>

#include "ledger/os/files.h"
#include "node/node.h"

int main(int argc, char** argv) {
  using namespace suyuan;
  CLI::App app{"a node for the crash test"};
  app.require_subcommand(1);
  auto* serve = app.add_subcommand("serve");
  ServeOptions options;
  options.seal_interval_ms = 10;
  std::string rpc, http, level;
  int steps = 1;
  serve->add_option("--data", options.data);
  serve->add_option("--rpc", rpc);
  serve->add_option("--http", http);
  serve->add_option("--log-level", level);
  serve->add_option("--ports-file", options.ports_file);
  serve->add_option("--kill-at", steps);
  CLI11_PARSE(app, argc, argv);
  options.rpc.port = 0;
  options.http.port = 0;
  std::atomic<int> left{steps};
  const auto node = Node::open(options, system_now_ms, [&left](PublishStep) {
    if (--left == 0) std::raise(SIGKILL);
  });
  if (!node) {
    std::fprintf(stderr, "%s\n", to_text(node.error()).c_str());
    return 1;
  }
  const std::string ports = "rpc " + std::to_string((*node)->rpc_port()) + "\nhttp " +
                            std::to_string((*node)->http_port()) + "\n";
  if (!write_file(options.ports_file, ports, FileMode::shared)) return 1;
  return (*node)->run(true) ? 0 : 1;
}
