// Sealed key files of a node and of its clients, as processes: the passphrase comes by a file or a
// descriptor, is not on the command line, and stands nowhere afterwards.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "client/connection.h"
#include "client/keys.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/folder/init.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

const std::string kPassphrase = "correct horse battery staple 溯源";
constexpr int kUsage = 100;  // suyuan-node serve: an option does not fit

class SealedKeys : public ::testing::Test {
 protected:
  SealedKeys() {
    EXPECT_TRUE(write_new_file(file("passphrase"), kPassphrase + "\n", FileMode::secret));
    EXPECT_TRUE(write_new_file(file("other"), "another one\n", FileMode::secret));
  }
  std::string file(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string data() const { return file("node"); }
  // Exit code; what it printed is in `said`.
  int run(const std::string& command) {
    const int status = std::system((command + " >" + file("said") + " 2>&1").c_str());
    const auto said = read_file(file("said"), 1 << 20);
    said_ = said ? *said : "";
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int node(const std::string& arguments) { return run(SUYUAN_NODE_PROGRAM " " + arguments); }
  std::string key_text(const std::string& name) const {
    return read_file(data() + "/keys/" + name + ".key", 4096).value();
  }
  // Files below `folder` that hold the bytes, but for those that are meant to.
  std::vector<std::string> holding(const std::string& bytes, const std::string& folder) const {
    std::vector<std::string> found;
    for (const auto& one : fs::recursive_directory_iterator(folder)) {
      if (!one.is_regular_file()) continue;
      const auto text = read_file(one.path().string(), 1 << 30);
      if (text && text->find(bytes) != std::string::npos) found.push_back(one.path().string());
    }
    return found;
  }

  // Soft and hard, as the system tells them.
  static std::string core_limits(const std::string& path) {
    constexpr std::string_view kName = "Max core file size";
    std::ifstream limits(path);
    for (std::string line; std::getline(limits, line);) {
      if (!line.starts_with(kName)) continue;
      std::istringstream fields(line.substr(kName.size()));
      std::string soft;
      std::string hard;
      fields >> soft >> hard;
      return soft + " " + hard;
    }
    return "unknown";
  }

  std::string secret_of(const std::string& name) const {
    const std::string text = key_text(name);
    const size_t at = text.find("\nsecret ") + 8;
    return text.substr(at, text.size() - at - 1);
  }

  TempFolder folder_;
  std::string said_;
};

// Whether each text is in memory that the process may write: where its variables, stacks and freed
// bytes are. nullopt: the system does not let us look.
std::optional<std::vector<bool>> in_memory_of(pid_t pid, const std::vector<std::string>& texts) {
  const std::string proc = "/proc/" + std::to_string(pid);
  std::ifstream memory(proc + "/mem", std::ios::binary);
  std::ifstream maps(proc + "/maps");
  std::vector<bool> found(texts.size(), false);
  size_t bytes_read = 0;
  for (std::string line; memory && std::getline(maps, line);) {
    uint64_t begin = 0;
    uint64_t end = 0;
    char may[5] = {};
    const int fields = std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &begin, &end, may);
    if (fields != 3 || std::string_view(may).substr(0, 2) != "rw") continue;
    std::string bytes(end - begin, '\0');
    memory.seekg(static_cast<std::streamoff>(begin));
    memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<size_t>(memory.gcount()));
    bytes_read += bytes.size();
    memory.clear();
    for (size_t i = 0; i < texts.size(); ++i)
      if (bytes.find(texts[i]) != std::string::npos) found[i] = true;
  }
  if (bytes_read == 0) return std::nullopt;
  return found;
}

