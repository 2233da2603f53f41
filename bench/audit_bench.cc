// Audits a log in memory, so that only the checking is measured: leaves, records, payloads,
// signatures, tree, links, and the map at its one seal. Also measures the map's replay alone.
#include <benchmark/benchmark.h>
#include <time.h>

#include <map>

#include "bench/must.h"
#include "bench/workload.h"
#include "client/audit/audit_log.h"
#include "ledger/apply/head_rows.h"
#include "ledger/apply/seal.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/log_files.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"

namespace suyuan::bench {
namespace {

constexpr size_t kGroup = 64;

Result<EventValue> decode_any(PayloadType type, BytesView payload) {
  if (type == PayloadType::registry_capnp) return EventValue(must(decode_registry(payload)));
  return EventValue(must(decode_event(payload)));
}

// The files of a log of the given batches and events, with a seal at its end.
class Exported {
 public:
  Exported(size_t batches, size_t batch) {
    MemoryStore store;
    Workload work(store);
    for (size_t left = batches; left > 0; left -= std::min(left, kGroup)) {
      work.posting().commit(
          work.posting().apply_group(work.group(std::min(left, kGroup), batch), kStartMs));
    }
    const auto head = must(read_head(store.latest()));
    const auto map = must(ChainMap::build(HeadRows(store.latest())));
    const auto sealed = must(apply_seal(store.latest(), head.position + 1, kStartMs, map.root()));
    must(store.commit(sealed.changes));
    const KeyPair log = bench_key("the log");
    const uint64_t size = sealed.head.leaves;
    const auto note = sign_checkpoint(
        {.origin = head.origin, .head = {.size = size, .root = sealed.root}}, log.secret, log.key);
    StoreLog source(store.latest(), size, note);
    const auto keep = [&](const std::string& path) { files[path] = must(source.read(path)); };
    const auto keep_tile = [&](const Tile& tile) { return keep(write_tile_path(tile)), true; };
    keep("checkpoint");
    for_each_new_tile(0, size, std::nullopt, keep_tile);
    for (unsigned level = 0; level < 3; ++level) for_each_new_tile(0, size, level, keep_tile);
    for (uint64_t leaf = 0; leaf < size; ++leaf) keep(write_events_path(leaf));
  }
  std::map<std::string, Bytes> files;
};

class FilesInMemory final : public LogSource {
 public:
  explicit FilesInMemory(const std::map<std::string, Bytes>& files) : files_(files) {}
  Result<Bytes> read(const std::string& path) override {
    const auto file = files_.find(path);
    if (file == files_.end()) return fail(Code::NOT_FOUND, path + " is not there");
    return file->second;
  }

 private:
  const std::map<std::string, Bytes>& files_;
};

const Exported& exported(size_t batch) {
  static const Exported kSingles(4096, 1);
  static const Exported kFull(200, 256);
  return batch == 1 ? kSingles : kFull;
}

double cpu_seconds() {
  timespec now{};
  SUYUAN_CHECK(::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Items are events. On a busy machine the CPU time of all threads says more than the rate: compare
// it with ceiling/libsodium_verify of the same run.
void audit_whole(benchmark::State& state) {
  const Exported& log = exported(static_cast<size_t>(state.range(0)));
  const AuditPlan plan{.open = [&]() -> Result<std::unique_ptr<LogSource>> {
                         return std::unique_ptr<LogSource>(
                             std::make_unique<FilesInMemory>(log.files));
                       },
                       .decode = decode_any,
                       .jobs = static_cast<unsigned>(state.range(1))};
  uint64_t events = 0;
  const double begin = cpu_seconds();
  for (auto _ : state) {
    const auto report = must(audit_log(plan));
    if (report.fault) give_up(report.fault->message);
    events += report.counts.events;
  }
  state.SetItemsProcessed(static_cast<int64_t>(events));
  state.counters["cpu_us_of_event"] =
      (cpu_seconds() - begin) * 1e6 / static_cast<double>(events);
}
BENCHMARK(audit_whole)
    ->Name("audit/log")
    ->ArgNames({"batch", "jobs"})
    ->Args({1, 1})
    ->Args({1, 2})
    ->Args({256, 1})
    ->Args({256, 2})
    ->UseRealTime();

// Items are codes whose chain has grown since the earlier seal: their links and the fold.
void map_replay(benchmark::State& state) {
  constexpr uint64_t kChanged = 10'000;
  const auto codes = static_cast<uint64_t>(state.range(0));
  AuditHeads heads;
  const Hash record = seeded("record");
  const auto link = [&](uint64_t code) {
    heads.link(seeded("code", code), {.leaf = 1, .event = 0}, record);
  };
  for (uint64_t code = 0; code < codes; ++code) link(code);
  must(heads.root());
  std::vector<Hash> keys;
  uint64_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    keys.clear();
    for (uint64_t i = 0; i < kChanged; ++i) keys.push_back(seeded("code", next++ * 7919 % codes));
    state.ResumeTiming();
    for (const Hash& key : keys) heads.link(key, {.leaf = 2, .event = 0}, record);
    benchmark::DoNotOptimize(must(heads.root()));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kChanged));
}
BENCHMARK(map_replay)
    ->Name("audit/map_replay")
    ->ArgName("codes")
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->UseRealTime();

}  // namespace
}  // namespace suyuan::bench
