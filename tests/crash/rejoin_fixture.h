// Three nodes that come back, or agree where a log goes on that etcd has lost.
#pragma once

#include <sys/prctl.h>
#include <unistd.h>

#include "ledger/order/etcd/log_view.h"
#include "ledger/proof/checkpoint.h"
#include "tests/crash/cluster.h"
#include "tests/crash/outside.h"

namespace suyuan::test {

class Rejoin : public Cluster {
 protected:
  std::unique_ptr<Kv> kv() const {
    auto opened = open_etcd({.endpoints = etcd_->endpoints()});
    EXPECT_TRUE(opened);
    return *std::move(opened);
  }
  // As the log is trimmed by whoever leads, but at once.
  void trim_all() const {
    const auto etcd = kv();
    const auto view = view_log(*etcd, kLog, {});
    ASSERT_TRUE(view && view->tail);
    const LogKeys keys{kLog};
    ASSERT_TRUE(etcd->txn({.then = {keys.groups_to(view->tail->position - 1)}}));
  }
  std::vector<std::string> command(const char* what, size_t i,
                                   const std::vector<std::string>& more) const {
    std::vector<std::string> all = {SUYUAN_NODE_PROGRAM, what,         "--data",     data(i),
                                    "--etcd",            endpoints(),  "--etcd-log", kLog};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // A start that is not waited for.
  void serve_and_kill(size_t i, std::chrono::milliseconds after) const {
    std::vector<std::string> words = {SUYUAN_NODE_PROGRAM, "serve", "--data", data(i), "--rpc",
                                      "127.0.0.1:0", "--http", "127.0.0.1:0"};
    for (const auto& word : order_options()) words.push_back(word);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    std::this_thread::sleep_for(after);
    ::kill(pid, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  }
  void expect_holds(size_t i, const Load& load) const {
    const auto connection = connect(rpc(i));
    for (const auto& [id, receipt] : load.acknowledged()) {
      const auto found = connection->receipt(id);
      ASSERT_TRUE(found.value) << "node " << i << " does not have what was acknowledged";
      ASSERT_EQ(found.value->leaf, receipt.leaf);
    }
  }
  void expect_all_hold(const Load& load) const {
    for (size_t i = 0; i < kNodes; ++i) expect_holds(i, load);
  }
  void stop_all() {
    for (size_t i = 0; i < kNodes; ++i) stop(i);
  }
  void start_all() {
    for (size_t i = 0; i < kNodes; ++i) start(i);
  }
  // Its members are new, in this folder: the log is lost.
  void empty_etcd(const std::string& folder) {
    etcd_.reset();
    etcd_.emplace(folder_ + folder, 3);
  }
  // On these nodes at the same time; gives what each ends with.
  std::vector<int> recover(const std::vector<size_t>& nodes,
                           const std::vector<std::string>& more = {}) const {
    std::vector<int> codes(nodes.size(), -1);
    // Three begin as soon as all are there, so they may wait long for one that starts late.
    std::vector<std::string> flags = {"--settle", nodes.size() == kNodes ? "30" : "5", "--wait",
                                      "60"};
    flags.insert(flags.end(), more.begin(), more.end());
    std::vector<std::thread> all;
    for (size_t i = 0; i < nodes.size(); ++i) {
      all.emplace_back([&, i] { codes[i] = run_program(command("recover", nodes[i], flags)); });
    }
    for (auto& one : all) one.join();
    return codes;
  }
  // Every store audited by itself, and all of them the same.
  void expect_one_ledger() {
    ASSERT_TRUE(settle());
    const std::string text = split_note(checkpoint(0))->text;
    for (size_t i = 1; i < kNodes; ++i) EXPECT_EQ(split_note(checkpoint(i))->text, text);
    stop_all();
    expect_same_stores(std::array{store(0), store(1), store(2)});
  }
  void post(Load& load, size_t at, int batches) {
    const auto connection = connect(rpc(at));
    for (int i = 0; i < batches; ++i) {
      const Submission batch = load.next();
      auto answer = submit_until_taken(*connection, batch);
      ASSERT_TRUE(answer.outcome);
      load.acknowledge(batch, *std::move(answer.outcome));
    }
  }
};

}  // namespace suyuan::test
