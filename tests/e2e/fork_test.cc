// One ledger on two nodes, and two nodes of one key that show two trees: what a client says of
// each.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "client/connection.h"
#include "ledger/os/files.h"
#include "proto/jsontext/document.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

constexpr int kOk = 0;
constexpr int kUsage = 1;
constexpr int kUnreachable = 3;
constexpr int kUnverified = 4;
constexpr auto kPatience = std::chrono::seconds(30);

class Fork : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", file("one")}), 0);
    {
      const auto node = start("one");
      wait_until_all_is_published(*node);
    }
    fs::create_directory(file("two"));
    for (const auto& entry : fs::directory_iterator(file("one"))) {
      if (entry.is_socket()) continue;  // that of backups
      fs::copy(entry.path(), fs::path(file("two")) / entry.path().filename(),
               fs::copy_options::recursive);
    }
    one_ = start("one");
    two_ = start("two");
  }

  std::string file(const std::string& name) const { return folder_.path() + "/" + name; }
  std::unique_ptr<NodeProcess> start(const std::string& name) const {
    return std::make_unique<NodeProcess>(SUYUAN_NODE_PROGRAM, file(name),
                                         std::vector<std::string>{},
                                         std::vector<std::string>{"--seal-interval-ms", "1"});
  }
  static std::string url(const NodeProcess& node) {
    return "http://127.0.0.1:" + std::to_string(node.http_port());
  }
  // Returns the exit code of a client with a profile of its own; `said_` is what it printed,
  // `errors_` what it wrote to standard error.
  int suyuan(const std::string& profile, const std::string& arguments) {
    const std::string command = "XDG_CONFIG_HOME=" + file(profile) + " " SUYUAN_PROGRAM
                                " --lang en --genesis " + file(pinned_ + "/genesis.leaf") + " " +
                                arguments + " >" + file("said") + " 2>" + file("errors");
    const int status = std::system(command.c_str());
    said_ = read_file(file("said"), 1 << 20).value();
    errors_ = read_file(file("errors"), 1 << 20).value();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  // Registers a party through the node, so that its log grows.
  void grow(const NodeProcess& node, const std::string& profile, const std::string& party) {
    const std::string key = file(party + ".key");
    const std::string request = file(party + ".request.json");
    ASSERT_EQ(suyuan(profile, "keygen " + party + " --out " + key), kOk) << errors_;
    ASSERT_EQ(suyuan(profile, "register --name " + party + " --role producer --key " + key +
                                  " --out " + request),
              kOk)
        << errors_;
    ASSERT_EQ(suyuan(profile, "approve " + request + " --key " + file("one/keys/registrar.key") +
                                  " --node " + node.rpc_address()),
              kOk)
        << errors_;
    wait_until_all_is_published(node);
  }
  static void wait_until_all_is_published(const NodeProcess& node) {
    const auto connection = Connection::open({.node = node.rpc_address()});
    ASSERT_TRUE(connection);
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < give_up) {
      const auto answer = (*connection)->status();
      if (answer.value && answer.head.size == answer.value->published_size) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "not published";
  }
  int compare(const std::string& arguments) { return suyuan("reader", "compare " + arguments); }
  bool blames(const std::string& text) const { return errors_.find(text) != std::string::npos; }
  std::string evidence(const std::string& profile) const {
    const fs::path folder = file(profile) + "/suyuan/evidence";
    if (!fs::exists(folder)) return {};
    const fs::directory_iterator files(folder);
    return files == fs::end(files) ? std::string() : files->path().string();
  }

  const TempFolder folder_;
  std::unique_ptr<NodeProcess> one_;
  std::unique_ptr<NodeProcess> two_;
  std::string pinned_ = "one";  // folder of the node whose ledger the client has pinned
  std::string said_;
  std::string errors_;
};

TEST_F(Fork, StatusVouchesForNoNodeThatBreaksAReceipt) {
  grow(*one_, "reader", "farm");
  ASSERT_EQ(suyuan("reader", "status --node " + one_->rpc_address()), kOk) << errors_;
  EXPECT_NE(said_.find("the pinned ledger"), std::string::npos) << said_;
  grow(*two_, "other", "carrier");
  grow(*two_, "other", "maker");
  ASSERT_EQ(suyuan("reader", "parties --node " + two_->rpc_address()), kUnverified);
  EXPECT_EQ(suyuan("reader", "status --node " + two_->rpc_address()), kUnverified) << said_;
  EXPECT_EQ(said_.find("the pinned ledger"), std::string::npos) << said_;
}

