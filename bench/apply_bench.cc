// Apply and commit: groups of single-event batches and of full ones, in memory and on disk.
#include <benchmark/benchmark.h>

#include "bench/must.h"
#include "bench/workload.h"

namespace suyuan::bench {
namespace {

// Items are events; each iteration is one group. Signing and verifying are outside the time.
void apply_groups(benchmark::State& state, Store& store, bool with_commit) {
  const auto batch = static_cast<size_t>(state.range(0));
  const auto batches = static_cast<size_t>(state.range(1));
  Workload work(store);
  for (auto _ : state) {
    state.PauseTiming();
    const auto group = work.group(batches, batch);
    state.ResumeTiming();
    auto applied = work.posting().apply_group(group, kStartMs);
    if (!with_commit) state.PauseTiming();
    work.posting().commit(applied);
    if (!with_commit) state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batch * batches));
}

void apply_only(benchmark::State& state) {
  MemoryStore store;
  apply_groups(state, store, false);
}

void apply_in_memory(benchmark::State& state) {
  MemoryStore store;
  apply_groups(state, store, true);
}

void apply_on_disk(benchmark::State& state) {
  const BenchFolder folder;
  const auto store = fresh_rocks(folder);
  apply_groups(state, *store, true);
}

void groups(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"batch", "batches"});
  for (const auto& [batch, batches] : {std::pair{1, 64}, {256, 1}, {256, 16}}) {
    bench->Args({batch, batches});
  }
  bench->UseRealTime();
}
BENCHMARK(apply_only)->Name("apply/alone")->Apply(groups);
BENCHMARK(apply_in_memory)->Name("apply/memory")->Apply(groups);
BENCHMARK(apply_on_disk)->Name("apply/rocks")->Apply(groups);

}  // namespace
}  // namespace suyuan::bench
