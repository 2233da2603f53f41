// Suyuan and other databases on the same work: rows of the same groups written and synced, and the
// same cans traced back over the same ledger. The others get what apply made (hashes, links, rows),
// so their time includes nothing that Suyuan derives or checks.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <random>
#include <set>

#include "bench/generator.h"
#include "bench/must.h"
#include "bench/peers/peer.h"
#include "bench/workload.h"
#include "ledger/code/code.h"
#include "ledger/provenance/provenance.h"
#include "proto/event_codec.h"

namespace suyuan::bench {
namespace {

using MakePeer = std::unique_ptr<Peer> (*)(const std::string& folder);

const char* postgres_words() { return std::getenv("SUYUAN_BENCH_POSTGRES"); }
std::unique_ptr<Peer> open_postgres(const std::string&) { return make_postgres(postgres_words()); }
std::unique_ptr<Peer> open_sqlite(const std::string& folder) { return make_sqlite(folder); }

PeerTable rows_of(Table table) {
  return {.name = "rows_" + std::string(word(table)), .columns = {"key", "value"}};
}

void commit_to(Peer& peer, const Changes& changes) {
  std::array<std::vector<PeerRow>, kTableCount> rows;
  std::array<std::vector<std::string>, kTableCount> removed;
  for (const Change& change : changes) {
    const auto table = static_cast<size_t>(change.table);
    if (change.value) {
      rows.at(table).push_back({change.key, *change.value});
    } else {
      removed.at(table).push_back(change.key);
    }
  }
  peer.begin();
  for (size_t i = 0; i < kTableCount; ++i) {
    const PeerTable table = rows_of(static_cast<Table>(i));
    if (!removed.at(i).empty()) peer.remove(table, removed.at(i));
    if (!rows.at(i).empty()) peer.put(table, rows.at(i));
  }
  peer.commit();
}

// Items are events. The rows are those of ceiling/rocks_commit.
void append_rows(benchmark::State& state, MakePeer make) {
  const auto batch = static_cast<size_t>(state.range(0));
  const auto batches = static_cast<size_t>(state.range(1));
  MemoryStore source;
  Workload work(source);
  const BenchFolder folder;
  const auto peer = make(folder.path());
  for (size_t i = 0; i < kTableCount; ++i) peer->make_table(rows_of(static_cast<Table>(i)));
  for (auto _ : state) {
    state.PauseTiming();
    const auto applied = work.posting().apply_group(work.group(batches, batch), kStartMs);
    work.posting().commit(applied);
    state.ResumeTiming();
    commit_to(*peer, applied.changes);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batch * batches));
}

// As above with Suyuan's own store. As in apply/rocks, the time includes apply's rules and hashes.
void append_suyuan(benchmark::State& state) {
  const auto batch = static_cast<size_t>(state.range(0));
  const auto batches = static_cast<size_t>(state.range(1));
  const BenchFolder folder;
  const auto store = fresh_rocks(folder);
  Workload work(*store);
  for (auto _ : state) {
    state.PauseTiming();
    const auto group = work.group(batches, batch);
    state.ResumeTiming();
    work.posting().commit(work.posting().apply_group(group, kStartMs));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batch * batches));
}

const PeerTable kEvents{.name = "event", .columns = {"place", "record", "payload"}};
const PeerTable kLinks{.name = "link", .columns = {"code", "n", "place", "hash"}, .keys = 2};
const PeerTable kOrigins{.name = "origin", .columns = {"code", "other"}, .keys = 2};

// What a trace follows: from outputs to inputs, from contents to their package, from a unit to its
// lot.
using Origins = std::set<std::pair<std::string, std::string>>;
void add_origins(const TraceEvent& event, Origins& origins) {
  const auto add = [&](const std::string& code, const std::string& other) {
    if (code != other) origins.emplace(code_key(code).bytes(), code_key(other).bytes());
  };
  for (const auto& output : event.outputs)
    for (const auto& input : event.inputs) add(output.code, input.code);
  for (const auto& child : event.children)
    if (!event.parent.empty()) add(child.code, event.parent);
  for (const auto& object : event.objects)
    if (!event.lot.empty()) add(object.code, event.lot);
}

// A ledger in Suyuan's store, and in another database with the tables that a designer would make
// for it.
struct Ledgers {
  Ledgers(MakePeer make, size_t events) {
    {
      const auto filled = fresh_rocks(folder);
      start_ledger(*filled, kStartMs);
      made = generate(*filled, bench_key(kRegistrar), {.events = events, .start_ms = kStartMs});
    }
    RocksOptions options;
    options.path = folder.path() + "/store";
    options.block_cache_bytes = size_t{256} << 20;
    store = must(open_rocks(options));
    if (make == nullptr) return;
    peer = make(folder.path());
    copy();
  }
  void copy();

