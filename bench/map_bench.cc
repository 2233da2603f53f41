// The chain map over RocksDB rows: opening, folding warm and cold, proving, verifying.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

#include "bench/must.h"
#include "bench/workload.h"
#include "ledger/apply/head_rows.h"
#include "ledger/store/schema.h"

namespace suyuan::bench {
namespace {

constexpr uint64_t kCommitRows = 50'000;
// Warm: the rows of 10^7 codes fit. Cold: with the options of a node.
constexpr size_t kWarmCacheBytes = size_t{2} << 30;
constexpr size_t kColdCacheBytes = RocksOptions{}.block_cache_bytes;

Hash code_number(uint64_t number) { return seeded("map code", number); }

// A store with the heads of this many chains, and its map. Kept while the same size is requested.
class MapLedger {
 public:
  explicit MapLedger(uint64_t codes) : codes_(codes) {
    open(kWarmCacheBytes);
    std::vector<MapEntry> rows;
    for (uint64_t i = 0; i < codes; ++i) {
      rows.push_back({.key = code_number(i), .count = 1, .link = seeded("link", i)});
      if (rows.size() == kCommitRows || i + 1 == codes) {
        commit(rows);
        rows.clear();
      }
    }
    map = must(ChainMap::build(HeadRows(store_->latest())));
  }

  static MapLedger& of(uint64_t codes) {
    // Made with the first store, so that it is destroyed before RocksDB's own statics.
    static auto ledger = std::make_unique<MapLedger>(codes);
    if (ledger->codes_ != codes) {
      ledger.reset();
      ledger = std::make_unique<MapLedger>(codes);
    }
    return *ledger;
  }

  // Returns new heads, ascending; `fresh` of them are of codes that the map does not have yet.
  std::vector<MapEntry> changes(size_t count, size_t fresh) {
    std::map<Hash, MapEntry> changed;
    while (changed.size() < fresh) {
      const Hash key = code_number(codes_ + fresh_++);
      changed[key] = {.key = key, .count = 1, .link = seeded("link", ++draws_)};
    }
    while (changed.size() < count) {
      const Hash key = random_known();
      changed[key] = {.key = key, .count = ++draws_ + 1, .link = seeded("link", draws_)};
    }
    std::vector<MapEntry> rows;
    for (const auto& [key, row] : changed) rows.push_back(row);
    return rows;
  }

  void commit(const std::vector<MapEntry>& rows) {
    Changes changes;
    for (const auto& row : rows) {
      changes.push_back({Table::head, row.key.bytes(),
                         encode(ChainHead{.count = row.count, .link = row.link})});
    }
    must(store_->commit(changes));
  }

  // Brings all rows into the store's cache.
  void warm() {
    if (cache_bytes_ == kWarmCacheBytes) return;
    store_.reset();
    open(kWarmCacheBytes);
    SUYUAN_CHECK(must(ChainMap::build(HeadRows(reader()))).root() == map.root());
  }

  // Drops the store from memory: from its own cache and from the system's.
  void cool() {
    store_.reset();
    for (const auto& file : std::filesystem::directory_iterator(store_path())) {
      const int fd = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
      if (fd < 0) continue;
      ::fsync(fd);
      ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
      ::close(fd);
    }
    open(kColdCacheBytes);
  }

  Hash random_known() { return code_number(++draws_ * 0x9E3779B97F4A7C15U % codes_); }
  const Reader& reader() const { return store_->latest(); }
  uint64_t codes() const { return codes_; }

  ChainMap map;

 private:
  std::string store_path() const { return folder_.path() + "/store"; }
  void open(size_t cache_bytes) {
    cache_bytes_ = cache_bytes;
    store_ = must(open_rocks(
        {.path = store_path(), .create = true, .block_cache_bytes = cache_bytes}));
  }

