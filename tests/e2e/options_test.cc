// suyuan-node's options: from flags, from a file, from both; what is wrong in either is said.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "client/connection.h"
#include "ledger/os/files.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

class Options : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data_}), 0);
  }
  // A file with these lines under [serve].
  std::string config(const std::string& lines) const {
    const std::string path = folder_.path() + "/suyuan.toml";
    std::ofstream(path) << "[serve]\n" << lines;
    return path;
  }
  // The exit code of a node that is expected not to start.
  static int refused(std::vector<std::string> options) {
    std::vector<std::string> command = {"timeout", "30", SUYUAN_NODE_PROGRAM, "serve"};
    command.insert(command.end(), options.begin(), options.end());
    return run_program(command);
  }
  static constexpr int kUsage = 100;
  static constexpr int kFailed = 1;  // the options are valid

  const TempFolder folder_;
  const std::string data_ = folder_.path() + "/node";
};

TEST_F(Options, StandInAFileToo) {
  const std::string file = config("log-level = \"error\"\nworkers = 1\nrpc-connections = 1\n");
  NodeProcess node(SUYUAN_NODE_PROGRAM, data_, {}, {"--config", file});
  const auto first = Connection::open({.node = node.rpc_address()});
  ASSERT_TRUE(first);
  EXPECT_TRUE((*first)->status().value);
  std::thread([&node] {  // KJ has one event loop for each thread
    const auto second = Connection::open({.node = node.rpc_address()});
    EXPECT_TRUE(!second || !(*second)->status().value);
  }).join();
  EXPECT_EQ(WEXITSTATUS(node.end(SIGTERM)), 0);
}

TEST_F(Options, OfTheCommandLineWinOverTheFile) {
  // NodeProcess names the data folder and free ports itself.
  const std::string file = config("data = \"/nonexistent\"\nrpc = \"192.0.2.1:1\"\n");
  NodeProcess node(SUYUAN_NODE_PROGRAM, data_, {}, {"--config", file});
  EXPECT_TRUE(Connection::open({.node = node.rpc_address()}));
  EXPECT_EQ(WEXITSTATUS(node.end(SIGTERM)), 0);
}

TEST_F(Options, ThatAreWrongInTheFileStopTheNode) {
  const std::string data = "data = \"" + data_ + "\"\nrpc = \"127.0.0.1:0\"\n";
  for (const std::string line : {"worrkers = 4\n", "workers = 257\n", "workers = many\n",
                                 "log-level = \"loud\"\n", "http-connections = 0\n"}) {
    const int code = refused({"--config", config(data + line), "--http", "127.0.0.1:0"});
    EXPECT_EQ(code, kUsage) << line;
  }
}

TEST_F(Options, ThatAreWrongAreNamedInTheFormOfEveryError) {
  const std::string said = folder_.path() + "/said";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"serve --config " + config("nonsense = 4\n"), "serve.nonsense"},
      {"serve --frobnicate --data " + data_, "--frobnicate"},
      {"serve --workers 257 --data " + data_, "--workers"},
      {"", "subcommand"},
  };
  for (const auto& [words, named] : wrong) {
    EXPECT_EQ(run_program({"sh", "-c", SUYUAN_NODE_PROGRAM " " + words + " >" + said + " 2>&1"}),
              kUsage)
        << words;
    const std::string text = read_file(said, 1 << 16).value();
    EXPECT_TRUE(text.starts_with("suyuan-node: INVALID_FIELD: ")) << text;
    EXPECT_NE(text.find(named), std::string::npos) << text;
  }
}

TEST_F(Options, OfLimitsThatCannotBeMeantAreRefused) {
  const std::vector<std::vector<std::string>> wrong = {{"--client-mib", "31"},
                                                       {"--party-mib", "1"},
                                                       {"--client-reads", "-1"},
                                                       {"--proxy", "proxy.example"},
                                                       {"--proxy", "127.0.0.1:80"}};
  for (std::vector<std::string> options : wrong) {
    const std::string named = options.front();
    options.insert(options.end(),
                   {"--data", data_, "--rpc", "127.0.0.1:0", "--http", "127.0.0.1:0"});
    EXPECT_EQ(refused(options), kUsage) << named;
  }
}