  BenchFolder folder;
  std::unique_ptr<RocksStore> store;
  std::unique_ptr<Peer> peer;
  Generated made;
};

void Ledgers::copy() {
  std::vector<PeerRow> events;
  std::vector<PeerRow> links;
  Origins origins;
  const Reader& reader = store->latest();
  must(reader.scan(
      Table::payload, {}, {}, Direction::ascending, [&](BytesView key, BytesView value) {
        const auto payload = must(decode<StoredPayload>(value));
        auto record = must(must(reader.get(Table::record, key)));
        events.push_back({Bytes(key), std::move(record), payload.bytes});
        if (payload.type == PayloadType::event_capnp)
          add_origins(must(decode_event(payload.bytes)), origins);
        return true;
      }));
  must(reader.scan(Table::chain, {}, {}, Direction::ascending, [&](BytesView key, BytesView value) {
    const auto link = must(decode<StoredLink>(value));
    links.push_back({Bytes(key.substr(0, Hash::kSize)), Bytes(key.substr(Hash::kSize)),
                     place_key(link.place), link.link.bytes()});
    return true;
  }));
  std::vector<PeerRow> others;
  for (const auto& [code, other] : origins) others.push_back({code, other});
  for (const auto* table : {&kEvents, &kLinks, &kOrigins}) peer->make_table(*table);
  peer->begin();
  peer->put(kEvents, events);
  peer->put(kLinks, links);
  peer->put(kOrigins, others);
  peer->commit();
  peer->analyze();
}

// Every event of every code that the can comes from or was inside of, once each, in log order.
std::string trace_query(const Peer& peer) {
  return "WITH RECURSIVE up(code) AS (SELECT " + peer.parameter() +
         (peer.parameter() == "$1" ? "::bytea" : "") +
         " UNION SELECT origin.other FROM up JOIN origin ON origin.code = up.code) "
         "SELECT event.place, event.record, event.payload FROM "
         "(SELECT DISTINCT link.place FROM up JOIN link ON link.code = up.code) AS found "
         "JOIN event ON event.place = found.place ORDER BY event.place";
}

template <class Ask>
void trace_cans(benchmark::State& state, const Ledgers& ledgers, const Ask& ask) {
  constexpr uint32_t kSeed = 1;
  std::mt19937_64 random(kSeed);
  std::uniform_int_distribution<size_t> any(0, ledgers.made.cans.size() - 1);
  size_t events = 0;
  for (auto _ : state) events += ask(ledgers.made.cans[any(random)]);
  state.SetItemsProcessed(state.iterations());
  state.counters["events_in_answer"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kAvgIterations);
}

void trace_peer(benchmark::State& state, MakePeer make) {
  const Ledgers ledgers(make, static_cast<size_t>(state.range(0)));
  const std::string query = trace_query(*ledgers.peer);
  trace_cans(state, ledgers, [&](const std::string& can) {
    const size_t rows = ledgers.peer->count_rows(query, code_key(can).view());
    SUYUAN_CHECK(rows >= 30);
    return rows;
  });
}

void trace_suyuan(benchmark::State& state) {
  const Ledgers ledgers(nullptr, static_cast<size_t>(state.range(0)));
  const auto reader = ledgers.store->snapshot();
  trace_cans(state, ledgers, [&](const std::string& can) {
    return must(trace_back(*reader, can, {})).steps.size();
  });
}

void declare(const std::string& who, void (*append)(benchmark::State&),
             void (*trace)(benchmark::State&)) {
  auto* appends = benchmark::RegisterBenchmark(("peer/append/" + who).c_str(), append);
  appends->ArgNames({"batch", "batches"})->UseRealTime();
  appends->Args({1, 1})->Args({1, 64})->Args({256, 16});
  benchmark::RegisterBenchmark(("peer/trace/" + who).c_str(), trace)
      ->ArgName("ledger")
      ->Arg(10'000)
      ->Arg(100'000)
      ->UseRealTime();
}

}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) {
  using namespace suyuan::bench;
  using benchmark::State;
  declare("suyuan", append_suyuan, trace_suyuan);
  declare(
      "sqlite", [](State& state) { append_rows(state, open_sqlite); },
      [](State& state) { trace_peer(state, open_sqlite); });
  if (postgres_words() != nullptr) {
    declare(
        "postgresql", [](State& state) { append_rows(state, open_postgres); },
        [](State& state) { trace_peer(state, open_postgres); });
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
