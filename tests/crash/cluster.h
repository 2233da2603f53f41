// Three nodes of one ledger and three members of etcd, as real processes, for tests of what befalls
// them.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "ledger/base/check.h"
#include "ledger/order/etcd/group.h"
#include "ledger/store/rocks/read_only.h"
#include "tests/crash/load.h"
#include "tests/support/etcd_member.h"
#include "tests/support/networks.h"
#include "tests/support/node_process.h"
#include "tests/support/own_folder.h"

namespace suyuan::test {

inline constexpr size_t kNodes = 3;
inline constexpr const char* kLog = "trace";

inline bool eventually(const std::function<bool()>& holds,
                       std::chrono::seconds within = std::chrono::seconds(60)) {
  const auto give_up = std::chrono::steady_clock::now() + within;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

class Cluster : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_etcd()) GTEST_SKIP() << "etcd is not installed (Debian: etcd-server)";
    make_folder();
    if (!prepare()) return;  // it said why
    if (!etcd_) etcd_.emplace(folder_, 3);
    make_ledger();
    for (size_t i = 0; i < kNodes; ++i) start(i);
  }
  void TearDown() override {
    for (auto& node : nodes_) node.reset();
    etcd_.reset();
    clear();
    if (!folder_.empty() && !HasFailure()) std::filesystem::remove_all(folder_);
  }
  // What a test needs before there is a member of etcd or a ledger, or instead of etcd_; false:
  // there will be none. And what it takes away again, once no process is left.
  virtual bool prepare() { return true; }
  virtual void clear() {}
  // What goes before a node's command, and the members that it asks.
  virtual std::vector<std::string> before(size_t) const { return {}; }
  virtual std::vector<std::string> more_options(size_t) const { return {}; }
  virtual std::string endpoints_of(size_t) const { return endpoints(); }
  // The network that it is in (networks.h).
  virtual int network(size_t) const { return -1; }

  std::string data(size_t i) const { return folder_ + "/node-" + std::to_string(i); }
  std::string endpoints() const {
    std::string all;
    for (const auto& one : etcd_->endpoints()) all += (all.empty() ? "" : ",") + one;
    return all;
  }
  // The key of each node, a genesis that names all, and the log in etcd.
  void make_ledger() {
    std::vector<std::string> init = {SUYUAN_NODE_PROGRAM, "init", "--data", data(0), "--name",
                                     "node-0"};
    for (size_t i = 1; i < kNodes; ++i) {
      const std::string out = folder_ + "/key";
      ASSERT_EQ(run_program({"sh", "-c", std::string(SUYUAN_NODE_PROGRAM) + " key --data " +
                                             data(i) + " --name node-" + std::to_string(i) + " >" +
                                             out}),
                0);
      std::string key;
      std::getline(std::ifstream(out), key);
      init.insert(init.end(), {"--node", key});
    }
    ASSERT_EQ(run_program(init), 0);
    for (size_t i = 1; i < kNodes; ++i) {
      ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "join", "--data", data(i), "--genesis",
                             data(0) + "/genesis.leaf", "--log-key", data(0) + "/keys/log.key"}),
                0);
    }
    ASSERT_TRUE(eventually([&] {
      return run_program({SUYUAN_NODE_PROGRAM, "migrate", "--data", data(0), "--etcd", endpoints(),
                          "--etcd-log", kLog}) == 0;
    }));
  }
  std::vector<std::string> order_options() const { return order_options(endpoints()); }
  static std::vector<std::string> order_options(const std::string& members) {
    return {"--order", "etcd", "--etcd", members, "--etcd-log", kLog};
  }
  void start(size_t i) {
    auto options = order_options(endpoints_of(i));
    for (const auto& word : kWithoutLimits) options.push_back(word);
    for (auto& word : more_options(i)) options.push_back(std::move(word));
    const Inside inside(network(i));
    nodes_[i] = std::make_unique<NodeProcess>(SUYUAN_NODE_PROGRAM, data(i), before(i), options);
    move_to(i, rpc(i));
  }
  // Ends it, and nobody looks for it where it was: another may listen there soon.
  int stop(size_t i, int signal = SIGTERM) {
    move_to(i, "");
    const int status = nodes_[i]->end(signal);
    nodes_[i].reset();
    return status;
  }
  // From any thread. UNAVAILABLE: it does not run.
  Result<std::unique_ptr<Connection>> try_open(size_t i) const {
    std::string address;
    {
      const std::scoped_lock lock(mutex_);
      address = addresses_[i];
    }
    if (address.empty()) return fail(Code::UNAVAILABLE, "it does not run");
    const Inside inside(network(i));
    return Connection::open({.node = address, .connect_ms = 2'000, .answer_ms = 20'000});
  }
  std::unique_ptr<Connection> ask(size_t i) const {
    const Inside inside(network(i));
    return connect(rpc(i));
  }
  // The disk is new; the node's key was kept elsewhere. REQUIRES: it does not run.
  void wipe(size_t i, const std::vector<std::string>& more = {}) const {
    const std::string folder = data(i);
    std::filesystem::copy_file(folder + "/keys/node.key", folder_ + "/kept.key",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder + "/keys");
    std::filesystem::rename(folder_ + "/kept.key", folder + "/keys/node.key");
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    const std::string other = data(i == 0 ? 1 : 0);
    std::vector<std::string> join = {SUYUAN_NODE_PROGRAM, "join",      "--data", folder,
                                     "--genesis",         other + "/genesis.leaf",
                                     "--log-key",         other + "/keys/log.key"};
    join.insert(join.end(), more.begin(), more.end());
    ASSERT_EQ(run_program(join), 0);
  }
  std::string rpc(size_t i) const { return nodes_[i]->rpc_address(); }

  struct Stand {
    uint64_t leaves = 0;
    uint64_t published = 0;
    friend bool operator==(const Stand&, const Stand&) = default;
  };
  Stand stand(size_t i) const {
    const auto answer = ask(i)->status();
    if (!answer.value) return {};
    return {.leaves = answer.head.size, .published = answer.value->published_size};
  }
  // All nodes have published all that any of them holds.
  bool settle() const {
    return eventually([&] {
      const Stand first = stand(0);
      return first.leaves > 0 && first.published == first.leaves && stand(1) == first &&
             stand(2) == first;
    });
  }
  // The checkpoint's text, which all nodes sign; and each node's own line.
  std::string checkpoint(size_t i) const {
    const auto answer = ask(i)->checkpoint(0);
    EXPECT_TRUE(answer.value);
    return answer.value ? answer.value->note : std::string();
  }
  auto store(size_t i) const {
    auto opened = open_rocks_read_only(data(i) + "/store");
    EXPECT_TRUE(opened) << to_text(opened.error());
    return *std::move(opened);
  }

  void move_to(size_t i, std::string address) {
    const std::scoped_lock lock(mutex_);
    addresses_[i] = std::move(address);
  }
  void make_folder() {
    folder_ = make_own_folder("cluster");
  }

  std::string folder_;
  std::optional<EtcdCluster> etcd_;
  std::array<std::unique_ptr<NodeProcess>, kNodes> nodes_;
  mutable std::mutex mutex_;  // guards addresses_, which loads and watchers read
  std::array<std::string, kNodes> addresses_;
};

}  // namespace suyuan::test