TEST_F(SealedKeys, ServeWithThePassphraseAndNotWithout) {
  ASSERT_EQ(node("init --data " + data() + " --passphrase-file " + file("passphrase")), 0) << said_;
  for (const std::string name : {"node", "log", "registrar"})
    EXPECT_TRUE(is_sealed_key_file(key_text(name))) << name;
  EXPECT_EQ(node("serve --data " + data() + " --rpc 127.0.0.1:0 --http 127.0.0.1:0 "
                 "--passphrase-file " + file("other")), kUsage);
  EXPECT_NE(said_.find("the passphrase does not open this key file"), std::string::npos) << said_;
  // Without a terminal: nobody is asked.
  EXPECT_EQ(run("setsid -w " SUYUAN_NODE_PROGRAM " serve --data " + data() +
                " --rpc 127.0.0.1:0 --http 127.0.0.1:0 </dev/null"), 1);
  EXPECT_NE(said_.find("--passphrase-file"), std::string::npos) << said_;
  {
    NodeProcess served(SUYUAN_NODE_PROGRAM, data(), {}, {"--passphrase-file", file("passphrase")});
    const auto connection = Connection::open({.node = served.rpc_address()});
    ASSERT_TRUE(connection);
    EXPECT_TRUE((*connection)->status().value);
    const std::string proc = "/proc/" + std::to_string(served.pid());
    EXPECT_EQ(core_limits(proc + "/limits"), "0 0");
    for (const std::string what : {"/cmdline", "/environ"}) {
      std::ifstream stream(proc + what);
      const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
      EXPECT_EQ(bytes.find(kPassphrase), std::string::npos) << what;
    }
    EXPECT_EQ(served.end(SIGTERM), 0);
  }
  EXPECT_TRUE(holding(kPassphrase, data()).empty()) << "logs, store, keys";
}

TEST_F(SealedKeys, AreMadeOfKeysThatLayOpen) {
  ASSERT_EQ(node("init --data " + data()), 0) << said_;
  std::vector<std::string> secrets;
  for (const std::string name : {"node", "log", "registrar"}) {
    secrets.push_back(secret_of(name));
    ASSERT_EQ(from_base64(secrets.back())->size(), kSeedBytes);
  }
  ASSERT_EQ(node("seal-keys --data " + data() + " --passphrase-fd 3 3<" + file("passphrase")), 0)
      << said_;
  EXPECT_NE(said_.find("3 key files"), std::string::npos) << said_;
  EXPECT_EQ(node("seal-keys --data " + data() + " --passphrase-file " + file("passphrase")), 0);
  EXPECT_NE(said_.find("0 key files"), std::string::npos) << "they stay as they are: " << said_;
  {
    NodeProcess served(SUYUAN_NODE_PROGRAM, data(), {}, {"--passphrase-file", file("passphrase")});
    EXPECT_TRUE(Connection::open({.node = served.rpc_address()}));
    EXPECT_EQ(served.end(SIGTERM), 0);
  }
  for (const auto& secret : secrets) {
    EXPECT_TRUE(holding(secret, data()).empty()) << "base64 of a seed";
    EXPECT_TRUE(holding(*from_base64(secret), data()).empty()) << "a seed";
    EXPECT_TRUE(holding(to_hex(*from_base64(secret)), data()).empty()) << "hex of a seed";
  }
}

TEST_F(SealedKeys, AreReadUpToTheBoundAndNotBeyond) {
  const std::string whole = kPassphrase + "\n";
  const auto read = read_secret_file(file("passphrase"), whole.size());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, whole);
  const auto beyond = read_secret_file(file("passphrase"), whole.size() - 1);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, Code::TOO_LARGE);
}

// Neither where they were read nor where they were decoded, also if the files are not sealed. The
// ledger's name is in memory, which shows that we can find what is there.
TEST_F(SealedKeys, LeaveNoTextOfThemInTheMemoryOfAServingNode) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers map terabytes and keep what was freed";
#endif
  ASSERT_EQ(node("init --data " + data() + " --origin memory.suyuan.example/log"), 0) << said_;
  const std::vector<std::string> texts = {"memory.suyuan.example/log", kPassphrase,
                                          secret_of("node"), secret_of("log")};
  const std::vector<bool> only_the_name = {true, false, false, false};
  for (const bool sealed : {false, true}) {
    std::vector<std::string> given;
    if (sealed) {
      given = {"--passphrase-file", file("passphrase")};
      ASSERT_EQ(node("seal-keys --data " + data() + " " + given[0] + " " + given[1]), 0) << said_;
    }
    NodeProcess served(SUYUAN_NODE_PROGRAM, data(), {}, given);
    ASSERT_TRUE(Connection::open({.node = served.rpc_address()}));
    const auto found = in_memory_of(served.pid(), texts);
    if (!found) GTEST_SKIP() << "reading another process's memory needs CAP_SYS_PTRACE";
    EXPECT_EQ(*found, only_the_name) << (sealed ? "sealed" : "in clear");
    EXPECT_EQ(served.end(SIGTERM), 0);
  }
}

