// Traces random cans back over a generated ledger: no network, in memory and on disk.
#include <benchmark/benchmark.h>

#include <map>
#include <random>

#include "bench/generator.h"
#include "bench/must.h"
#include "bench/workload.h"
#include "ledger/provenance/provenance.h"

namespace suyuan::bench {
namespace {

constexpr size_t kFewestSteps = 30;

struct InMemory {
  MemoryStore store;
  Generated made;
};
struct OnDisk {
  BenchFolder folder;
  std::unique_ptr<RocksStore> store;
  Generated made;
};

void fill(Store& store, size_t events, Generated& made) {
  start_ledger(store, kStartMs);
  made = generate(store, bench_key(kRegistrar), {.events = events, .start_ms = kStartMs});
}

const InMemory& in_memory(size_t events) {
  static std::map<size_t, InMemory> kept;
  const auto [at, is_new] = kept.try_emplace(events);
  if (is_new) fill(at->second.store, events, at->second.made);
  return at->second;
}

// Reopened with a block cache smaller than the store, as on a node with a long history.
const OnDisk& on_disk(size_t events) {
  // What RocksDB keeps for the process is made before `kept`, and so ends after the stores in it.
  [[maybe_unused]] static const bool was_opened = (fresh_rocks(BenchFolder()), true);
  static std::map<size_t, OnDisk> kept;
  const auto [at, is_new] = kept.try_emplace(events);
  OnDisk& one = at->second;
  if (!is_new) return one;
  fill(*fresh_rocks(one.folder), events, one.made);
  RocksOptions options;
  options.path = one.folder.path() + "/store";
  options.block_cache_bytes = size_t{8} << 20;
  one.store = must(open_rocks(options));
  return one;
}

void trace(benchmark::State& state, const Store& store, const Generated& made) {
  constexpr uint32_t kSeed = 1;
  std::mt19937_64 random(kSeed);
  std::uniform_int_distribution<size_t> any(0, made.cans.size() - 1);
  const auto reader = store.snapshot();
  size_t steps = 0;
  for (auto _ : state) {
    const auto answer = must(trace_back(*reader, made.cans[any(random)], {}));
    SUYUAN_CHECK(answer.steps.size() >= kFewestSteps);
    steps += answer.steps.size();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["events_in_answer"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kAvgIterations);
}

void trace_in_memory(benchmark::State& state) {
  const auto& ledger = in_memory(static_cast<size_t>(state.range(0)));
  trace(state, ledger.store, ledger.made);
}
BENCHMARK(trace_in_memory)->Name("trace/memory")->ArgName("ledger")->Arg(10'000);

void trace_on_disk(benchmark::State& state) {
  const auto& ledger = on_disk(static_cast<size_t>(state.range(0)));
  trace(state, *ledger.store, ledger.made);
}
BENCHMARK(trace_on_disk)
    ->Name("trace/rocks")
    ->ArgName("ledger")
    ->Arg(10'000)
    ->Arg(100'000)
    ->UseRealTime();

}  // namespace
}  // namespace suyuan::bench
