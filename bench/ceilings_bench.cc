// The machine's own ceilings, to compare every other figure with: signatures, synced rows, syncs.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "bench/must.h"
#include "bench/workload.h"

namespace suyuan::bench {
namespace {

constexpr size_t kNoteBytes = 320;  // size of a batch note with one party

void verify_signature(benchmark::State& state) {
  init_crypto();
  const KeyPair pair = bench_key("ceiling");
  const std::string text(kNoteBytes, 'n');
  const Signature signature = sign(pair.secret, text);
  const auto* message = reinterpret_cast<const unsigned char*>(text.data());
  for (auto _ : state) {
    SUYUAN_CHECK(crypto_sign_verify_detached(signature.data.data(), message, text.size(),
                                             pair.key.data.data()) == 0);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_signature)
    ->Name("ceiling/libsodium_verify")
    ->Threads(1)
    ->ThreadPerCpu()
    ->UseRealTime();

// As above with differing signatures, as in a log: the processor cannot reuse what it learned from
// the previous one.
void verify_signatures(benchmark::State& state) {
  init_crypto();
  constexpr size_t kTexts = 4096;
  constexpr size_t kKeys = 16;
  struct Signed {
    std::string text;
    Signature signature;
    PublicKey key;
  };
  static const auto* kAll = [] {
    auto* all = new std::vector<Signed>;
    for (size_t i = 0; i < kTexts; ++i) {
      const KeyPair pair = bench_key("ceiling " + std::to_string(i % kKeys));
      std::string text = std::to_string(i) + std::string(kNoteBytes, 'n');
      text.resize(kNoteBytes);
      const Signature signature = sign(pair.secret, text);
      all->push_back({std::move(text), signature, pair.key});
    }
    return all;
  }();
  size_t next = static_cast<size_t>(state.thread_index()) * 1000;
  for (auto _ : state) {
    const Signed& one = (*kAll)[next++ % kTexts];
    SUYUAN_CHECK(verify(one.key, one.text, one.signature));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_signatures)
    ->Name("ceiling/libsodium_verify_many")
    ->Threads(1)
    ->ThreadPerCpu()
    ->UseRealTime();

// Writes the rows that apply made of the same groups into a separate store: what RocksDB takes when
// nothing is verified or judged. Items are events.
void commit_rows(benchmark::State& state) {
  const auto batch = static_cast<size_t>(state.range(0));
  const auto batches = static_cast<size_t>(state.range(1));
  MemoryStore source;
  Workload work(source);
  const BenchFolder folder;
  const auto store = fresh_rocks(folder);
  size_t rows = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto applied = work.posting().apply_group(work.group(batches, batch), kStartMs);
    work.posting().commit(applied);
    rows += applied.changes.size();
    state.ResumeTiming();
    must(store->commit(applied.changes));
  }
  const auto events = state.iterations() * static_cast<int64_t>(batch * batches);
  state.SetItemsProcessed(events);
  state.counters["rows_of_event"] = static_cast<double>(rows) / static_cast<double>(events);
}
BENCHMARK(commit_rows)
    ->Name("ceiling/rocks_commit")
    ->ArgNames({"batch", "batches"})
    ->Args({1, 1})
    ->Args({1, 16})
    ->Args({1, 64})
    ->Args({1, 256})
    ->Args({256, 1})
    ->Args({256, 16})
    ->UseRealTime();

void sync_blocks(benchmark::State& state) {
  const BenchFolder folder;
  const std::string path = folder.path() + "/blocks";
  const std::string block(4096, 's');
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) give_up("cannot make " + path);
  for (auto _ : state) {
    SUYUAN_CHECK(::write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()));
    SUYUAN_CHECK(::fdatasync(file) == 0);
  }
  ::close(file);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sync_blocks)->Name("ceiling/fdatasync_4k")->UseRealTime();

}  // namespace
}  // namespace suyuan::bench
