// A disk that refuses: the n-th operation fails once or permanently, or there is no space. Nothing
// acknowledged is lost, nothing is acknowledged after a failed commit, and a failed sync is never
// retried and then trusted.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/faults/disk_fs.h"
#include "tests/faults/script.h"

namespace suyuan::test {
namespace {

constexpr size_t kCommits = 90;
constexpr size_t kBefore = 30;  // commits made before the disk begins to fail

struct Way {
  std::string_view test;
  std::string_view name;
  uint32_t ops;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }
constexpr uint32_t kNameChanges =
    only(DiskOp::rename) | only(DiskOp::create) | only(DiskOp::remove);
constexpr Way kWays[] = {
    {"Read", "read", only(DiskOp::read)},
    {"Write", "write", only(DiskOp::write)},
    {"Sync", "sync", only(DiskOp::sync) | only(DiskOp::sync_folder)},
    {"Name", "rename, create, remove", kNameChanges},
    {"Any", "any", kAnyOp},
};

class IoError : public ::testing::Test {
 protected:
  struct Tally {
    size_t runs = 0;
    size_t hit = 0;       // runs in which the fault occurred
    size_t unopened = 0;  // the store could not be opened while the disk failed
    size_t stopped = 0;   // commits were refused
    size_t lost = 0;      // something acknowledged, or something read before, is gone
    size_t went_on = 0;   // a commit was accepted after a failed one
    size_t shut = 0;      // the store could not be opened once the disk worked again
    std::string first_wrong;
    void wrong(size_t& count, const std::string& what) {
      ++count;
      if (first_wrong.empty()) first_wrong = what;
    }
  };

  // Defences that a control test disables.
  enum class Off : uint8_t {
    none,
    sync_failure,  // the system retries a failed sync and reports success
    refusal,       // a failed commit is reported as done
    read_failure,  // a failed read reports success, and no bytes
    name_failure,  // a failed change of a name, or sync of the folder, reports success
  };

  static const Script& script() {
    static const Script kScript(kCommits);
    return kScript;
  }
  static const DiskState& begun() {
    static const DiskState kState = [] {
      Disk disk(fresh_disk(script()));
      const auto env = env_on(disk);
      {
        const auto store = open_on(*env);
        for (size_t i = 1; i < kBefore; ++i)
          SUYUAN_CHECK((*store)->commit(script().commit(i)).has_value());
      }
      return disk.state();
    }();
    return kState;
  }

  // Makes commits while the disk fails, and returns how many are acknowledged.
  static size_t commit_all(RocksStore& store, size_t from, Off off, Tally& tally,
                           const std::string& where) {
    for (size_t next = from; next < script().size(); ++next) {
      if (store.commit(script().commit(next)) || off == Off::refusal) continue;
      ++tally.stopped;
      for (size_t again = 0; again < 3; ++again) {
        if (store.commit(script().commit(next))) tally.wrong(tally.went_on, where);
      }
      return next;
    }
    return script().size();
  }

  // Opens the store on a working disk: every acknowledged commit is there, and what was read once
  // stays, even if power fails right then.
  static void judge(DiskState state, size_t acknowledged, Tally& tally, const std::string& where) {
    const auto held = held_on(state, acknowledged, acknowledged + 1, tally, where);
    if (!held) return;
    std::mt19937_64 random(fault_seed());
    DiskState dark = after_power_loss(state, Loss::drop, random);
    held_on(dark, *held, acknowledged + 1, tally,
            where + ", opened, then a power cut");
  }
  // Opens the store; `state` receives what the disk holds then.
  static std::optional<size_t> held_on(DiskState& state, size_t least, size_t most, Tally& tally,
                                       const std::string& where) {
    Disk disk(std::move(state));
    const auto env = env_on(disk);
    const auto store = open_on(*env);
    if (!store) {
      tally.wrong(tally.shut, where + ": " + to_text(store.error()));
      return std::nullopt;
    }
    const auto held = script().held((*store)->latest());
    state = disk.state();
    if (held && *held && **held >= least && **held <= most) return **held;
    tally.wrong(tally.lost, where);
    return std::nullopt;
  }

