// suyuan-bench-verify-only: the ceiling of what a node can acknowledge. It is the node's program
// with one part replaced. Behind network thread, workers, decoding and verification is a log that
// answers each batch of events at once: nothing of it is ordered, applied, committed or synced.
// Options are those of `suyuan-node serve`, except `--order etcd`. The data folder is made by
// `suyuan-node init`.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "bench/answering_order.h"
#include "node/commands/serve.h"

namespace suyuan::bench {
namespace {

// Other nodes would follow a log that lacks what this server acknowledged.
Result<Done> check_own_log(const ServeOptions& options) {
  if (!options.order.etcd()) return Done{};
  return fail(Code::INVALID_FIELD,
              "this server forgets the events that it acknowledges, so it takes no log that nodes "
              "share: leave out --order etcd");
}

int parse_and_serve(int argc, char** argv) {
  CLI::App app{"A node that verifies events, answers and forgets them. For benchmarks only."};
  app.require_subcommand(1);
  ServeCommand serve;
  serve.add_to(app);
  CLI11_PARSE(app, argc, argv);
  auto served = check_own_log(serve.options);
  if (served) {
    served = serve.run([](std::unique_ptr<Order> log) -> std::unique_ptr<Order> {
      return std::make_unique<AnsweringOrder>(std::move(log));
    });
  }
  if (served) return 0;
  std::fprintf(stderr, "suyuan-bench-verify-only: %s\n", to_text(served.error()).c_str());
  return 1;
}

}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) { return suyuan::bench::parse_and_serve(argc, argv); }
