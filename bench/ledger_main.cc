// suyuan-bench-ledger: makes a node's data folder with a generated ledger, and a file of its codes.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "bench/generator.h"
#include "bench/must.h"
#include "ledger/crypto/key_file.h"
#include "ledger/os/files.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/init.h"
#include "node/receipts.h"

namespace suyuan::bench {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;

int run(int argc, char** argv) {
  CLI::App app{"Makes a ledger of shipments for benchmarks, ready for suyuan-node serve."};
  std::string data;
  std::string codes;
  size_t events = 100'000;
  app.add_option("--data", data, "folder of the node's data; must hold no ledger yet")->required();
  app.add_option("--codes", codes, "write every can's code to this file")->required();
  app.add_option("--events", events, "at least so many")
      ->check(CLI::Range(size_t{1}, size_t{100'000'000}))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const auto start = std::chrono::steady_clock::now();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
  const int64_t start_ms = now_ms - kGeneratedMs;
  const auto made =
      must(init_ledger({.data = data, .origin = "bench.suyuan.example/log"}, start_ms));
  const auto key_text = must(read_file(made.authority_key_files.at(0), kKeyFileBytesMax));
  auto registrar = must(read_key_file(key_text, ""));
  RocksOptions options;
  options.path = DataFolder{data}.store();
  const auto store = must(open_rocks(options));
  const auto head = must(read_head(store->latest()));
  const auto node_text = must(read_file(DataFolder{data}.node_key(), kKeyFileBytesMax));
  const ReceiptSigner signer({.origin = head.origin, .genesis = head.genesis},
                             must(read_key_file(node_text, "")));
  const auto generated =
      generate(*store, std::move(registrar.pair),
               {.events = events,
                .start_ms = start_ms,
                .receipt_row = [&](const LedgerHead& grown, const Hash& root) {
                  return signer.receipt_row(grown, root);
                }});
  std::string text;
  for (const auto& can : generated.cans) text += can + '\n';
  must(write_file(codes, text, FileMode::shared));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::printf("%zu events, %zu cans, in %.1f s\n", generated.events, generated.cans.size(),
              taken.count());
  return 0;
}

}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) { return suyuan::bench::run(argc, argv); }
