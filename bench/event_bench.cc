// One event: its canonical bytes, its own rules, and both as a node does them for each arriving
// event.
#include <benchmark/benchmark.h>

#include "bench/must.h"
#include "bench/shipment.h"
#include "bench/workload.h"
#include "ledger/event/validate.h"
#include "proto/event_codec.h"

namespace suyuan::bench {
namespace {

// A packing of eight cases on a pallet: larger than most events, but not extreme.
TraceEvent packing() {
  const auto shipment = make_shipment(0, kStartMs);
  for (const auto& stage : shipment.stages) {
    for (const auto& event : stage.events) {
      if (event.children.size() == kCasesOnPallet) return event;
    }
  }
  give_up("a shipment has no pallet");
}

void encode_one(benchmark::State& state) {
  const TraceEvent event = packing();
  for (auto _ : state) benchmark::DoNotOptimize(encode_event(event));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_one)->Name("event/encode");

void decode_one(benchmark::State& state) {
  const Bytes payload = encode_event(packing());
  for (auto _ : state) benchmark::DoNotOptimize(must(decode_event(payload)));
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(payload.size()));
}
BENCHMARK(decode_one)->Name("event/decode");

void validate_one(benchmark::State& state) {
  const TraceEvent event = packing();
  SUYUAN_CHECK(faults_of(event).empty());
  for (auto _ : state) benchmark::DoNotOptimize(faults_of(event));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(validate_one)->Name("event/validate");

void decode_and_validate(benchmark::State& state) {
  const Bytes payload = encode_event(packing());
  for (auto _ : state) {
    const auto event = must(decode_event(payload));
    benchmark::DoNotOptimize(faults_of(event));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_and_validate)->Name("event/decode+validate");

}  // namespace
}  // namespace suyuan::bench
