// A batch from its bytes to a VerifiedBatch, as a node's workers do it: decode, signature, rules,
// root.
#include <benchmark/benchmark.h>

#include "bench/must.h"
#include "bench/workload.h"
#include "proto/submission_codec.h"

namespace suyuan::bench {
namespace {

struct Arrived {
  MemoryStore store;
  Workload work{store};
  Submission submission;

  explicit Arrived(size_t events) : submission(work.posting().sign(kMaker, work.events(events))) {}
};

const Arrived& arrived(size_t events) {
  static const Arrived kSingle(1);
  static const Arrived kFull(256);
  return events == 1 ? kSingle : kFull;
}

// Items are events. The time includes a copy of the submission, because verification consumes it.
void verify_batch(benchmark::State& state) {
  const auto events = static_cast<size_t>(state.range(0));
  const Arrived& one = arrived(events);
  const LedgerId& id = one.work.posting().id();
  for (auto _ : state) {
    auto decoded = must(decode_batch(one.submission));
    benchmark::DoNotOptimize(must(verify(std::move(decoded), id, one.store.latest())));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(verify_batch)
    ->Name("batch/decode+verify")
    ->ArgName("events")
    ->Arg(1)
    ->Arg(256)
    ->Threads(1)
    ->ThreadPerCpu()
    ->UseRealTime();

}  // namespace
}  // namespace suyuan::bench