TEST_F(SealedKeys, ThatMayBeSwappedAreWarnedOfAtTheStart) {
  ASSERT_EQ(node("init --data " + data()), 0) << said_;
  const auto log = [this] { return read_file(data() + "/log", 1 << 20).value(); };
  std::vector<std::string> limited = {"prlimit", "--memlock=0:0"};
  // The limit does not count for whoever has this capability.
  if (::geteuid() == 0)
    limited.insert(limited.begin(), {"setpriv", "--bounding-set", "-ipc_lock"});
  std::vector<std::string> trial = limited;
  trial.push_back("true");
  if (run_program(trial) != 0) GTEST_SKIP() << "prlimit or setpriv does not work here";
  {
    NodeProcess served(SUYUAN_NODE_PROGRAM, data(), limited);
    ASSERT_TRUE(Connection::open({.node = served.rpc_address()}));
    EXPECT_EQ(served.end(SIGTERM), 0) << "it serves all the same";
  }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers make mlock do nothing";
#endif
  const size_t at = log().find("RLIMIT_MEMLOCK");
  ASSERT_NE(at, std::string::npos) << log();
  EXPECT_EQ(log().find("RLIMIT_MEMLOCK", at + 1), std::string::npos) << "once: " << log();
}

// The gateway's is one of the node's: one passphrase opens them all at the start.
TEST_F(SealedKeys, AreAlsoTheGateways) {
  ASSERT_EQ(node("init --data " + data() + " --passphrase-file " + file("passphrase")), 0) << said_;
  ASSERT_EQ(node("gateway init gate --data " + data() + " --passphrase-file " +
                 file("passphrase")), 0) << said_;
  EXPECT_NE(said_.find("restarted"), std::string::npos) << said_;
  const std::string path = data() + "/gateway/gateway.key";
  EXPECT_TRUE(is_sealed_key_file(read_file(path, 4096).value()));
  {
    NodeProcess served(SUYUAN_NODE_PROGRAM, data(), {}, {"--passphrase-file", file("passphrase")});
    EXPECT_TRUE(Connection::open({.node = served.rpc_address()}));
    EXPECT_EQ(served.end(SIGTERM), 0);
  }
  fs::remove(path);
  ASSERT_EQ(node("gateway init gate --data " + data() + " --passphrase-file " + file("other")), 0)
      << said_;
  EXPECT_EQ(node("serve --data " + data() + " --rpc 127.0.0.1:0 --http 127.0.0.1:0 "
                 "--passphrase-file " + file("passphrase")), kUsage);
  EXPECT_NE(said_.find("gateway.key"), std::string::npos) << said_;
  fs::remove(path);
  ASSERT_EQ(node("gateway init gate --data " + data()), 0) << said_;
  EXPECT_FALSE(is_sealed_key_file(read_file(path, 4096).value()));
  ASSERT_EQ(node("seal-keys --data " + data() + " --passphrase-file " + file("passphrase")), 0);
  EXPECT_NE(said_.find("1 key files"), std::string::npos) << said_;
  EXPECT_TRUE(is_sealed_key_file(read_file(path, 4096).value()));
}