// A disk that counts as full for as long as the node runs: it seals nothing, however long it is
// asked for a checkpoint.
TEST_F(Fork, StatusShowsANodeWithoutCheckpointAsNotChecked) {
  ServeOptions full = without_seals();
  full.disk_reserve_mib = UINT32_MAX;
  pinned_ = "fresh";
  const RunningNode node(file(pinned_), 1'780'000'000'000, full);
  EXPECT_EQ(suyuan("reader", "status --node " + node.rpc_address()), kUnreachable) << said_;
  EXPECT_NE(said_.find("not checked yet"), std::string::npos) << said_;
  EXPECT_NE(said_.find("none yet"), std::string::npos) << said_;
  EXPECT_EQ(said_.find("the pinned ledger"), std::string::npos) << said_;
  EXPECT_TRUE(blames("no checkpoint is published yet")) << errors_;
  EXPECT_EQ(suyuan("reader", "status --json --node " + node.rpc_address()), kUnreachable);
  EXPECT_TRUE(parse_json(said_)) << "one document: " << said_;
  EXPECT_NE(said_.find("\"publishedSize\":0"), std::string::npos) << said_;
  EXPECT_TRUE(blames("no checkpoint is published yet")) << errors_;
}

// No ledger refused anything: the command line names a path that has no log.
TEST_F(Fork, ExportOfAPathWithoutALogIsNotDone) {
  EXPECT_EQ(suyuan("reader", "export --log " + url(*one_) + "/nowhere --out " + file("log")),
            kUsage);
  EXPECT_TRUE(blames("not done: NOT_FOUND")) << errors_;
  EXPECT_TRUE(blames("/nowhere/checkpoint is not there")) << errors_;
}

TEST_F(Fork, CompareFindsOneLedgerWhileNoneSaysOtherwise) {
  const std::string both = url(*one_) + " " + url(*two_);
  ASSERT_EQ(compare(both), kOk) << errors_;
  EXPECT_NE(said_.find("one ledger"), std::string::npos) << said_;
  grow(*one_, "other", "farm");
  ASSERT_EQ(compare(both), kOk) << "the larger begins with the smaller: " << errors_;
  ASSERT_EQ(compare("--json " + both), kOk) << errors_;
  EXPECT_TRUE(said_.starts_with(R"({"same":true,"nodes":[{"url":")" + url(*two_))) << said_;
}

TEST_F(Fork, CompareNamesBothWhoShowTwoTreesAndKeepsTheEvidence) {
  grow(*one_, "other", "farm");
  grow(*two_, "another", "carrier");
  const std::string both = url(*one_) + " " + url(*two_);
  ASSERT_EQ(compare(both), kUnverified) << said_;
  EXPECT_TRUE(blames(url(*one_)) && blames(url(*two_))) << errors_;
  EXPECT_FALSE(blames("this client has seen")) << errors_;
  ASSERT_FALSE(evidence("reader").empty());
  EXPECT_EQ(suyuan("reader", "verify " + evidence("reader")), kUnverified) << errors_;
  ASSERT_EQ(compare(both + " http://127.0.0.1:1"), kUnverified) << "a node away hides no fork";
  ASSERT_EQ(compare("--json " + both), kUnverified);
  EXPECT_NE(said_.find("ROOT_MISMATCH"), std::string::npos) << said_;
}

TEST_F(Fork, CompareSaysWhoIsAwayAndTakesNoNodeAlone) {
  ASSERT_EQ(compare(url(*one_) + " http://127.0.0.1:1"), kUnreachable) << errors_;
  EXPECT_TRUE(blames("http://127.0.0.1:1")) << errors_;
  EXPECT_FALSE(blames(":7400")) << "nobody asked the default node: " << errors_;
  ASSERT_EQ(compare(url(*one_)), kUsage) << said_;
  EXPECT_TRUE(blames("2 to 64 nodes")) << errors_;
}

}  // namespace
}  // namespace suyuan::test
