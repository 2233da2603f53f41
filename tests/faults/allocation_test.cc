// Memory that runs out: an allocation fails while a store is opened, or while the node's own way of
// a batch takes some. The process ends then, as by a kill. When the store is opened again, every
// batch that had a receipt is there, and nothing is half.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <thread>

#include "ledger/apply/right_edge.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/faults/pipeline_node.h"
#include "tests/faults/script.h"
#include "tests/unit/store/stores.h"

namespace suyuan::test {
namespace {

constexpr int64_t kNever = INT64_MAX;

// In memory that the test shares with the processes it starts.
struct Watched {
  std::atomic<int64_t> allocations_left = kNever;  // the last of them fails
  bool forever = false;                            // and all after it
  std::array<std::atomic<bool>, kBatches> has_receipt = {};
};
std::atomic<Watched*> starved = nullptr;  // null: allocations are not counted
thread_local bool is_spared = false;

bool allocation_fails() {
  Watched* const watched = starved.load(std::memory_order_relaxed);
  if (watched == nullptr || is_spared) return false;
  const int64_t left = watched->allocations_left.fetch_sub(1, std::memory_order_relaxed);
  return left == 1 || (left < 1 && watched->forever);
}

}  // namespace
}  // namespace suyuan::test

// Those of RocksDB too: it is linked to these. What C allocates never fails here.
void* operator new(size_t bytes) {
  if (suyuan::test::allocation_fails()) throw std::bad_alloc();
  void* const found = std::malloc(bytes == 0 ? 1 : bytes);
  if (found == nullptr) throw std::bad_alloc();
  return found;
}
void operator delete(void* at) noexcept { std::free(at); }
void operator delete(void* at, size_t) noexcept { std::free(at); }

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kSecondsMax = 60;  // of a process
enum Ending : int { kWhole, kRefused, kShut, kTorn, kLost };

// Runs it in a process of its own, and returns how that ended. The test's own process stays without
// threads, so that it can be forked.
template <class Work>
int in_process(const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(kSecondsMax);
    const rlimit no_core{};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    // On a thread there is no handler of the test framework's above it.
    std::thread([&] { ::_exit(work()); }).join();
  }
  int status = 0;
  SUYUAN_CHECK(child > 0 && ::waitpid(child, &status, 0) == child);
  return status;
}

bool ended_as(int status, Ending ending) {
  return WIFEXITED(status) && WEXITSTATUS(status) == ending;
}

enum class Phase : uint8_t { opening, batches };
enum class Off : uint8_t { none, receipt_after_commit };  // a defence that a control disables

class Allocations : public ::testing::Test {
 protected:
  struct Tally {
    size_t runs = 0;
    size_t ended = 0;     // by the failed allocation
    size_t refused = 0;   // opened with an error
    size_t receipts = 0;
    size_t wrong = 0;     // lost, half, cannot be opened again, or the process hung
    std::string first_wrong;
  };

