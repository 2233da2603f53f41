// Product codes: the cost of parsing one, checking that it is canonical, and making its key.
#include <benchmark/benchmark.h>

#include "bench/must.h"
#include "ledger/code/code.h"

namespace suyuan::bench {
namespace {

constexpr std::string_view kSent[] = {
    "(01)09521104301011(21)3BGEJEE2QM52",
    "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52",
    "urn:epc:id:sscc:952110400.30000010",
    "(00)395211040000010013",
    "https://shop.example/01/09521104301011/10/L2606A?17=271231",
};

void parse_sent(benchmark::State& state, std::string_view sent) {
  must(parse_code(sent));
  for (auto _ : state) benchmark::DoNotOptimize(parse_code(sent));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(parse_sent, element_string, kSent[0])->Name("code/parse/element_string");
BENCHMARK_CAPTURE(parse_sent, digital_link, kSent[1])->Name("code/parse/digital_link");
BENCHMARK_CAPTURE(parse_sent, epc_urn, kSent[2])->Name("code/parse/epc_urn");
BENCHMARK_CAPTURE(parse_sent, sscc, kSent[3])->Name("code/parse/sscc");
BENCHMARK_CAPTURE(parse_sent, foreign_link, kSent[4])->Name("code/parse/foreign_link");

void canonical(benchmark::State& state) {
  const std::string code = must(parse_code(kSent[1])).text();
  for (auto _ : state) benchmark::DoNotOptimize(check_canonical(code));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(canonical)->Name("code/check_canonical");

void key(benchmark::State& state) {
  const std::string code = must(parse_code(kSent[1])).text();
  for (auto _ : state) benchmark::DoNotOptimize(code_key(code));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(key)->Name("code/key");

}  // namespace
}  // namespace suyuan::bench
