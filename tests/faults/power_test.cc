// Power cuts: a store on a disk that loses, tears and mixes unsynced data holds every acknowledged
// commit when power comes back, and all or nothing of the one in flight.
#include <gtest/gtest.h>

#include <atomic>

#include "tests/faults/disk_fs.h"
#include "tests/faults/script.h"

namespace suyuan::test {
namespace {

constexpr size_t kCommits = 150;

std::string_view word(Loss loss) {
  switch (loss) {
    case Loss::drop: return "drop";
    case Loss::tear: return "tear";
    case Loss::reorder: return "reorder";
  }
  return "?";
}

struct Tally {
  size_t cuts = 0;
  size_t whole = 0;    // opened with every acknowledged commit
  size_t refused = 0;  // CORRUPT: nothing is served, nothing is thrown away
  size_t lost = 0;     // opened without an acknowledged commit, or with half of one
  std::string first_wrong;
};

// Judges the store on the disk after commits up to `acknowledged`.
void judge(const Script& script, DiskState state, size_t acknowledged, Tally& tally,
           const std::string& where) {
  Disk disk(std::move(state));
  const auto env = env_on(disk);
  ++tally.cuts;
  const auto store = open_on(*env, false, kLargeBuffer);
  if (!store) {
    ++tally.refused;
    if (tally.first_wrong.empty()) tally.first_wrong = where + ": " + to_text(store.error());
    return;
  }
  const auto held = script.held((*store)->latest());
  if (held && *held && **held >= acknowledged && **held <= acknowledged + 1) {
    ++tally.whole;
    return;
  }
  ++tally.lost;
  tally.first_wrong = where + ": " + std::to_string(acknowledged) + " acknowledged, " +
                      (!held    ? to_text(held.error())
                       : !*held ? "a hole"
                                : std::to_string(**held) + " there");
}

void print(std::string_view what, const Tally& tally) {
  std::printf("%.*s: %zu power cuts, %zu with everything acknowledged, %zu refused, %zu lost\n",
              static_cast<int>(what.size()), what.data(), tally.cuts, tally.whole, tally.refused,
              tally.lost);
  if (!tally.first_wrong.empty()) std::printf("  %s\n", tally.first_wrong.c_str());
}

struct Moment {
  DiskState state;
  size_t acknowledged;
};

// Defences that a control test disables.
enum class Off : uint8_t { none, syncs, folder_syncs };

// Returns the disk before each of its operations while the script runs.
std::vector<Moment> moments_of(const Script& script, Off off) {
  Disk disk(fresh_disk(script));
  if (off == Off::syncs) disk.ignore_syncs();
  if (off == Off::folder_syncs) disk.ignore_folder_syncs();
  const auto env = env_on(disk);
  std::vector<Moment> moments;
  std::atomic<size_t> acknowledged = 1;
  disk.watch([&](const DiskState& state) {
    moments.push_back({.state = state, .acknowledged = acknowledged});
  });
  {
    const auto store = open_on(*env, false, kLargeBuffer);
    SUYUAN_CHECK(store.has_value());
    for (size_t i = 1; i < script.size(); ++i) {
      SUYUAN_CHECK((*store)->commit(script.commit(i)).has_value());
      ++acknowledged;
    }
  }
  disk.watch({});
  return moments;
}

class PowerCut : public ::testing::Test {
 protected:
  static const Script& script() {
    static const Script kScript(kCommits);
    return kScript;
  }
  // At each moment: all kinds of loss in a long run, one in turn in CI.
  static Tally cut_everywhere(const std::vector<Moment>& moments, std::initializer_list<Loss> kinds,
                              size_t stride = 1) {
    std::mt19937_64 random(fault_seed());
    Tally tally;
    for (size_t i = 0; i < moments.size(); i += stride) {
      for (const Loss loss : kinds) {
        judge(script(), after_power_loss(moments[i].state, loss, random), moments[i].acknowledged,
              tally, "operation " + std::to_string(i) + ", " + std::string(word(loss)));
      }
    }
    return tally;
  }
};

TEST_F(PowerCut, AtEveryOperationLosesNothingAcknowledged) {
  const auto moments = moments_of(script(), Off::none);
  ASSERT_GT(moments.size(), 2 * kCommits);
  std::printf("%zu commits of %zu events, %zu operations, seed %llu\n", script().size(),
              script().events(), moments.size(),
              static_cast<unsigned long long>(fault_seed()));
  const size_t stride = fault_factor() > 1 ? 1 : 3;
  size_t shift = 0;
  for (const Loss loss : {Loss::drop, Loss::tear, Loss::reorder}) {
    std::vector<Moment> some(moments.begin() + static_cast<std::ptrdiff_t>(shift), moments.end());
    const Tally tally = cut_everywhere(some, {loss}, stride);
    print(word(loss), tally);
    EXPECT_EQ(tally.lost, 0U) << tally.first_wrong;
    if (loss != Loss::reorder) {
      EXPECT_EQ(tally.refused, 0U) << tally.first_wrong;
    }
    if (stride > 1) ++shift;
  }
}

// Control tests: on a disk that ignores syncs, each kind of loss does harm.
TEST_F(PowerCut, WithoutSyncsLosesWhatWasAcknowledged) {
  const auto moments = moments_of(script(), Off::syncs);
  for (const Loss loss : {Loss::drop, Loss::tear, Loss::reorder}) {
    const Tally tally = cut_everywhere(moments, {loss}, moments.size() / 20);
    print("control, syncs off, " + std::string(word(loss)), tally);
    EXPECT_GT(tally.lost + tally.refused, tally.cuts / 2);
    EXPECT_GT(tally.lost, 0U);
  }
}

// Every file's bytes are synced, but a power cut takes the names back.
TEST_F(PowerCut, WithoutSyncsOfTheFolderLosesWhatWasAcknowledged) {
  const auto moments = moments_of(script(), Off::folder_syncs);
  const Tally tally = cut_everywhere(moments, {Loss::drop, Loss::tear}, moments.size() / 20);
  print("control, syncs of the folder off", tally);
  EXPECT_GT(tally.lost + tally.refused, tally.cuts / 4);
  EXPECT_GT(tally.lost, 0U);
}

// Repeated cuts, including some while the store recovers from the previous one.
TEST_F(PowerCut, AfterPowerCutLosesNothingAcknowledged) {
  std::mt19937_64 random(fault_seed());
  const DiskState fresh = fresh_disk(script());
  DiskState state = fresh;
  size_t acknowledged = 1;
  Tally tally;
  size_t opening = 0;
  const size_t count = 300 * fault_factor();
  for (size_t i = 0; i < count; ++i) {
    const Loss loss = random() % 2 == 0 ? Loss::drop : Loss::tear;
    Disk disk(std::move(state));
    const auto env = env_on(disk);
    disk.cut_power_at(1 + random() % (random() % 4 == 0 ? 20 : 400));
    {
      const auto store = open_on(*env, false, kLargeBuffer);
      if (!store) ++opening;
      size_t held = acknowledged;
      if (store) {
        const auto found = script().held((*store)->latest());
        // What was served once must stay, whether or not its sender heard of it.
        if (found && *found) held = acknowledged = std::max(acknowledged, **found);
      }
      for (size_t next = held; store && next < script().size(); ++next) {
        if (!(*store)->commit(script().commit(next))) break;
        acknowledged = next + 1;
      }
    }
    state = after_power_loss(disk.state(), loss, random);
    judge(script(), state, acknowledged, tally, "cut " + std::to_string(i));
    if (acknowledged == script().size()) {
      state = fresh;
      acknowledged = 1;
    }
  }
  print("one after another", tally);
  std::printf("  %zu of them while the store was being opened\n", opening);
  EXPECT_EQ(tally.lost + tally.refused, 0U) << tally.first_wrong;
  EXPECT_GT(opening, 10 * fault_factor());
}

}  // namespace
}  // namespace suyuan::test
