// Provenance bundles of random cans over a generated ledger: makes and writes, reads and verifies
// them.
#include <benchmark/benchmark.h>

#include <map>
#include <random>

#include "bench/generator.h"
#include "bench/must.h"
#include "bench/workload.h"
#include "ledger/apply/head_rows.h"
#include "ledger/apply/seal.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/make_bundle.h"
#include "proto/json/bundle_json.h"

namespace suyuan::bench {
namespace {

struct Sealed {
  MemoryStore store;
  Generated made;
  ChainMap map;
  LedgerHead head;
  std::string checkpoint;
  Policy policy;
};

void seal(Sealed& ledger) {
  const Reader& state = ledger.store.latest();
  ledger.map = must(ChainMap::build(HeadRows(state)));
  const auto before = must(read_head(state));
  const auto applied =
      must(apply_seal(state, before.position + 1, before.time_ms, ledger.map.root()));
  must(ledger.store.commit(applied.changes));
  ledger.head = applied.head;
  const KeyPair log = bench_key("the log");
  ledger.policy = policy_of_log(before.origin, log.key);
  ledger.checkpoint = sign_checkpoint(
      {.origin = before.origin, .head = {.size = applied.head.leaves, .root = applied.root}},
      log.secret, log.key);
}

const Sealed& sealed(size_t events) {
  static std::map<size_t, Sealed> kept;
  const auto [at, is_new] = kept.try_emplace(events);
  Sealed& ledger = at->second;
  if (!is_new) return ledger;
  start_ledger(ledger.store, kStartMs);
  ledger.made = generate(ledger.store, bench_key(kRegistrar), {.events = events,
                                                               .start_ms = kStartMs});
  seal(ledger);
  return ledger;
}

Bundle made(const Sealed& ledger, const Reader& state, const std::string& code) {
  const HeadRows rows(state);
  return must(make_bundle({.state = state,
                           .rows = rows,
                           .map = ledger.map,
                           .checkpoint = ledger.checkpoint,
                           .size = ledger.head.leaves},
                          code, decode_any_payload));
}

const std::string& any_can(const Sealed& ledger, std::mt19937_64& random) {
  return ledger.made.cans[random() % ledger.made.cans.size()];
}

void count(benchmark::State& state, size_t events, size_t bytes) {
  state.SetItemsProcessed(static_cast<int64_t>(events));
  state.counters["events_in_bundle"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kAvgIterations);
  state.counters["bytes"] =
      benchmark::Counter(static_cast<double>(bytes), benchmark::Counter::kAvgIterations);
}

// Items are events of bundles.
void make(benchmark::State& state) {
  const auto& ledger = sealed(static_cast<size_t>(state.range(0)));
  const auto reader = ledger.store.snapshot();
  std::mt19937_64 random(1);
  size_t events = 0, bytes = 0;
  for (auto _ : state) {
    const Bundle bundle = made(ledger, *reader, any_can(ledger, random));
    events += bundle.events.size();
    bytes += write_bundle_json(bundle).size();
  }
  count(state, events, bytes);
}
BENCHMARK(make)->Name("bundle/make")->ArgName("ledger")->Arg(10'000);

void verify(benchmark::State& state) {
  const auto& ledger = sealed(static_cast<size_t>(state.range(0)));
  const auto reader = ledger.store.snapshot();
  std::mt19937_64 random(1);
  constexpr size_t kBundles = 16;
  std::vector<std::string> texts;
  for (size_t i = 0; i < kBundles; ++i) {
    texts.push_back(write_bundle_json(made(ledger, *reader, any_can(ledger, random))));
  }
  size_t events = 0, bytes = 0, next = 0;
  for (auto _ : state) {
    const std::string& text = texts[next++ % texts.size()];
    const auto verdict = verify_bundle_text(text, ledger.policy, ledger.head.time_ms);
    SUYUAN_CHECK(verdict.judged == Judged::proven);
    events += verdict.counts.events;
    bytes += text.size();
  }
  count(state, events, bytes);
}
BENCHMARK(verify)->Name("bundle/verify")->ArgName("ledger")->Arg(10'000);

}  // namespace
}  // namespace suyuan::bench
