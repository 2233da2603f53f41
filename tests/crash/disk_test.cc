// A disk that changes stored data, and one that is full: real processes on real files.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/os/files.h"
#include "ledger/store/rocks/read_only.h"
#include "node/backup/backup.h"
#include "tests/crash/audit.h"
#include "tests/crash/load.h"
#include "tests/e2e/http_client.h"
#include "tests/support/node_process.h"
#include "tests/support/own_folder.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

constexpr auto kDiskPatience = std::chrono::seconds(30);

class Disk : public ::testing::Test {
 protected:
  Disk() : folder_(make_own_folder("disk")) {}
  ~Disk() override {
    node_.reset();
    if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    fs::remove_all(folder_);
  }
  std::string data() const { return (folder_ / "node").string(); }

  // A small file system of the test's own, in its own mount namespace.
  bool mount_small(const char* size) {
    if (::unshare(CLONE_NEWNS) != 0) return false;
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    is_mounted_ = ::mount("none", folder_.c_str(), "tmpfs", 0, size) == 0;
    return is_mounted_;
  }
  void init() const {
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data()}), 0);
  }
  void start(std::vector<std::string> more) {
    connection_.reset();  // a thread has one at a time
    more.insert(more.end(), {"--seal-interval-ms", "50", "--workers", "1", "--no-epcis"});
    node_ = std::make_unique<NodeProcess>(SUYUAN_NODE_PROGRAM, data(), std::vector<std::string>{},
                                          more);
    if (!load_) load_ = std::make_unique<Load>(data(), node_->rpc_address());
    connection_ = connect(node_->rpc_address());
  }
  // Returns true if it was taken; otherwise the reason is in `refusal_`.
  bool post() {
    const Submission submission = load_->next();
    const auto answer = connection_->submit(submission);
    if (!answer.outcome) {
      refusal_ = answer.outcome.error().front();
      return false;
    }
    const Hash id = batch_id(parse_batch_note(submission.note)->note.text);
    acknowledged_.emplace_back(id, *answer.outcome);
    return true;
  }
  template <class Until>
  bool wait_for(Until until) {
    const auto give_up = std::chrono::steady_clock::now() + kDiskPatience;
    while (std::chrono::steady_clock::now() < give_up) {
      if (until()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
  std::string get(const std::string& path) const {
    HttpClient http(node_->http_port());
    return http.get(path).body;
  }
  // The node writes at the same time, so free space may shrink again.
  void fill_but(uint64_t left) const {
    constexpr int kTriesMax = 100;
    const int file = ::open((folder_ / "ballast").c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_GE(file, 0);
    int failed = ENOSPC;
    for (int i = 0; i < kTriesMax && failed == ENOSPC; ++i) {
      struct statvfs state {};
      ASSERT_EQ(::statvfs(folder_.c_str(), &state), 0);
      const uint64_t free = uint64_t{state.f_bavail} * state.f_frsize;
      ASSERT_GT(free, left);
      failed = ::posix_fallocate(file, 0, static_cast<off_t>(free - left));
    }
    EXPECT_EQ(failed, 0);
    ::close(file);
  }
  // Everything acknowledged is in the store, and the store is whole.
  void expect_nothing_lost() {
    connection_.reset();
    node_.reset();
    const auto store = open_rocks_read_only(data() + "/store");
    ASSERT_TRUE(store) << to_text(store.error());
    const auto audited = audit((*store)->reader());
    for (const auto& [id, receipt] : acknowledged_) EXPECT_LT(receipt.leaf, audited.leaves);
    EXPECT_GE(audited.batches.size(), acknowledged_.size());
  }

  const fs::path folder_;
  bool is_mounted_ = false;
  std::unique_ptr<NodeProcess> node_;
  std::unique_ptr<Load> load_;
  std::unique_ptr<Connection> connection_;
  std::vector<std::pair<Hash, BatchReceipt>> acknowledged_;
  Error refusal_;
};

TEST_F(Disk, AByteThatChangedIsFoundByTheScrubAndGivesNoWrongAnswer) {
  init();
  start({"--scrub-mib-per-s", "0"});
  // Enough that the damage below is not in what every start reads: leaf 0 and the newest.
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(post());
  // Flushes memory to files.
  ASSERT_TRUE(wait_for([&] { return get("/readyz") == "ready\n"; }));
  ASSERT_TRUE(make_backup({.data = data(), .to = (folder_ / "backups").string()}, 1));
  node_->end(SIGTERM);
  fs::path largest;
  for (const auto& one : fs::directory_iterator(data() + "/store")) {
    if (one.path().extension() != ".sst") continue;
    if (largest.empty() || one.file_size() > fs::file_size(largest)) largest = one.path();
  }
  ASSERT_FALSE(largest.empty());
  {
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(fs::file_size(largest) / 4);
    file.seekg(at);
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(at);
    file.put(byte);
  }
  start({"--scrub-mib-per-s", "1000", "--scrub-pause-s", "0"});
  ASSERT_TRUE(wait_for([&] { return get("/readyz").starts_with("not ready: CORRUPT"); }))
      << get("/readyz");
  const auto metrics = get("/metrics");
  EXPECT_NE(metrics.find("\nsuyuan_read_only 1\n"), std::string::npos);
  EXPECT_EQ(metrics.find("\nsuyuan_scrub_faults_total 0\n"), std::string::npos);
  EXPECT_FALSE(post());
  EXPECT_EQ(refusal_.code, Code::READ_ONLY) << to_text(refusal_);
  // Reads continue: they give the very receipt, or an error, and never another receipt.
  size_t answered = 0;
  for (const auto& [id, receipt] : acknowledged_) {
    const auto answer = connection_->receipt(id);
    if (!answer.value) continue;
    ++answered;
    EXPECT_EQ(answer.value->note, receipt.note);
    EXPECT_EQ(answer.value->leaf, receipt.leaf);
    EXPECT_EQ(answer.value->heads, receipt.heads);
  }
  std::printf("%zu of %zu receipts are still answered\n", answered, acknowledged_.size());
  // It is not backed up as if it were whole; the earlier backup is good.
  EXPECT_TRUE(check_backup(backups_in((folder_ / "backups").string())->front()));
}

TEST_F(Disk, ANodeOnANearlyFullDiskReadsOnAndGoesOnByItselfOnceThereIsSpace) {
  if (!mount_small("size=400m")) GTEST_SKIP() << "a small file system can be mounted by root alone";
  constexpr int kCycles = 20;
  init();
  start({"--disk-reserve-mib", "32"});
  size_t refused = 0;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    ASSERT_TRUE(wait_for([&] { return post(); })) << to_text(refusal_);
    fill_but(static_cast<uint64_t>(cycle) << 20);
    ASSERT_TRUE(wait_for([&] { return !post(); }));
    EXPECT_EQ(refusal_.code, Code::READ_ONLY);
    EXPECT_NE(refusal_.message.find("nearly full"), std::string::npos) << refusal_.message;
    EXPECT_TRUE(connection_->status().value->read_only.find("nearly full") != std::string::npos);
    EXPECT_EQ(get("/healthz"), "ok\n");
    ++refused;
    fs::remove(folder_ / "ballast");
  }
  ASSERT_TRUE(wait_for([&] { return post(); })) << to_text(refusal_);
  EXPECT_EQ(node_->end(SIGTERM), 0) << "a disk that has space again is no fault";
  expect_nothing_lost();
  std::printf("%zu times full, %zu batches\n", refused, acknowledged_.size());
}

TEST_F(Disk, AfterAWriteThatFailedForWantOfSpaceTheNodeWaitsForItsRestart) {
  if (!mount_small("size=400m")) GTEST_SKIP() << "a small file system can be mounted by root alone";
  init();
  start({"--disk-reserve-mib", "0"});
  ASSERT_TRUE(post());
  fill_but(0);
  // The log's file has preallocated space: some more are taken, each synced.
  for (int i = 0; i < 200'000 && post(); ++i) {
  }
  const bool failed = !post();
  fs::remove(folder_ / "ballast");
  if (!failed) GTEST_SKIP() << "the file system gave the store room that it had set aside";
  EXPECT_FALSE(post());
  EXPECT_EQ(refusal_.code, Code::READ_ONLY) << to_text(refusal_);
  node_->end(SIGTERM);
  start({"--disk-reserve-mib", "0"});
  ASSERT_TRUE(post()) << to_text(refusal_);
  node_->end(SIGTERM);
  expect_nothing_lost();
}

TEST(OpenFiles, TooFewAreSaidAtTheStartAndFewTakeFewerConnections) {
  const fs::path folder = make_own_folder("files");
  const std::string data = (folder / "node").string();
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data}), 0);
  EXPECT_EQ(run_program({"prlimit", "--nofile=300:300", SUYUAN_NODE_PROGRAM, "serve", "--data",
                         data, "--rpc", "127.0.0.1:0", "--http", "127.0.0.1:0"}),
            1);
  {
    NodeProcess node(SUYUAN_NODE_PROGRAM, data,
                     {"sh", "-c", "ulimit -n 600; \"$0\" \"$@\"; exit $?"});
    HttpClient http(node.http_port());
    EXPECT_EQ(http.get("/healthz").status, 200);
  }
  const auto log = read_file(data + "/log", 1 << 20);
  ASSERT_TRUE(log);
  EXPECT_NE(log->find("HTTP connections are accepted"), std::string::npos) << *log;
  fs::remove_all(folder);
}