TEST_F(Options, OfLimitsStandInAFileToo) {
  const std::string file = config(
      "party-mib = 32\nclient-reads = 1\nclient-mib = 0\nproxy = [\"::1\", \"127.0.0.1\"]\n");
  NodeProcess node(SUYUAN_NODE_PROGRAM, data_, {}, {"--proxy", "192.0.2.1", "--config", file});
  const auto connection = Connection::open({.node = node.rpc_address(), .limited_ms = 0});
  ASSERT_TRUE(connection);
  EXPECT_TRUE((*connection)->status().value);
  EXPECT_TRUE((*connection)->status().value) << "the command line names another proxy";
  EXPECT_EQ(WEXITSTATUS(node.end(SIGTERM)), 0);
  NodeProcess counting(SUYUAN_NODE_PROGRAM, data_, {}, {"--config", file});
  std::thread([&counting] {  // KJ has one event loop for each thread
    const auto again = Connection::open({.node = counting.rpc_address(), .limited_ms = 0});
    ASSERT_TRUE(again);
    EXPECT_TRUE((*again)->status().value);
    EXPECT_FALSE((*again)->status().value);
  }).join();
  EXPECT_EQ(WEXITSTATUS(counting.end(SIGTERM)), 0);
}

TEST_F(Options, AnAddressBeyondLoopbackNeedsAWordMore) {
  EXPECT_EQ(refused({"--data", data_, "--rpc", "0.0.0.0:0", "--http", "127.0.0.1:0"}), kUsage);
  EXPECT_EQ(refused({"--data", data_, "--rpc", "127.0.0.1:0", "--http", "[::]:0"}), kUsage);
}

TEST_F(Options, AnAddressThatIsNoneStopsTheNode) {
  for (const std::string address : {"localhost:1", "127.0.0.1", "127.0.0.1:65536", ":1", "[::1"})
    EXPECT_EQ(refused({"--data", data_, "--rpc", address}), kUsage) << address;
}

// A service manager starts the node again after kFailed and not after kUsage.
TEST_F(Options, OnlyWhatARestartMayCureEndsWithItsCode) {
  EXPECT_EQ(refused({"--data", data_, "--rpc", "192.0.2.1:0", "--http", "127.0.0.1:0",
                     "--plain-beyond-loopback"}),
            kFailed)
      << "no address of this machine, so far";
  EXPECT_EQ(refused({"--data", folder_.path() + "/none", "--rpc", "127.0.0.1:0", "--http",
                     "127.0.0.1:0"}),
            kFailed)
      << "its disk may not be there yet";
}

// One rule for every file that an option names: a missing one may be on a disk that is not mounted
// yet, a wrong one stays wrong.
TEST_F(Options, AMissingFileMayComeAndAWrongOneMayNot) {
  const std::string wrong = folder_.path() + "/wrong";
  std::ofstream(wrong) << "neither PEM nor a policy\n";
  const std::string large = folder_.path() + "/large";
  std::ofstream(large) << "neither PEM nor a policy\n" << std::string(2 << 20, '#');
  const std::string policy = data_ + "/policy";
  const auto end_with = [&](const std::string& file) {
    const std::vector<std::vector<std::string>> naming = {
        {"--config", file},
        {"--tls-cert", file, "--tls-key", file},
        {"--scan-policy", file},
        {"--policy", file},
        {"--policy", policy, "--witness-ca", file},
    };
    std::vector<int> codes;
    for (std::vector<std::string> options : naming) {
      options.insert(options.end(),
                     {"--data", data_, "--rpc", "127.0.0.1:0", "--http", "127.0.0.1:0"});
      codes.push_back(refused(options));
    }
    return codes;
  };
  EXPECT_EQ(end_with(folder_.path() + "/none"), std::vector<int>(5, kFailed));
  EXPECT_EQ(end_with(wrong), std::vector<int>(5, kUsage));
  EXPECT_EQ(end_with(large), std::vector<int>(5, kUsage)) << "larger than it may be";
}

TEST_F(Options, AMissingFileIsNamed) {
  const std::string said = folder_.path() + "/said";
  const std::string none = folder_.path() + "/none";
  for (const auto& options : {"--config " + none, "--witness-ca " + none + " --policy " +
                                                            data_ + "/policy"}) {
    EXPECT_EQ(run_program({"sh", "-c", SUYUAN_NODE_PROGRAM " serve --data " + data_ + " " +
                                           options + " >" + said + " 2>&1"}),
              kFailed)
        << options;
    const std::string text = read_file(said, 1 << 16).value();
    EXPECT_NE(text.find("NOT_FOUND: "), std::string::npos) << text;
    EXPECT_NE(text.find(none), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace suyuan::test
