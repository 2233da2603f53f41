// An independent client of the log: Go's sumdb packages, which know nothing of us, walk a whole log
// of a running node and an exported one, and find a flipped bit.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "client/http_log.h"
#include "ledger/crypto/note.h"
#include "ledger/export/export.h"
#include "ledger/os/files.h"
#include "tests/e2e/small_ledger.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

// Debian's packages golang-go and golang-golang-x-mod-dev; no other Go that a machine may have.
const std::string kGo = "/usr/lib/go-1.19/bin/go";
const std::string kGoPath = "/usr/share/gocode";
const std::string kSources = std::string(SUYUAN_SOURCE_DIR) + "/tests/e2e/tlog_client";

// Built once for all tests; empty: the packages are absent.
std::string built_client() {
  static const std::string kClient = [] {
    if (!fs::exists(kGo) || !fs::exists(kGoPath + "/src/golang.org/x/mod/sumdb/tlog"))
      return std::string();
    const std::string folder = SUYUAN_GO_FOLDER;
    fs::create_directories(folder);
    const int built = run_program({"/usr/bin/env", "-i", "-C", kSources, "PATH=/usr/bin:/bin",
                                   "HOME=" + folder, "GOPATH=" + kGoPath, "GO111MODULE=off",
                                   "GOFLAGS=", "GOPROXY=off", "CGO_ENABLED=0",
                                   "GOCACHE=" + folder + "/cache", kGo, "build", "-o",
                                   folder + "/tlog_client", "."});
    EXPECT_EQ(built, 0) << "the client does not build";
    return built == 0 ? folder + "/tlog_client" : std::string();
  }();
  return kClient;
}

class TlogClient : public ::testing::Test {
 protected:
  void SetUp() override {
    client_ = built_client();
    if (client_.empty())
      GTEST_SKIP() << "needs Debian's golang-go (1.19) and golang-golang-x-mod-dev";
  }

  // At least `leaves` leaves, each of one event.
  void grow_to(uint64_t leaves) {
    while (leaves_ < leaves) {
      const std::string box = "https://example.org/box/" + std::to_string(leaves_);
      leaves_ = ledger_.accept("carrier", {testing::observe("09:30", "storing", {box})}).leaf + 1;
    }
  }
  std::string url() {
    return "http://127.0.0.1:" + std::to_string(ledger_.running().http_port()) + "/log";
  }
  // The newest checkpoint, over all that was posted.
  std::string checkpoint() {
    const auto answer = ledger_.http().get("/log/checkpoint?wait=20000&size=" +
                                           std::to_string(leaves_));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }
  int walk(std::vector<std::string> more) {
    const VerifierKey key{.name = ledger_.id().origin,
                          .key = ledger_.running().ledger().genesis.log_key};
    std::vector<std::string> command = {client_, "-vkey", write_vkey(key)};
    command.insert(command.end(), more.begin(), more.end());
    return run_program(command);
  }

  SmallLedger ledger_;
  uint64_t leaves_ = 0;
  std::string client_;
};

TEST_F(TlogClient, WalksALiveLogAndFindsEveryFlippedBit) {
  TempFolder folder;
  grow_to(20);
  checkpoint();
  const std::string older = folder.path() + "/older";
  ASSERT_EQ(walk({"-url", url(), "-save", older, "-proofs"}), 0);
  grow_to(270);
  checkpoint();
  EXPECT_EQ(walk({"-url", url(), "-older", older, "-proofs", "-flips", "12"}), 0);
}

TEST_F(TlogClient, WalksAnExportedFolderBehindAnyWebServer) {
  TempFolder folder;
  const std::string out = folder.path() + "/out";
  const std::string older = folder.path() + "/older";
  for (const uint64_t leaves : {uint64_t{20}, uint64_t{30}, uint64_t{270}}) {
    grow_to(leaves);
    checkpoint();
    const auto log = HttpLog::open(url());
    ASSERT_TRUE(log) << to_text(log.error());
    const auto exported = export_log(**log, {.folder = out});
    ASSERT_TRUE(exported) << to_text(exported.error());
    EXPECT_GE(exported->size, leaves);
    const std::vector<std::string> extends =
        leaves == 20 ? std::vector<std::string>{} : std::vector<std::string>{"-older", older};
    std::vector<std::string> flags = {"-folder", out, "-save", older};
    flags.insert(flags.end(), extends.begin(), extends.end());
    EXPECT_EQ(walk(flags), 0);
  }
  EXPECT_EQ(walk({"-folder", out, "-flips", "12", "-seed", "7"}), 0);
  // The same as files: one bit of a leaf on the disk.
  const std::string path = out + "/tile/entries/000";
  Bytes bundle = read_file(path, kLogFileBytesMax).value();
  bundle[bundle.size() / 2] = static_cast<char>(bundle[bundle.size() / 2] ^ 4);
  ASSERT_TRUE(write_file(path, bundle, FileMode::shared));
  EXPECT_EQ(walk({"-folder", out}), 1);
}

// The node's own program, of a folder that no node serves.
TEST_F(TlogClient, WalksWhatAStoppedNodeExports) {
  TempFolder folder;
  TempFolder data;
  VerifierKey key;
  {
    RunningNode node(data.path(), testing::ms("2026-06-02T00:00:00Z"));
    key = {.name = node.ledger().id.origin, .key = node.ledger().genesis.log_key};
    EXPECT_EQ(HttpClient(node.http_port()).get("/log/checkpoint?wait=20000").status, 200);
  }
  const std::string out = folder.path() + "/out";
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(run_program({SUYUAN_NODE_PROGRAM, "export", "--data", data.path(), "--out", out}), 0);
    EXPECT_EQ(run_program({client_, "-vkey", write_vkey(key), "-folder", out}), 0);
  }
}

TEST_F(TlogClient, RefusesAnotherLogsKey) {
  grow_to(10);
  checkpoint();
  const VerifierKey stranger{.name = ledger_.id().origin, .key = ledger_.key("farm").pair.key};
  EXPECT_EQ(run_program({client_, "-vkey", write_vkey(stranger), "-url", url()}), 1);
}

}  // namespace
}  // namespace suyuan::test
