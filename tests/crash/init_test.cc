// init, interrupted at any step by a kill or a full disk: nothing of it is served, and repeating
// the command makes a whole ledger.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "ledger/os/files.h"
#include "node/folder/init.h"
#include "node/folder/init_mark.h"
#include "node/node.h"
#include "tests/support/node_process.h"
#include "tests/support/own_folder.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

// System calls that change the disk. Every step of ours is among the first of its kind, so
// RocksDB's many are sampled.
constexpr std::array kCalls = {"mkdir", "unlink", "rename", "renameat2", "fsync", "fdatasync"};
constexpr int kEveryOne = 14;
constexpr int kStride = 5;
constexpr int kStepsMax = 200;

constexpr int kKilled = -1;  // of run_program

Result<std::unique_ptr<Node>> open_node(const std::string& data) {
  ServeOptions options;
  options.data = data;
  options.rpc.port = 0;
  options.http.port = 0;
  options.cache_mib = 8;
  return Node::open(options, [] { return int64_t{1'780'000'000'000}; });
}

int init(const std::string& data, std::vector<std::string> before = {}) {
  before.insert(before.end(), {SUYUAN_NODE_PROGRAM, "init", "--data", data});
  return run_program(before);
}

std::vector<std::string> fault_at(const std::string& call, int step, const std::string& what) {
  return {"strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
          "inject=" + call + ":" + what + ":when=" + std::to_string(step)};
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

void expect_whole(const std::string& data) {
  const auto node = open_node(data);
  EXPECT_TRUE(node) << to_text(node.error());
  auto names = names_in(data);
  for (const char* made_by_the_node :
       {"access", "acknowledged", "backup.sock", "epcis", "gateway", "scans", "watermark"})
    names.erase(made_by_the_node);
  EXPECT_EQ(names, (std::set<std::string>{"genesis.leaf", "keys", "policy", "store"}));
  EXPECT_EQ(names_in(data + "/keys"),
            (std::set<std::string>{"log.key", "node.key", "registrar.key"}));
}

// Whatever is in the folder: it is a whole ledger, or none is served and init makes one.
void expect_whole_or_repeatable(const std::string& data) {
  const bool serves = open_node(data).has_value();
  EXPECT_EQ(init(data), serves ? 1 : 0);
  expect_whole(data);
}

class Folder {
 public:
  Folder() {
    path_ = make_own_folder("init");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class Init : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    spdlog::set_level(spdlog::level::warn);
    // A kill loses nothing that was written, so memory suffices, and syncs take no time.
    if (fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
  }
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers do not run under a tracer";
#endif
  }

  // Runs init with `what` injected at each step in turn, and expects `code` until it succeeds.
  void inject(const std::string& what, int code) {
    for (const std::string call : kCalls) {
      int step = 1;
      for (; step < kStepsMax; step += step < kEveryOne ? 1 : kStride) {
        SCOPED_TRACE(call + " number " + std::to_string(step));
        const std::string data = folder_.path() + "/" + call + std::to_string(step);
        const int ended = init(data, fault_at(call, step, what));
        if (ended == 0) break;
        ASSERT_EQ(ended, code);
        ASSERT_NO_FATAL_FAILURE(expect_whole_or_repeatable(data));
        if (HasFailure()) return;
        fs::remove_all(data);
      }
      EXPECT_GT(step, 1) << call << " is not among the steps of init";
    }
  }

  const Folder folder_;
};

TEST_F(Init, KilledAtAnyStepCanBeRepeated) { inject("signal=KILL", kKilled); }

TEST_F(Init, NeverReplacesALedgerOrAKeyThatItDidNotMake) {
  const std::string data = folder_.path() + "/node";
  ASSERT_EQ(init(data), 0);
  const auto leaf = read_file(data + "/genesis.leaf", 1 << 14);
  EXPECT_EQ(init(data), 1);
  EXPECT_EQ(read_file(data + "/genesis.leaf", 1 << 14).value(), leaf.value());
  expect_whole(data);

  const std::string other = folder_.path() + "/other";
  fs::create_directories(other + "/keys");
  std::ofstream(other + "/keys/registrar.key") << "mine";
  EXPECT_EQ(init(other), 1);
  EXPECT_EQ(init(other), 1);
  EXPECT_EQ(read_file(other + "/keys/registrar.key", 100).value(), "mine");
  EXPECT_FALSE(file_exists(InitMark::path_in(other)));
}

// Nothing is made before the mark is whole, so any command may begin.
TEST_F(Init, AMarkThatAPowerCutToreIsNobodys) {
  const std::string folder = folder_.path() + "/torn";
  std::filesystem::create_directories(folder);
  const std::string whole = [&] {
    auto mark = InitMark::take(folder, Maker::join);
    EXPECT_TRUE(mark && mark->begin());
    return read_file(InitMark::path_in(folder), 4096).value();
  }();
  for (const std::string& torn : {std::string(whole.size(), '\0'), whole.substr(0, 20),
                                  whole.substr(0, 20) + std::string(9, '\0'), std::string()}) {
    ASSERT_TRUE(write_file(InitMark::path_in(folder), torn, FileMode::secret));
    const auto mark = InitMark::take(folder, Maker::init);
    ASSERT_TRUE(mark) << to_text(mark.error());
    EXPECT_FALSE(mark->interrupted());
  }
  ASSERT_TRUE(write_file(InitMark::path_in(folder), "something else", FileMode::secret));
  EXPECT_FALSE(InitMark::take(folder, Maker::init));
}

TEST_F(Init, OfTwoAtATimeOneIsRefused) {
  const std::string data = folder_.path() + "/node";
  ASSERT_TRUE(make_folder(data));
  const auto mark = InitMark::take(data, Maker::init);
  ASSERT_TRUE(mark);
  EXPECT_EQ(init(data), 1);
  EXPECT_EQ(names_in(data), std::set<std::string>{"init.unfinished"});
}

TEST_F(Init, WithoutRoomOnTheDiskCanBeRepeated) {
  constexpr int kOwnWrites = 4;  // three keys, genesis; the mark is pwrite64 number 1
  for (int step = 1; step <= 6; ++step) {
    SCOPED_TRACE("write number " + std::to_string(step));
    const std::string data = folder_.path() + "/" + std::to_string(step);
    const std::string call = "write,pwrite64";
    const int ended = init(data, fault_at(call, step, "error=ENOSPC"));
    if (step <= kOwnWrites) {
      EXPECT_EQ(ended, 1);
    }
    if (ended == 0) {  // RocksDB could do without what it could not write.
      expect_whole(data);
    } else {
      expect_whole_or_repeatable(data);
    }
  }
}

}  // namespace
}  // namespace suyuan::test
