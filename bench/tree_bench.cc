// Chains and the tree: adds one link, adds one leaf, makes and verifies one inclusion proof.
#include <benchmark/benchmark.h>

#include <array>

#include "bench/must.h"
#include "ledger/apply/log_writer.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"

namespace suyuan::bench {
namespace {

constexpr uint64_t kLeaves = 1 << 17;

// The stored levels of a tree in memory.
class Levels final : public StoredHashes {
 public:
  void put(unsigned level, uint64_t index, const Hash& hash) {
    auto& row = rows_.at(level / kStoredLevelStep);
    SUYUAN_CHECK(row.size() == index);
    row.push_back(hash);
  }
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override {
    const auto& row = rows_.at(level / kStoredLevelStep);
    if (first + count > row.size()) return fail(Code::CORRUPT, "no such node");
    const auto begin = row.begin() + static_cast<ptrdiff_t>(first);
    return std::vector<Hash>(begin, begin + static_cast<ptrdiff_t>(count));
  }

 private:
  std::array<std::vector<Hash>, 8> rows_;
};

struct GrownTree {
  Levels levels;
  Frontier frontier;
  GrownTree() {
    for (uint64_t i = 0; i < kLeaves; ++i) {
      frontier.append(seeded("leaf", i), [&](unsigned level, uint64_t index, const Hash& hash) {
        levels.put(level, index, hash);
      });
    }
  }
};

const GrownTree& tree() {
  static const GrownTree kTree;
  return kTree;
}

uint64_t scattered(uint64_t n) { return n * 0x9E3779B97F4A7C15U % kLeaves; }

void link(benchmark::State& state) {
  Hash hash = seeded("link");
  const Hash record = seeded("record");
  uint64_t n = 0;
  for (auto _ : state) {
    ++n;
    hash = chain_link(n, hash, Place{.leaf = n, .event = 0}, record);
    benchmark::DoNotOptimize(hash);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(link)->Name("chain/link");

void append(benchmark::State& state) {
  Frontier frontier = tree().frontier;
  const Hash leaf = seeded("leaf");
  for (auto _ : state) frontier.append(leaf);
  benchmark::DoNotOptimize(frontier.root());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(append)->Name("tree/append");

void prove(benchmark::State& state) {
  const TiledNodes nodes(tree().levels);
  uint64_t n = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(must(inclusion_proof(nodes, scattered(++n), kLeaves)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(prove)->Name("tree/inclusion_proof");

void check(benchmark::State& state) {
  const uint64_t index = scattered(1);
  const auto path = must(inclusion_proof(TiledNodes(tree().levels), index, kLeaves));
  const TreeHead head{.size = kLeaves, .root = tree().frontier.root()};
  const Hash leaf = seeded("leaf", index);
  for (auto _ : state) SUYUAN_CHECK(includes(head, index, leaf, path));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check)->Name("tree/check_inclusion");

}  // namespace
}  // namespace suyuan::bench
