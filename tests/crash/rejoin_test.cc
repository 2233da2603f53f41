// A node that was away for longer than etcd keeps groups, or lost its disk, takes what it missed
// from another and believes nothing of it; nodes whose etcd lost the log agree where it goes on.
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/crash/cluster.h"

#include "ledger/merkle/proof.h"
#include "ledger/order/etcd/log_view.h"
#include "ledger/proof/checkpoint.h"
#include "node/backup/restored_mark.h"
#include "node/pipeline/order_place.h"
#include "tests/crash/outside.h"

namespace suyuan::test {
namespace {

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
  void expect_all_hold(const Load& load) const {
    for (size_t i = 0; i < kNodes; ++i) {
      const auto connection = connect(rpc(i));
      for (const auto& [id, receipt] : load.acknowledged()) {
        const auto found = connection->receipt(id);
        ASSERT_TRUE(found.value) << "node " << i << " does not have what was acknowledged";
        ASSERT_EQ(found.value->leaf, receipt.leaf);
      }
    }
  }
  // Every store audited by itself, and all of them the same.
  void expect_one_ledger() {
    ASSERT_TRUE(settle());
    const std::string text = split_note(checkpoint(0))->text;
    for (size_t i = 1; i < kNodes; ++i) EXPECT_EQ(split_note(checkpoint(i))->text, text);
    for (size_t i = 0; i < kNodes; ++i) stop(i);
    expect_same_stores(std::array{store(0), store(1), store(2)});
  }
  void post(Load& load, size_t at, int batches) {
    for (int i = 0; i < batches; ++i) load.post_one(*connect(rpc(at)));
  }
};

TEST_F(Rejoin, WhoWasAwayForLongOrLostItsDiskTakesWhatItMissedFromAnother) {
  Load load(data(0), rpc(0));
  post(load, 0, 20);
  ASSERT_TRUE(settle());
  stop(2);
  post(load, 1, 30);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  trim_all();
  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);

  stop(2);
  wipe(2);
  EXPECT_TRUE(std::filesystem::exists(data(2) + "/restored")) << "what it signed is not known here";
  post(load, 0, 10);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  trim_all();
  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  post(load, 2, 5);
  EXPECT_FALSE(std::filesystem::exists(data(2) + "/restored")) << "it has caught up";
  expect_one_ledger();
}

// Threads of the log are at work by then: what they reach must outlive them.
TEST_F(Rejoin, WhoCannotListenSaysSoAndEnds) {
  Load load(data(0), rpc(0));
  stop(2);
  post(load, 0, 20);
  for (int i = 0; i < 5; ++i) {
    std::vector<std::string> serve = {"timeout", "60", SUYUAN_NODE_PROGRAM, "serve", "--data",
                                      data(2), "--rpc", rpc(0), "--http", "127.0.0.1:0"};
    for (const auto& word : order_options()) serve.push_back(word);
    EXPECT_EQ(run_program(serve), 1);
  }
  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
}

TEST_F(Rejoin, WhatNobodyCanReadInEtcdKeepsNoNodeFromAnswering) {
  Load load(data(0), rpc(0));
  post(load, 0, 3);
  ASSERT_TRUE(settle());
  for (size_t i = 0; i < kNodes; ++i) stop(i);
  const auto view = view_log(*kv(), kLog, {});
  ASSERT_TRUE(view && view->tail);
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv()->txn(
      {.then = {KvPut{.key = keys.group(view->tail->position + 1), .value = "garbage"}}}));
  start(2);
  for (const auto& [id, receipt] : load.acknowledged())
    EXPECT_TRUE(connect(rpc(2))->receipt(id).value);
}