  // One run: the fault occurs while the store is opened or written to.
  static void run(const DiskFault& fault, Off off, Tally& tally, const std::string& where) {
    ++tally.runs;
    Disk disk(begun());
    if (off == Off::sync_failure) disk.retry_failed_syncs();
    if (off == Off::read_failure) disk.hide_failed_reads();
    if (off == Off::name_failure) disk.hide_failed_names();
    const auto env = env_on(disk);
    size_t acknowledged = kBefore;
    disk.fail(fault);
    {
      auto store = open_on(*env);
      if (store) acknowledged = commit_all(**store, kBefore, off, tally, where);
      if (!store) ++tally.unopened;
    }
    if (disk.fault_hit()) ++tally.hit;
    // Alternates between the disk as it is and as a power cut leaves it. A longer run does both.
    const bool both = fault_factor() > 1 || off != Off::none;
    if (both || tally.runs % 2 == 1) judge(disk.state(), acknowledged, tally, where);
    if (!both && tally.runs % 2 == 1) return;
    std::mt19937_64 random(fault_seed());
    judge(after_power_loss(disk.state(), Loss::drop, random), acknowledged, tally,
          where + ", power cut");
  }

  static uint64_t used(const Disk& disk) {
    uint64_t sum = 0;
    const auto state = disk.state();
    for (const auto& [name, file] : state.names) sum += state.files.at(file)->size;
    return sum;
  }
  // Returns how many bytes the commits of a run take.
  static uint64_t grown() {
    Disk disk(begun());
    const uint64_t before = used(disk);
    const auto env = env_on(disk);
    const auto store = open_on(*env);
    for (size_t i = kBefore; i < script().size(); ++i)
      SUYUAN_CHECK((*store)->commit(script().commit(i)).has_value());
    return used(disk) - before;
  }

  // One run on a disk with `room` bytes left, which later has space again.
  static void fill(uint64_t room, Off off, Tally& tally) {
    const std::string where = "full after " + std::to_string(room) + " bytes more";
    SCOPED_TRACE(where);
    Disk disk(begun());
    disk.set_capacity(used(disk) + room);
    ++tally.runs;
    size_t acknowledged = kBefore;
    const auto env = env_on(disk);
    if (const auto store = open_on(*env)) {
      acknowledged = commit_all(**store, kBefore, off, tally, where);
      const auto held = script().held((*store)->latest());
      if (off == Off::none) {
        EXPECT_TRUE(held && *held && **held >= acknowledged) << "not readable while it is full";
      }
    } else {
      ++tally.unopened;
    }
    if (disk.fault_hit()) ++tally.hit;
    disk.set_capacity(~uint64_t{0});
    const auto store = open_on(*env);
    if (!store) return tally.wrong(tally.shut, where + ": " + to_text(store.error()));
    const auto held = script().held((*store)->latest());
    if (!held || !*held || **held < acknowledged || **held > acknowledged + 1)
      return tally.wrong(tally.lost, where);
    for (size_t i = **held; i < script().size(); ++i)
      EXPECT_TRUE((*store)->commit(script().commit(i)));
  }