  static void SetUpTestSuite() {
    spdlog::set_level(spdlog::level::off);
    // The end of a process loses nothing that was written, so memory suffices.
    if (fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
  }
  Allocations()
      : watched_(static_cast<Watched*>(::mmap(nullptr, sizeof(Watched), PROT_READ | PROT_WRITE,
                                              MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    SUYUAN_CHECK(static_cast<void*>(watched_) != MAP_FAILED);
    SUYUAN_CHECK(input().submissions.size() == kBatches);  // signed before any process is started
    SUYUAN_CHECK(ended_as(in_process([this] {
                            const auto store = open("first", true);
                            return store && (*store)->commit(input().rows) ? kWhole : kShut;
                          }),
                          kWhole));
  }
  ~Allocations() override { ::munmap(watched_, sizeof(Watched)); }

  Result<std::unique_ptr<RocksStore>> open(const std::string& name, bool create = false) const {
    return open_rocks({.path = folder_ / name,
                       .create = create,
                       .block_cache_bytes = size_t{4} << 20,
                       .write_buffer_bytes = kSmallBuffer,
                       .write_buffers_total_bytes = size_t{8} << 20});
  }

  // What a node does from its start on.
  Ending serve(Phase phase, Off off) const {
    if (phase == Phase::opening) starved = watched_;
    const auto store = open("store");
    if (!store) return kRefused;
    PipelineNode node(**store);
    // A node's network thread is not in this: tests/unit/node/handlers_test.cc.
    is_spared = true;
    starved = phase == Phase::batches ? watched_ : nullptr;
    for (size_t first = 0; first < kBatches; first += kAtOnce) {
      std::vector<std::future<Results<BatchReceipt>>> answers;
      for (size_t i = first; i < first + kAtOnce; ++i) {
        if (off == Off::receipt_after_commit) watched_->has_receipt[i] = true;
        answers.push_back(node.submit(input().submissions[i]));
      }
      for (size_t i = first; i < first + kAtOnce; ++i) {
        if (answers[i - first].get()) watched_->has_receipt[i] = true;
      }
      node.seal();
    }
    return kWhole;
  }
  Ending judge() const {
    const auto store = open("store");
    if (!store) return kShut;
    if (!check_right_edge((*store)->latest())) return kTorn;
    for (size_t i = 0; i < kBatches; ++i) {
      if (!watched_->has_receipt[i]) continue;
      const auto row = (*store)->latest().get(Table::batch, input().ids[i].view());
      if (!row || !*row) return kLost;
    }
    return kWhole;
  }

  // One run, in which allocation `at` fails.
  void run(Phase phase, int64_t at, bool forever, Off off, Tally& tally) const {
    new (watched_) Watched{.allocations_left = at, .forever = forever};
    fs::remove_all(folder_ / "store");
    fs::copy(folder_ / "first", folder_ / "store", fs::copy_options::recursive);
    const int status = in_process([&] { return serve(phase, off); });
    const bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    ++tally.runs;
    if (aborted) ++tally.ended;
    if (ended_as(status, kRefused)) ++tally.refused;
    for (const auto& one : watched_->has_receipt)
      if (one) ++tally.receipts;
    const int found = in_process([&] { return judge(); });
    const bool fits = aborted || ended_as(status, kRefused) || ended_as(status, kWhole);
    if (fits && ended_as(found, kWhole)) return;
    ++tally.wrong;
    if (!tally.first_wrong.empty()) return;
    tally.first_wrong = "allocation " + std::to_string(at) + ": ended with " +
                        std::to_string(status) + ", opened again with " + std::to_string(found);
  }
  // Returns how many allocations a run without a failure makes.
  int64_t allocations(Phase phase) const {
    Tally tally;
    run(phase, kNever, false, Off::none, tally);
    EXPECT_EQ(tally.wrong, 0U) << tally.first_wrong;
    EXPECT_EQ(tally.receipts, kBatches);
    return kNever - watched_->allocations_left;
  }
  // `runs` of them, spread over all allocations; every second one fails for ever.
  Tally sweep(Phase phase, Off off, int64_t runs) const {
    const int64_t all = allocations(phase);
    Tally tally;
    for (int64_t i = 0; i < runs; ++i) run(phase, 1 + i * all / runs, i % 2 == 1, off, tally);
    std::printf("%s%s, %lld allocations: %zu runs, ended %zu, refused %zu, receipts %zu, lost or "
                "half %zu\n",
                off == Off::none ? "" : "control, receipts before the commit: ",
                phase == Phase::opening ? "opening" : "batches", static_cast<long long>(all),
                tally.runs, tally.ended, tally.refused, tally.receipts, tally.wrong);
    if (!tally.first_wrong.empty()) std::printf("  %s\n", tally.first_wrong.c_str());
    return tally;
  }
  static int64_t runs() { return static_cast<int64_t>(150 * fault_factor()); }

  const Folder folder_;
  Watched* const watched_;
};

TEST_F(Allocations, ThatFailWhileAStoreIsOpenedLoseNothing) {
  const Tally tally = sweep(Phase::opening, Off::none, runs());
  EXPECT_EQ(tally.wrong, 0U) << tally.first_wrong;
  EXPECT_GT(tally.ended + tally.refused, tally.runs / 2);
}

TEST_F(Allocations, ThatFailWhileBatchesAreTakenLoseNothingAcknowledged) {
  const Tally tally = sweep(Phase::batches, Off::none, runs());
  EXPECT_EQ(tally.wrong, 0U) << tally.first_wrong;
  EXPECT_GT(tally.ended, tally.runs / 2);
  EXPECT_GT(tally.receipts, tally.runs);
}

TEST_F(Allocations, WouldLoseSomethingIfReceiptsCameBeforeTheCommit) {
  EXPECT_GT(sweep(Phase::batches, Off::receipt_after_commit, 10).wrong, 0U);
}

}  // namespace
}  // namespace suyuan::test
