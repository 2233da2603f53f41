// A replayer beside a node, each a process: it reads every leaf before it cosigns, and bundles then
// say by more than the operator's word that nothing was left out.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "client/connection.h"
#include "client/trust.h"
#include "client/witness/desk.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/proof/accept.h"
#include "proto/json/bundle_json.h"
#include "tests/e2e/running_node.h"
#include "tests/support/free_port.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);

// `suyuan witness serve --replay`.
class ReplayerProcess {
 public:
  ReplayerProcess(const std::string& folder, uint16_t port, uint16_t log_port) {
    const std::string ports = folder + "/ports";
    std::filesystem::remove(ports);
    const std::string listen = "127.0.0.1:" + std::to_string(port);
    const std::string log = "http://127.0.0.1:" + std::to_string(log_port) + "/log";
    pid_ = ::fork();
    SUYUAN_CHECK(pid_ >= 0);
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execl(SUYUAN_PROGRAM, SUYUAN_PROGRAM, "witness", "serve", "--data", folder.c_str(),
              "--listen", listen.c_str(), "--replay", log.c_str(), "--ports-file", ports.c_str(),
              static_cast<char*>(nullptr));
      ::_exit(127);
    }
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (!file_exists(ports)) {
      SUYUAN_CHECK(std::chrono::steady_clock::now() < give_up);
      SUYUAN_CHECK(::waitpid(pid_, nullptr, WNOHANG) == 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ~ReplayerProcess() { end(SIGKILL); }
  ReplayerProcess(const ReplayerProcess&) = delete;
  ReplayerProcess& operator=(const ReplayerProcess&) = delete;
  int end(int signal) {
    int status = 0;
    if (pid_ <= 0) return status;
    ::kill(pid_, signal);
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
};

class Replaying : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data(), "--origin",
                           "test.example/log"}),
              0);
    ledger_ = load_pinned(data() + "/genesis.leaf").value();
    const NoteKey log = {.name = ledger_->genesis.origin, .key = ledger_->genesis.log_key};
    const auto key = make_witness(folder("r"), "replayer.example/r");
    ASSERT_TRUE(key);
    ASSERT_TRUE(watch_log(folder("r"), write_note_key(log)));
    const std::string policy = "log " + write_note_key(log) + "\nwitness r " +
                               write_note_key(*key) + " http://127.0.0.1:" +
                               std::to_string(port_) + "\nquorum r\n#suyuan replayer r\n";
    policy_ = parse_policy(policy).value();
    ASSERT_TRUE(write_file(folder("policy"), policy, FileMode::shared));
  }
  std::string folder(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string data() const { return folder("node"); }
  // The bundle of a code that nobody knows, once the newest checkpoint meets the policy.
  BundleVerdict verdict_once_cosigned(const NodeProcess& node, uint64_t least) const {
    const auto connection = Connection::open({.node = node.rpc_address()});
    EXPECT_TRUE(connection);
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    BundleVerdict verdict;
    while (std::chrono::steady_clock::now() < give_up) {
      const auto answer =
          (*connection)->bundle({.code = "https://nobody.example/1", .at_least = {.size = least}});
      if (!answer.value) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        continue;
      }
      const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::system_clock::now().time_since_epoch());
      verdict = verify_bundle_text(answer.value->text, policy_, now.count());
      if (verdict.judged != Judged::refused) return verdict;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ADD_FAILURE() << "never cosigned: " << verdict.message;
    return verdict;
  }
  void register_somebody(const NodeProcess& node, const std::string& party) const {
    const std::string key = folder(party + ".key");
    const std::string request = folder(party + ".json");
    ::setenv("XDG_CONFIG_HOME", folder("config").c_str(), 1);
    const std::vector<std::string> common = {"--node", node.rpc_address(), "--genesis",
                                             data() + "/genesis.leaf"};
    std::vector<std::vector<std::string>> commands = {
        {SUYUAN_PROGRAM, "keygen", party, "--out", key},
        {SUYUAN_PROGRAM, "register", "--key", key, "--name", party, "--role", "producer", "--out",
         request},
        {SUYUAN_PROGRAM, "approve", request, "--key", data() + "/keys/registrar.key"}};
    for (auto& command : commands) {
      if (command[1] != "keygen") command.insert(command.end(), common.begin(), common.end());
      ASSERT_EQ(run_program(command), 0) << command[1];
    }
  }

  TempFolder folder_;
  const uint16_t port_ = free_port();
  std::optional<PinnedLedger> ledger_;
  Policy policy_;
};

bool claims(const std::vector<VerdictLine>& lines, Claim claim) {
  return std::any_of(lines.begin(), lines.end(),
                     [claim](const VerdictLine& line) { return line.claim == claim; });
}

TEST_F(Replaying, ReadsEachTreeBeforeItIsPublishedAndCosignsIt) {
  NodeProcess node(SUYUAN_NODE_PROGRAM, data(), {},
                   {"--policy", folder("policy"), "--seal-interval-ms", "1", "--seal-idle-ms",
                    "300"});
  {
    ReplayerProcess replayer(folder("r"), port_, node.http_port());
    const auto verdict = verdict_once_cosigned(node, 1);
    EXPECT_EQ(verdict.judged, Judged::not_recorded);
    EXPECT_TRUE(claims(verdict.proven, Claim::replayed));
    EXPECT_FALSE(claims(verdict.not_proven, Claim::operators_word));
    register_somebody(node, "one");
    EXPECT_GT(verdict_once_cosigned(node, verdict.size + 1).size, verdict.size);
    EXPECT_EQ(replayer.end(SIGTERM), 0);
  }
  EXPECT_TRUE(file_exists(folder("r/replay.state")));
  // It was away; it goes on from what it saved.
  register_somebody(node, "two");
  ReplayerProcess again(folder("r"), port_, node.http_port());
  const auto later = verdict_once_cosigned(node, 4);
  EXPECT_TRUE(claims(later.proven, Claim::replayed));
}

TEST_F(Replaying, SpeaksForOneLogAlone) {
  NodeProcess node(SUYUAN_NODE_PROGRAM, data());
  const NoteKey other = {.name = "other.example/log", .key = ledger_->genesis.log_key};
  ASSERT_TRUE(watch_log(folder("r"), write_note_key(other)));
  EXPECT_EQ(run_program({SUYUAN_PROGRAM, "witness", "serve", "--data", folder("r"), "--listen",
                         "127.0.0.1:0", "--replay",
                         "http://127.0.0.1:" + std::to_string(node.http_port()) + "/log"}),
            1);
}

}  // namespace
}  // namespace suyuan::test
