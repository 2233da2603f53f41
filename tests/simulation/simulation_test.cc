// Nodes under simulated crashes, failing disks, partitions, lost and repeated messages and older
// copies, over many seeds; and deliberate mistakes, each of which must be found. SUYUAN_SEEDS:
// number of seeds. SUYUAN_SEED: the first one, or the only one to run.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <set>

#include "tests/simulation/world.h"

namespace suyuan::sim {
namespace {

constexpr size_t kSeedsPerMutant = 1000;

uint64_t number_from(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Simulation : public ::testing::Test {
 protected:
  Simulation() { spdlog::set_level(spdlog::level::off); }
  ~Simulation() override { spdlog::set_level(spdlog::level::info); }
};

TEST_F(Simulation, HoldsItsPromisesForEverySeed) {
  const uint64_t first = number_from("SUYUAN_SEED", 1);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  const uint64_t seeds = number_from("SUYUAN_SEEDS", 100);
#else
  const uint64_t seeds = number_from("SUYUAN_SEEDS", 2000);
#endif
  History all;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const History run = simulate(seed);
    ASSERT_EQ(run.wrong, "") << "seed " << seed << ": run it again with SUYUAN_SEED=" << seed
                             << " SUYUAN_SEEDS=1";
    all.steps += run.steps;
    all.acknowledged += run.acknowledged;
    all.refused += run.refused;
    all.repeated += run.repeated;
    all.published += run.published;
    all.crashes += run.crashes;
    all.in_commit += run.in_commit;
    all.rolled_back += run.rolled_back;
    all.failed_commits += run.failed_commits;
  }
  std::printf("seeds %llu to %llu: %zu steps, %zu batches acknowledged, %zu refused, %zu repeated, "
              "%zu checkpoints, %zu crashes (%zu in a commit), %zu older stores refused, "
              "%zu failed commits\n",
              static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + seeds - 1), all.steps, all.acknowledged,
              all.refused, all.repeated, all.published, all.crashes, all.in_commit,
              all.rolled_back, all.failed_commits);
}

TEST_F(Simulation, IsTheSameForTheSameSeed) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const History once = simulate(seed);
    const History again = simulate(seed);
    EXPECT_EQ(once.acknowledged, again.acknowledged);
    EXPECT_EQ(once.crashes, again.crashes);
    EXPECT_EQ(once.published, again.published);
    EXPECT_EQ(once.repeated, again.repeated);
    EXPECT_EQ(once.last_root, again.last_root);
  }
}

// The first seed that finds each mutant. If a change of the node has moved it, another is searched
// for.
struct FoundBy {
  Mutant mutant;
  uint64_t seed;
};
void PrintTo(const FoundBy& one, std::ostream* out) { *out << "seed " << one.seed; }
constexpr FoundBy kFoundBy[] = {
    {Mutant::acknowledges_before_sync, 2},
    {Mutant::acknowledges_before_append, 1},
    {Mutant::believes_a_retried_commit, 3},
    {Mutant::writes_half_a_commit, 1},
    {Mutant::drops_the_last_link, 1},
    {Mutant::changes_a_payload, 1},
    {Mutant::forgets_duplicates, 5},
    {Mutant::seals_without_a_code, 1},
    {Mutant::orders_otherwise, 4},
    {Mutant::takes_its_own_time, 3},
    {Mutant::leaves_a_group_out, 3},
    {Mutant::ignores_the_marks, 1},
    {Mutant::publishes_before_sealing, 1},
    {Mutant::signs_without_a_mark, 272},
    {Mutant::marks_nothing_acknowledged, 1},
};

class SimulationWith : public Simulation, public ::testing::WithParamInterface<FoundBy> {};

TEST_P(SimulationWith, AMistakeInANodeFails) {
  const auto [mutant, known] = GetParam();
  uint64_t seed = known;
  std::string how = simulate(seed, mutant).wrong;
  for (seed = how.empty() ? 0 : known; how.empty() && seed < kSeedsPerMutant;)
    how = simulate(++seed, mutant).wrong;
  const std::string name(word(mutant));
  ASSERT_FALSE(how.empty()) << name << ": not found by " << seed << " seeds";
  std::printf("%s: found by seed %llu: %s\n", name.c_str(),
              static_cast<unsigned long long>(seed), how.c_str());
}
INSTANTIATE_TEST_SUITE_P(Mutants, SimulationWith, ::testing::ValuesIn(kFoundBy),
                         [](const auto& one) {
                           std::string name(word(one.param.mutant));
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST_F(Simulation, KnowsASeedForEveryMutant) {
  std::set<Mutant> known;
  for (const auto& one : kFoundBy) known.insert(one.mutant);
  EXPECT_EQ(known.size(), static_cast<size_t>(kLastMutant));
}

}  // namespace
}  // namespace suyuan::sim