// Without the handler that main sets, Cap'n Proto would make of it an error of the connection.
TEST(Memory, ThatRunsOutEndsTheNodeWhoeverWouldCatchIt) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers' allocators end the process themselves";
#endif
  const fs::path folder = make_own_folder("memory");
  const std::string data = (folder / "node").string();
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data}), 0);
  NodeProcess node(SUYUAN_NODE_PROGRAM, data);
  const std::string address = node.rpc_address();
  HttpClient rpc(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  // From here on it gets no more of the system, and a message announces more than it has.
  const rlimit no_more{.rlim_cur = 1 << 20, .rlim_max = 1 << 20};
  ASSERT_EQ(::prlimit(node.pid(), RLIMIT_AS, &no_more, nullptr), 0);
  const uint32_t words = (2 << 20) - 1024;
  std::string message(4, '\0');  // one segment
  for (int shift = 0; shift < 32; shift += 8) message += static_cast<char>(words >> shift & 0xFF);
  rpc.write(message + std::string(1024, '\0'));
  const auto has_ended = [&] {
    siginfo_t seen{};
    const auto pid = static_cast<id_t>(node.pid());
    return ::waitid(P_PID, pid, &seen, WEXITED | WNOHANG | WNOWAIT) == 0 && seen.si_pid != 0;
  };
  const auto give_up = std::chrono::steady_clock::now() + kDiskPatience;
  while (!has_ended() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(has_ended()) << "it went on";
  const int status = node.wait();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) << status;
  const auto log = read_file(data + "/log", 1 << 20);
  ASSERT_TRUE(log);
  EXPECT_NE(log->find("memory has run out"), std::string::npos) << *log;
  fs::remove_all(folder);
}

}  // namespace
}  // namespace suyuan::test