  static uint64_t operations(uint32_t ops) {
    Disk disk(begun());
    const auto env = env_on(disk);
    const auto store = open_on(*env);
    for (size_t i = kBefore; i < script().size(); ++i)
      SUYUAN_CHECK((*store)->commit(script().commit(i)).has_value());
    return disk.operations(ops);
  }
  static void print(std::string_view what, const Tally& tally) {
    std::printf("%.*s: %zu runs, fault met %zu, not opened with it %zu, commits refused after it "
                "%zu, lost %zu, taken after a failure %zu, not opened again %zu\n",
                static_cast<int>(what.size()), what.data(), tally.runs, tally.hit, tally.unopened,
                tally.stopped, tally.lost, tally.went_on, tally.shut);
    if (!tally.first_wrong.empty()) std::printf("  %s\n", tally.first_wrong.c_str());
  }
};

class IoErrorOf : public IoError, public ::testing::WithParamInterface<Way> {
 protected:
  // Samples all operations of a run; a longer run takes each of them.
  static void sweep(bool forever, bool no_space) {
    const Way& way = GetParam();
    const uint64_t all = operations(way.ops);
    const uint64_t runs = std::min<uint64_t>(all, (no_space ? 20 : 57) * fault_factor());
    Tally tally;
    for (uint64_t i = 0; i < runs; ++i) {
      const uint64_t at = 1 + i * all / runs;
      run({.ops = way.ops, .at = at, .forever = forever, .no_space = no_space}, Off::none, tally,
          std::string(way.name) + " " + std::to_string(at) + " of " + std::to_string(all));
    }
    print(std::string(way.name) + (forever ? ", for ever" : ", once") +
              (no_space ? ", no space" : ""),
          tally);
    EXPECT_EQ(tally.lost + tally.went_on + tally.shut, 0U) << tally.first_wrong;
    EXPECT_GT(tally.hit, runs / 2);
    // A failing read may be one that no commit waits for.
    if ((way.ops & (only(DiskOp::write) | only(DiskOp::sync))) != 0) {
      EXPECT_GT(tally.stopped, 0U);
    }
  }
};

TEST_P(IoErrorOf, TheNthOperationLosesNothingAndIsNotGoneOnFrom) {
  for (const bool forever : {false, true}) sweep(forever, false);
  if ((GetParam().ops & only(DiskOp::read)) != 0) return;  // reads need no space
  for (const bool forever : {false, true}) sweep(forever, true);
}
INSTANTIATE_TEST_SUITE_P(Ways, IoErrorOf, ::testing::ValuesIn(kWays),
                         [](const auto& one) { return std::string(one.param.test); });

// Control tests: with each defence disabled, the same faults do harm.
TEST_F(IoError, ThatIsNotBelievedLosesWhatWasAcknowledged) {
  for (const DiskOp op : {DiskOp::write, DiskOp::sync}) {
    Tally tally;
    const uint64_t all = operations(only(op));
    for (uint64_t at = all / 2; at < all; at += 1 + all / 10) {
      run({.ops = only(op), .at = at, .forever = true}, Off::refusal, tally,
          std::to_string(at) + " of " + std::to_string(all));
    }
    print(std::string("control, failed commits believed, ") +
              (op == DiskOp::write ? "write" : "sync"),
          tally);
    EXPECT_GT(tally.lost, 0U);
  }
}

// The system's manual warns of this: the second sync succeeds although the bytes were discarded.
TEST_F(IoError, ThatIsTriedAgainLosesWhatWasAcknowledged) {
  Tally tally;
  const uint64_t all = operations(only(DiskOp::sync));
  for (uint64_t at = all / 2; at < all; at += 1 + all / 20) {
    run({.ops = only(DiskOp::sync), .at = at}, Off::sync_failure, tally,
        "sync " + std::to_string(at));
  }
  print("control, failed syncs tried again", tally);
  EXPECT_GT(tally.lost + tally.shut, 0U);
}

// RocksDB takes a log that reads as empty for one without writes. It reads logs late in opening.
TEST_F(IoError, OfAReadThatIsHiddenLosesWhatWasAcknowledged) {
  Tally tally;
  const uint64_t all = operations(only(DiskOp::read));
  for (uint64_t at = all / 2; at <= all; ++at) {
    run({.ops = only(DiskOp::read), .at = at}, Off::read_failure, tally,
        "read " + std::to_string(at) + " of " + std::to_string(all));
  }
  print("control, failed reads hidden", tally);
  EXPECT_GT(tally.lost, 0U);
}

// A log, table or list of files that has no name when the store is opened again.
TEST_F(IoError, OfANameThatIsHiddenLosesWhatWasAcknowledged) {
  for (const uint32_t ops : {kNameChanges, only(DiskOp::sync_folder)}) {
    const bool syncs = ops != kNameChanges;  // a later sync of the folder would make up for one
    Tally tally;
    const uint64_t all = operations(ops);
    for (uint64_t at = 1; at <= all; ++at) {
      run({.ops = ops, .at = at, .forever = syncs}, Off::name_failure, tally,
          std::to_string(at) + " of " + std::to_string(all));
    }
    print(syncs ? "control, failed syncs of the folder hidden"
                : "control, failed changes of names hidden",
          tally);
    EXPECT_GT(tally.lost + tally.shut, 0U);
  }
}

TEST_F(IoError, AFullDiskTakesNothingAnswersQuestionsAndGoesOnWhenThereIsRoom) {
  const size_t steps = 20 * fault_factor();
  const uint64_t bytes = grown();
  Tally tally;
  Tally believed;
  for (size_t step = 0; step < steps; ++step) {
    fill(step * bytes / steps, Off::none, tally);
    fill(step * bytes / steps, Off::refusal, believed);
  }
  print("no space", tally);
  print("control, no space, failed commits believed", believed);
  EXPECT_EQ(tally.lost + tally.went_on + tally.shut, 0U) << tally.first_wrong;
  EXPECT_GT(tally.hit, steps / 2);
  EXPECT_GT(believed.lost, 0U);
}

}  // namespace
}  // namespace suyuan::test
