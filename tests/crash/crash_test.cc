// Kills a node under load, 50 times, and finds everything that it acknowledged. SUYUAN_KILLS sets
// another count.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <thread>

#include "ledger/os/files.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/crash/audit.h"
#include "tests/crash/load.h"
#include "tests/support/node_process.h"
#include "tests/support/own_folder.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    path_ = make_own_folder("crash") + "/node";
    SUYUAN_CHECK(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", path_}) == 0);
  }
  ~Folder() { fs::remove_all(fs::path(path_).parent_path()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

size_t kill_count() {
  const char* asked = std::getenv("SUYUAN_KILLS");
  return asked == nullptr ? 50 : std::strtoull(asked, nullptr, 10);
}

// Returns true if some thread of the process is syncing the store's log right now, which only a
// commit does; the watermark is synced too. 74 is fsync, 75 fdatasync on x86-64.
bool in_commit(pid_t pid) {
  const std::string process = "/proc/" + std::to_string(pid);
  std::error_code gone;
  for (const auto& task : fs::directory_iterator(process + "/task", gone)) {
    std::ifstream file(task.path() / "syscall");
    std::string number;
    std::string descriptor;  // hexadecimal
    file >> number >> descriptor;
    if (number != "74" && number != "75") continue;
    const auto synced = std::strtoul(descriptor.c_str(), nullptr, 16);
    const auto path = fs::read_symlink(process + "/fd/" + std::to_string(synced), gone);
    if (path.parent_path().filename() == "store" && path.extension() == ".log") return true;
  }
  return false;
}

// Kills at a random moment; every second time it waits (bounded) for a moment inside a commit.
// Returns true if it was one.
bool kill_under_load(NodeProcess& node, std::mt19937& random, bool aim) {
  std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 60'000));
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  bool inside = in_commit(node.pid());
  while (aim && !inside && std::chrono::steady_clock::now() < give_up)
    inside = in_commit(node.pid());
  node.end(SIGKILL);
  return inside;
}

// Every checkpoint that this process ever saw, by size.
using Seen = std::map<uint64_t, std::string>;

// `audited`: seals below it were audited before, and their maps are not computed again.
void audit_store(const std::string& data, uint64_t acknowledged, Seen& seen, uint64_t& audited) {
  RocksOptions options;
  options.path = data + "/store";
  const auto store = open_rocks(options);
  ASSERT_TRUE(store) << to_text(store.error());
  const auto state = (*store)->snapshot();
  const auto found = audit(*state, audited);
  EXPECT_GE(found.batches.size(), acknowledged);
  audited = found.leaves;
  audit_checkpoints(*state, data, seen);
}

// Waits within a bounded time. The published state is at least as new as any seen before.
bool published_size_reaches(const std::string& rpc_address, uint64_t size) {
  const auto connection = connect(rpc_address);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < give_up) {
    const auto status = connection->status();
    if (status.value && status.value->published_size >= size) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

TEST(Crash, NothingAcknowledgedIsLostAndNothingIsHalf) {
  std::mt19937 random(damage_seed());
  const Folder folder;
  const auto start = [&] {
    return std::make_unique<NodeProcess>(SUYUAN_NODE_PROGRAM, folder.path(),
                                         std::vector<std::string>{}, kWithoutLimits);
  };
  auto node = start();
  Load load(folder.path(), node->rpc_address());
  size_t inside = 0;
  Seen seen;
  uint64_t audited = 0;
  const size_t kills = kill_count();
  for (size_t i = 0; i < kills && !::testing::Test::HasFailure(); ++i) {
    std::thread killer([&] {
      if (kill_under_load(*node, random, i % 2 == 0)) ++inside;
    });
    load.run(node->rpc_address(), 64);
    killer.join();
    audit_store(folder.path(), load.acknowledged().size(), seen, audited);
    node = start();
  }
  // Fetches every receipt again, byte for byte.
  const auto connection = connect(node->rpc_address());
  for (const auto& [id, first] : load.acknowledged()) {
    auto again = connection->receipt(id);
    ASSERT_TRUE(again.value) << to_text(again.value.error());
    again.value->repeated = first.repeated;
    ASSERT_EQ(*again.value, first);
  }
  std::printf("%zu kills, %zu inside a commit, %zu batches acknowledged\n", kills, inside,
              load.acknowledged().size());
  EXPECT_GE(inside, std::min<size_t>(10, kills / 3));
  EXPECT_GT(load.acknowledged().size(), kills);
}

// A node that kills itself at the n-th step of a seal: each step of the first seals after a start,
// one after another.
TEST(Crash, NoCheckpointIsWithdrawnWhereverANodeDiesOnTheWayOfASeal) {
  const Folder folder;
  NodeProcess first(SUYUAN_NODE_PROGRAM, folder.path());
  Load load(folder.path(), first.rpc_address());
  first.end(SIGKILL);
  Seen seen;
  uint64_t audited = 0;
  constexpr size_t kSteps = 6;
  for (size_t i = 0; i < 3 * kSteps && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("killed at step " + std::to_string(kSteps + 1 + i));
    NodeProcess node(SUYUAN_KILLED_NODE_PROGRAM, folder.path(), {},
                     {"--kill-at", std::to_string(kSteps + 1 + i)});
    load.run(node.rpc_address(), 16);
    node.wait();
    const size_t before = seen.size();
    audit_store(folder.path(), load.acknowledged().size(), seen, audited);
    EXPECT_GE(seen.size(), before);
  }
  EXPECT_GE(seen.size(), kSteps);
  const NodeProcess last(SUYUAN_NODE_PROGRAM, folder.path());
  EXPECT_TRUE(published_size_reaches(last.rpc_address(), seen.rbegin()->first));
}

// With one submission at a time, the trace of the node's system calls must show a sync that ended
// between the arrival of each request and its answer.
TEST(Crash, NoAcknowledgementPrecedesItsSync) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers do not run under a tracer";
#endif
  const Folder folder;
  const std::string trace = folder.path() + "/trace";
  constexpr size_t kBatches = 20;
  {
    NodeProcess node(SUYUAN_NODE_PROGRAM, folder.path(),
                     {"strace", "-f", "-o", trace, "-e",
                      "trace=fsync,fdatasync,recvfrom,recvmsg,sendto,sendmsg"},
                     {"--seal-interval-ms", "0"});  // whose syncs acknowledge nothing
    Load load(folder.path(), node.rpc_address());
    const auto connection = connect(node.rpc_address());
    for (size_t i = 0; i < kBatches; ++i) load.post_one(*connection);
    node.end(SIGTERM);
  }
  // Of at least 400 bytes: a submission or a receipt. Smaller messages only manage the connection.
  const std::regex received(R"(recv(from|msg)(\(| resumed).*= ([4-9]\d\d|\d{4,})$)");
  const std::regex sent(R"(send(to|msg)(\(| resumed).*= ([4-9]\d\d|\d{4,})$)");
  const std::regex synced(R"(f(data)?sync(\(| resumed).*= 0$)");
  std::ifstream file(trace);
  size_t answers = 0;
  bool asked = false;
  bool safe = false;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, received)) {
      asked = true;
      safe = false;
    } else if (std::regex_search(line, synced)) {
      safe = true;
    } else if (asked && std::regex_search(line, sent)) {
      EXPECT_TRUE(safe) << "an answer of " << line << " left before a sync";
      asked = false;
      ++answers;
    }
  }
  EXPECT_GE(answers, kBatches);
}

}  // namespace
}  // namespace suyuan::test