TEST_F(Rejoin, KilledInTheMiddleOfATransferItGoesOnFromThere) {
  Load load(data(0), rpc(0));
  stop(2);
  post(load, 0, 1);
  std::thread poster([&] { load.run(rpc(0), 64); });
  eventually([&] { return stand(1).leaves > 2500; });
  nodes_[0]->end(SIGKILL);
  poster.join();
  start(0);
  post(load, 0, 1);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  trim_all();
  for (const int ms : {100, 200, 300, 400, 500, 700}) {
    serve_and_kill(2, std::chrono::milliseconds(ms));
  }
  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

TEST_F(Rejoin, AStoreBehindWhatItsNodeSignedIsBroughtUpByTheOthers) {
  Load load(data(0), rpc(0));
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  stop(2);
  std::filesystem::copy(data(2) + "/store", folder_ + "/old-store");
  start(2);
  post(load, 0, 10);
  ASSERT_TRUE(settle());
  stop(2);
  std::filesystem::remove_all(data(2) + "/store");
  std::filesystem::rename(folder_ + "/old-store", data(2) + "/store");
  start(2);
  expect_all_hold(load);
  expect_one_ledger();
}

// docs/cluster.md, Join from a backup.
TEST_F(Rejoin, WhoBeginsWithAnothersBackupTakesTheRestFromTheLogAndSignsItsReceiptsAnew) {
  Load load(data(0), rpc(0));
  post(load, 0, 20);
  ASSERT_TRUE(settle());
  const std::string backups = folder_ + "/backups";
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "backup", "--data", data(0), "--to", backups}), 0)
      << "while it serves";
  const auto of_backup = load.acknowledged();
  post(load, 1, 10);
  stop(2);
  std::filesystem::rename(data(2) + "/keys", folder_ + "/kept-keys");
  std::filesystem::remove_all(data(2));
  std::filesystem::create_directory(data(2));
  std::filesystem::permissions(data(2), std::filesystem::perms::owner_all);
  std::filesystem::rename(folder_ + "/kept-keys", data(2) + "/keys");
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "restore", "--from", backups, "--to", data(2)}), 0);
  EXPECT_TRUE(std::filesystem::exists(data(2) + "/restored"));

  start(2);
  ASSERT_TRUE(settle());
  EXPECT_FALSE(std::filesystem::exists(data(2) + "/restored")) << "it has what the log held";
  expect_all_hold(load);
  {
    const auto connection = connect(rpc(2));
    for (const auto& [id, receipt] : of_backup) {
      const auto found = connection->receipt(id);
      ASSERT_TRUE(found.value);
      EXPECT_NE(receipt.note.find("\n\u2014 node-0 "), std::string::npos);
      EXPECT_NE(found.value->note.find("\n\u2014 node-2 "), std::string::npos)
          << found.value->note;
    }
  }
  post(load, 2, 5);
  expect_one_ledger();
  // Judges again, from the log, the rows that the node took from the other one.
  EXPECT_EQ(run_program({"env", "XDG_CONFIG_HOME=" + folder_ + "/config", SUYUAN_PROGRAM,
                         "--genesis", data(2) + "/genesis.leaf", "audit", data(2), "--replay"}),
            0);
}

TEST_F(Rejoin, WhereEtcdWasEmptiedTheNodesAgreeWhereItGoesOn) {
  Load load(data(0), rpc(0));
  post(load, 0, 10);
  ASSERT_TRUE(settle());
  stop(2);
  post(load, 1, 10);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  EXPECT_EQ(run_program(command("recover", 2, {"--wait", "1"})), 1) << "nothing is lost";
  const uint64_t held = stand(0).published;
  const std::string before = checkpoint(0);

  stop(0);
  stop(1);
  etcd_.reset();
  etcd_.emplace(folder_ + "/again", 3);
  EXPECT_EQ(run_program(command("recover", 0, {"--wait", "2", "--settle", "0"})), 1)
      << "one of three is no majority";
  std::array<int, 2> codes{};
  std::thread other([&] { codes[1] = run_program(command("recover", 1, {"--settle", "1"})); });
  codes[0] = run_program(command("recover", 0, {"--settle", "1"}));
  other.join();
  EXPECT_EQ(codes, (std::array<int, 2>{0, 0}));
  EXPECT_EQ(run_program(command("recover", 0, {"--wait", "1"})), 1) << "nothing is lost any more";

  start(0);
  start(1);
  start(2);  // was not there, and stands before: it takes the rest from another
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  post(load, 2, 5);
  ASSERT_TRUE(settle());
  const auto grown = connect(rpc(2))->checkpoint(held);
  ASSERT_TRUE(grown.value);
  const auto old_tree = parse_checkpoint(split_note(before)->text);
  const auto new_tree = parse_checkpoint(split_note(grown.value->note)->text);
  EXPECT_TRUE(consistent(old_tree->head, new_tree->head, grown.value->path))
      << "checkpoints of before stay valid";
  expect_one_ledger();
}