// Both open the folder before they speak with etcd, of which there is none here.
TEST_F(SealedKeys, AreOpenedByMigrateAndRecoverToo) {
  ASSERT_EQ(node("init --data " + data() + " --passphrase-file " + file("passphrase")), 0) << said_;
  for (const std::string command : {"migrate", "recover --wait 1"}) {
    const std::string whole = command + " --data " + data() + " --etcd 127.0.0.1:1";
    EXPECT_EQ(run("setsid -w " SUYUAN_NODE_PROGRAM " " + whole + " </dev/null"), 1);
    EXPECT_NE(said_.find("--passphrase-file"), std::string::npos) << said_;
    EXPECT_EQ(node(whole + " --passphrase-file " + file("other")), 1);
    EXPECT_NE(said_.find("does not open this key file"), std::string::npos) << said_;
    for (const std::string& given : {" --passphrase-file " + file("passphrase"),
                                    " --passphrase-fd 3 3<" + file("passphrase")}) {
      EXPECT_EQ(node(whole + given), 1);
      EXPECT_EQ(said_.find("key"), std::string::npos) << "it is about the log now: " << said_;
    }
  }
}

TEST_F(SealedKeys, OfAClientOpenByFileAndDescriptor) {
  const std::string suyuan = "XDG_CONFIG_HOME=" + file("home") + " " SUYUAN_PROGRAM " ";
  ASSERT_EQ(run(suyuan + "keygen lab --out " + file("lab.key") +
                " --passphrase --passphrase-file " + file("passphrase")), 0) << said_;
  ASSERT_TRUE(is_sealed_key_file(read_file(file("lab.key"), 4096).value()));
  ASSERT_EQ(node("init --data " + data()), 0) << said_;
  const std::string request = "--genesis " + data() + "/genesis.leaf register --key " +
                              file("lab.key") + " --name Lab --role lab --country NZ --out ";
  EXPECT_EQ(run(suyuan + request + file("a") + " --passphrase-file " + file("passphrase")), 0)
      << said_;
  EXPECT_EQ(run(suyuan + request + file("b") + " --passphrase-fd 3 3<" + file("passphrase")), 0)
      << said_;
  EXPECT_EQ(run(suyuan + request + file("c") + " --passphrase-file " + file("other")), 1);
  fs::permissions(file("passphrase"), fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(run(suyuan + request + file("d") + " --passphrase-file " + file("passphrase")), 1);
  EXPECT_NE(said_.find("chmod 600"), std::string::npos) << said_;
}

// A key that took the place of a sealed one would else lie open, and nothing would say so.
TEST_F(SealedKeys, AreSealedStillWhenAClientRotatesThem) {
  ASSERT_EQ(node("init --data " + data()), 0) << said_;
  const std::string suyuan = "XDG_CONFIG_HOME=" + file("home") + " " SUYUAN_PROGRAM " --genesis " +
                             data() + "/genesis.leaf ";
  const auto rotated = [&](const std::string& new_key, const std::string& passphrase) {
    const std::string command = suyuan + "rotate --key " + file("lab.key") + " --new-key " +
                                file(new_key) + " --out " + file("request.json");
    return run(passphrase.empty() ? command : command + " --passphrase-file " + file(passphrase));
  };
  const auto text_of = [&](const std::string& name) {
    return read_file(file(name), 4096).value();
  };
  ASSERT_EQ(run(suyuan + "keygen lab --out " + file("lab.key") +
                " --passphrase --passphrase-file " + file("passphrase")), 0) << said_;
  EXPECT_EQ(rotated("none.key", "other"), 1) << said_;
  EXPECT_FALSE(file_exists(file("none.key")));
  ASSERT_EQ(rotated("new.key", "passphrase"), 0) << said_;
  EXPECT_TRUE(is_sealed_key_file(text_of("new.key")));
  EXPECT_TRUE(read_key_file(text_of("new.key"), kPassphrase)) << "under the same passphrase";
  EXPECT_EQ(rotated("new.key", "passphrase"), 0) << "the file that is there serves: " << said_;
  ASSERT_EQ(run(suyuan + "keygen lab --out " + file("clear.key")), 0) << said_;
  EXPECT_EQ(rotated("clear.key", "passphrase"), 1) << "not one in clear: " << said_;
  fs::remove(file("lab.key"));
  ASSERT_EQ(run(suyuan + "keygen lab --out " + file("lab.key")), 0) << said_;
  ASSERT_EQ(rotated("open.key", ""), 0) << said_;
  EXPECT_FALSE(is_sealed_key_file(text_of("open.key"))) << "as the old one";
}

}  // namespace
}  // namespace suyuan::test