  const uint64_t codes_;
  BenchFolder folder_;
  std::unique_ptr<RocksStore> store_;
  size_t cache_bytes_ = 0;
  uint64_t draws_ = 0;
  uint64_t fresh_ = 0;
};

void count_codes(benchmark::State& state, const ChainMap& map) {
  state.counters["codes/s"] = benchmark::Counter(
      static_cast<double>(map.size()), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["MiB"] = static_cast<double>(map.memory_bytes()) / (1 << 20);
}

void open_map(benchmark::State& state) {
  auto& ledger = MapLedger::of(static_cast<uint64_t>(state.range(0)));
  ChainMap map;
  for (auto _ : state) map = must(ChainMap::build(HeadRows(ledger.reader())));
  SUYUAN_CHECK(map.root() == ledger.map.root());
  count_codes(state, map);
}

// As a node opens it: two threads read the parts.
void open_in_parts(benchmark::State& state) {
  auto& ledger = MapLedger::of(static_cast<uint64_t>(state.range(0)));
  ChainMap map;
  for (auto _ : state) {
    ChainMap::Parts parts;
    const auto build = [&](unsigned first) {
      for (unsigned i = first; i < ChainMap::kParts; i += 2) {
        parts.at(i) = must(ChainMap::build_part(HeadRows(ledger.reader()), i));
      }
    };
    std::jthread other(build, 1U);
    build(0);
    other.join();
    map = ChainMap::join(parts);
  }
  SUYUAN_CHECK(map.root() == ledger.map.root());
  count_codes(state, map);
}

// Items are changed codes. As apply does, the rows are committed before, outside the time.
void fold(benchmark::State& state, bool cold, bool fresh) {
  auto& ledger = MapLedger::of(static_cast<uint64_t>(state.range(0)));
  const auto batch = static_cast<size_t>(state.range(1));
  if (!cold) ledger.warm();
  for (auto _ : state) {
    state.PauseTiming();
    const auto changed = ledger.changes(batch, fresh ? batch / 2 : 0);
    ledger.commit(changed);
    if (cold) ledger.cool();
    state.ResumeTiming();
    ledger.map = must(ledger.map.fold(HeadRows(ledger.reader()), changed));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batch));
}
void fold_warm(benchmark::State& state) { fold(state, false, false); }
void fold_cold(benchmark::State& state) { fold(state, true, false); }
void fold_half_new(benchmark::State& state) { fold(state, false, true); }

void prove(benchmark::State& state, bool there) {
  auto& ledger = MapLedger::of(static_cast<uint64_t>(state.range(0)));
  const HeadRows rows(ledger.reader());
  uint64_t number = 0;
  size_t bytes = 0;
  size_t most = 0;
  for (auto _ : state) {
    const Hash key = there ? ledger.random_known() : seeded("no code", ++number);
    const auto answer = must(ledger.map.prove(rows, key));
    SUYUAN_CHECK(answer.entry.has_value() == there);
    bytes += answer.proof.size();
    most = std::max(most, answer.proof.size());
  }
  state.counters["bytes"] = benchmark::Counter(static_cast<double>(bytes),
                                               benchmark::Counter::kAvgIterations);
  state.counters["bytes_max"] = static_cast<double>(most);
}
void prove_presence(benchmark::State& state) { prove(state, true); }
void prove_absence(benchmark::State& state) { prove(state, false); }

void check(benchmark::State& state) {
  auto& ledger = MapLedger::of(static_cast<uint64_t>(state.range(0)));
  const auto answer = must(ledger.map.prove(HeadRows(ledger.reader()), ledger.random_known()));
  const Hash root = ledger.map.root();
  for (auto _ : state) SUYUAN_CHECK(proves_presence(root, *answer.entry, answer.proof));
}

void node_hash(benchmark::State& state) {
  Hash left = seeded("left");
  const Hash right = seeded("right");
  for (auto _ : state) left = trie_node(20, left, right);
  benchmark::DoNotOptimize(left);
}
BENCHMARK(node_hash)->Name("map/node_hash");

// Grouped by size, so that each ledger is made once.
[[maybe_unused]] const bool kRegistered = [] {
  for (const int64_t codes : {100'000, 1'000'000, 10'000'000}) {
    const auto add = [](const char* name, void (*run)(benchmark::State&)) {
      return benchmark::RegisterBenchmark(name, run)->UseRealTime();
    };
    const auto over_codes = [&](const char* name, void (*run)(benchmark::State&)) {
      return add(name, run)->ArgNames({"codes"})->Args({codes});
    };
    over_codes("map/open", open_map)->Unit(benchmark::kMillisecond);
    over_codes("map/open_two_threads", open_in_parts)->Unit(benchmark::kMillisecond);
    over_codes("map/prove_presence", prove_presence)->Unit(benchmark::kMicrosecond);
    over_codes("map/prove_absence", prove_absence)->Unit(benchmark::kMicrosecond);
    over_codes("map/check", check)->Unit(benchmark::kMicrosecond);
    for (const int64_t batch : {1'000, 10'000}) {
      const auto folds = [&](const char* name, void (*run)(benchmark::State&)) {
        return add(name, run)
            ->ArgNames({"codes", "batch"})
            ->Args({codes, batch})
            ->Unit(benchmark::kMillisecond);
      };
      folds("map/fold", fold_warm);
      folds("map/fold_half_new", fold_half_new);
      folds("map/fold_cold", fold_cold)->Iterations(5);
    }
  }
  return true;
}();

}  // namespace
}  // namespace suyuan::bench