// The mark of what was acknowledged stands alone: what was signed was taken back with the store.
TEST_F(Rejoin, AStoreBehindWhatItsNodeAcknowledgedTakesItFromTheLogAndHasNoWordInRecover) {
  Load load(data(0), rpc(0));
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  stop(2);
  for (const char* one : {"store", "watermark"})
    std::filesystem::copy(data(2) + "/" + one, folder_ + "/old-" + one,
                          std::filesystem::copy_options::recursive);
  const auto put_back = [&] {
    for (const std::string one : {"store", "watermark"}) {
      std::filesystem::remove_all(data(2) + "/" + one);
      std::filesystem::copy(folder_ + "/old-" + one, data(2) + "/" + one,
                            std::filesystem::copy_options::recursive);
    }
  };
  start(2);
  post(load, 2, 10);
  ASSERT_TRUE(settle());
  stop(2);
  put_back();
  start(2);
  expect_all_hold(load);

  for (size_t i = 0; i < kNodes; ++i) stop(i);
  put_back();
  etcd_.reset();
  etcd_.emplace(folder_ + "/again", 3);
  EXPECT_EQ(run_program(command("recover", 2, {"--wait", "1"})), 3)
      << "its word would leave out what it acknowledged";
  ASSERT_TRUE(write_restored_mark(DataFolder{data(1)}, 1));
  EXPECT_EQ(run_program(command("recover", 1, {"--wait", "1"})), 1)
      << "restored, so it does not know what it acknowledged";
  const auto view = view_log(*kv(), kLog, {});
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->heads.empty());
  std::array<int, 2> codes{};
  std::thread other([&] {
    codes[1] = run_program(command("recover", 1, {"--settle", "1", "--nothing-newer-was-signed"}));
  });
  codes[0] = run_program(command("recover", 0, {"--settle", "1"}));
  other.join();
  EXPECT_EQ(codes, (std::array<int, 2>{0, 0}));
  for (size_t i = 0; i < kNodes; ++i) start(i);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  post(load, 2, 5);
  EXPECT_FALSE(std::filesystem::exists(data(1) + "/restored")) << "it has caught up";
  expect_one_ledger();
}

// Nobody has what it acknowledged: not the log, and no other node.
TEST_F(Rejoin, AStoreBehindWhatItsNodeAcknowledgedIsNotServedWhereTheLogDoesNotReachThatFar) {
  Load load(data(0), rpc(0));
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  for (size_t i = 0; i < kNodes; ++i) stop(i);
  const auto old = read_order_place(store(2)->reader());
  ASSERT_TRUE(old && *old);
  for (const char* one : {"store", "watermark"})
    std::filesystem::copy(data(2) + "/" + one, folder_ + "/old-" + one,
                          std::filesystem::copy_options::recursive);
  start(2);
  post(load, 2, 5);
  stop(2);
  for (const std::string one : {"store", "watermark"}) {
    std::filesystem::remove_all(data(2) + "/" + one);
    std::filesystem::rename(folder_ + "/old-" + one, data(2) + "/" + one);
  }
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv()->txn({.then = {KvDelete{.key = keys.group((*old)->position + 1),
                                           .end = keys.group(UINT64_MAX)},
                                  KvPut{.key = keys.tail(), .value = encode_place(**old)}}}));
  std::vector<std::string> serve = {"timeout",  "60",    SUYUAN_NODE_PROGRAM, "serve", "--data",
                                    data(2),    "--rpc", "127.0.0.1:0",       "--http",
                                    "127.0.0.1:0"};
  for (const auto& word : order_options()) serve.push_back(word);
  EXPECT_EQ(run_program(serve), 3) << "the log ends before it";
  etcd_.reset();
  EXPECT_EQ(run_program(serve), 1) << "the log cannot be seen";
}

TEST_F(Rejoin, WhereEtcdWasPutBackToAnOlderStateNoNodeFollowsItUntilTheyAgree) {
  Load load(data(0), rpc(0));
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  const auto old = view_log(*kv(), kLog, {});
  ASSERT_TRUE(old && old->tail);
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  for (size_t i = 0; i < kNodes; ++i) stop(i);
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv()->txn({.then = {KvDelete{.key = keys.group(old->tail->position + 1),
                                           .end = keys.group(UINT64_MAX)},
                                  KvPut{.key = keys.tail(), .value = encode_place(*old->tail)}}}));
  start(1);
  const auto refused = connect(rpc(1))->submit(load.next());
  ASSERT_FALSE(refused.outcome);
  EXPECT_EQ(refused.outcome.error().front().code, Code::READ_ONLY);
  stop(1);
  const auto words = kv()->txn({.then = {keys.nodes()}});
  ASSERT_TRUE(words && words->ranges[0].size() == kNodes);
  std::array<int, kNodes> codes{};
  std::vector<std::thread> all;
  for (size_t i = 0; i < kNodes; ++i) {
    all.emplace_back([&, i] { codes[i] = run_program(command("recover", i, {"--settle", "20"})); });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(codes, (std::array<int, kNodes>{0, 0, 0}));
  // What nodes said before stands there again, as of one that was missing, or by who may write.
  for (const auto& [key, value] : words->ranges[0]) {
    ASSERT_TRUE(kv()->txn({.then = {KvPut{.key = key, .value = value}}}));
  }
  for (size_t i = 0; i < kNodes; ++i) start(i);
  post(load, 1, 5);
  expect_all_hold(load);
  expect_one_ledger();
}

}  // namespace
}  // namespace suyuan::test
