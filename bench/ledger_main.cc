// suyuan-bench-ledger: makes a node's data folder with a generated ledger, and a file of its codes;
// prints one line of JSON: what was made, and its bytes on disk.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "bench/compact.h"
#include "bench/generator.h"
#include "bench/lot.h"
#include "bench/must.h"
#include "ledger/crypto/key_file.h"
#include "ledger/os/files.h"
#include "ledger/store/rocks/rocks_store.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/data_folder.h"
#include "node/pipeline/receipts.h"

namespace suyuan::bench {
namespace {

// Of the block cache and of the rows in memory, while a ledger is made.
constexpr size_t kMakingBytes = size_t{1} << 30;

struct Wanted {
  std::string data;
  std::string codes;
  size_t events = 100'000;
  LotPlan lot;
  bool compact = false;
};

uint64_t bytes_under(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void write_key(const std::string& path, std::string_view name, std::string_view whose) {
  const auto text = must(write_key_file(name, bench_seed(whose).view(), "", {}));
  must(write_new_file(path, text, FileMode::secret));
}

// What `suyuan-node init` makes, of an earlier time and with keys that everybody can make.
void make_data_folder(const DataFolder& folder, int64_t time_ms) {
  const Genesis genesis = bench_genesis();
  std::filesystem::create_directories(folder.path + "/keys");
  write_key(folder.log_key(), genesis.origin, kBenchLog);
  write_key(folder.node_key(), kBenchNode, kBenchNode);
  write_key(folder.authority_key(kRegistrar), kRegistrar, kRegistrar);
  const Bytes leaf = write_leaf(LeafKind::genesis, time_ms, must(write_genesis(genesis)));
  must(write_file(folder.genesis(), leaf, FileMode::shared));
  RocksOptions options;
  options.path = folder.store();
  options.create = true;
  start_ledger(*must(open_rocks(options)), time_ms);
}

int run(const Wanted& wanted) {
  const auto start = std::chrono::steady_clock::now();
  const DataFolder folder{wanted.data};
  const int64_t start_ms = now_ms() - kGeneratedMs;
  if (!std::filesystem::exists(folder.store())) make_data_folder(folder, start_ms);
  RocksOptions options;
  options.path = folder.store();
  options.bulk = true;  // nobody's yet
  options.block_cache_bytes = kMakingBytes;
  options.write_buffers_total_bytes = kMakingBytes;
  auto store = must(open_rocks(options));
  const auto head = must(read_head(store->latest()));
  const NamedKeyPair node{std::string(kBenchNode), bench_key(kBenchNode)};
  const ReceiptRow receipt = [&](const LedgerHead& grown, const Hash& root) {
    return receipt_row({.origin = head.origin, .genesis = head.genesis}, node, grown, root);
  };
  Generated generated;
  if (wanted.events > 0) {
    generated = generate(
        *store, bench_key(kRegistrar),
        {.events = wanted.events, .start_ms = start_ms, .receipt_row = receipt});
  }
  MadeLot lot;
  if (wanted.lot.units > 0) {
    LotPlan plan = wanted.lot;
    plan.start_ms = std::max(start_ms, must(read_head(store->latest())).time_ms);
    plan.receipt_row = receipt;
    lot = make_lot(*store, bench_key(kRegistrar), plan);
  }
  must(store->flush());
  const uint64_t events = must(read_head(store->latest())).events;
  store.reset();
  const auto taken = std::chrono::steady_clock::now() - start;
  if (!wanted.codes.empty()) {
    std::string text;
    for (const auto& can : generated.cans) text += can + '\n';
    must(write_file(wanted.codes, text, FileMode::shared));
  }
  std::printf("{\"made\":%zu,\"events\":%llu,\"seconds\":%.1f,\"lot\":\"%s\",\"units\":%zu,"
              "\"lotBatch\":%zu,\"payloadBytes\":%llu,\"storeBytes\":%llu",
              generated.events + lot.events, static_cast<unsigned long long>(events),
              std::chrono::duration<double>(taken).count(), lot.code.c_str(), wanted.lot.units,
              wanted.lot.batch, static_cast<unsigned long long>(lot.payload_bytes),
              static_cast<unsigned long long>(bytes_under(folder.store())));
  if (wanted.compact) {
    const auto sizes = compact_all(options);
    std::printf(",\"compactedBytes\":%llu,\"tables\":{",
                static_cast<unsigned long long>(bytes_under(folder.store())));
    for (const auto& one : sizes) {
      std::printf("%s\"%s\":[%llu,%llu]", &one == sizes.data() ? "" : ",", one.name.c_str(),
                  static_cast<unsigned long long>(one.bytes),
                  static_cast<unsigned long long>(one.entries));
    }
    std::printf("}");
  }
  std::printf("}\n");
  return 0;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{"Makes a ledger for benchmarks, ready for suyuan-node serve; or adds a lot to one."};
  Wanted wanted;
  app.add_option("--data", wanted.data, "folder of the node's data")->required();
  app.add_option("--codes", wanted.codes, "write every can's code to this file");
  app.add_option("--events", wanted.events, "of shipments, at least so many; 0: none")
      ->check(CLI::Range(size_t{0}, size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--lot", wanted.lot.units, "one lot more, of so many units")
      ->check(CLI::Range(size_t{0}, size_t{10'000'000}))
      ->capture_default_str();
  app.add_option("--batch", wanted.lot.batch, "events of the lot in each batch")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--payload", wanted.lot.payload_bytes, "bytes of each unit's event; 0: as it is")
      ->check(CLI::Range(size_t{0}, size_t{4000}))
      ->capture_default_str();
  app.add_flag("!--loose", wanted.lot.packed, "the lot's units are not packed in cases");
  app.add_flag("--compact", wanted.compact, "then write all rows to the lowest level");
  CLI11_PARSE(app, argc, argv);
  return run(wanted);
}


}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) { return suyuan::bench::parse_and_run(argc, argv); }
