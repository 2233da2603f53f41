// A node that was away for longer than etcd keeps groups, or lost its disk, takes what it missed
// from another and believes nothing of it.
#include "ledger/apply/apply.h"
#include "node/folder/restored_mark.h"
#include "node/pipeline/order_place.h"
#include "tests/crash/rejoin_fixture.h"

namespace suyuan::test {
namespace {

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
  stop_all();
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

// docs/cluster_recovery.md, Join from a backup.
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

// docs/cluster_recovery.md, Join with another node's store.
TEST_F(Rejoin, WhoTakesAnothersStoreJudgesItAndTakesTheRestFromTheOthers) {
  Load load(data(0), rpc(0));
  post(load, 0, 20);
  ASSERT_TRUE(settle());
  stop(2);
  post(load, 1, 10);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  wipe(2, {"--store-from", "node-0=http://127.0.0.1:" + std::to_string(nodes_[0]->http_port())});
  EXPECT_TRUE(std::filesystem::exists(data(2) + "/restored")) << "what it signed is not known here";
  EXPECT_FALSE(std::filesystem::exists(data(2) + "/store.taken"));
  EXPECT_GT(read_head(store(2)->reader())->leaves, 30U);
  post(load, 1, 5);
  ASSERT_TRUE(eventually([&] { return stand(1).published == stand(1).leaves; }));
  trim_all();

  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  post(load, 2, 5);
  EXPECT_FALSE(std::filesystem::exists(data(2) + "/restored")) << "it has caught up";
  expect_one_ledger();
}

TEST_F(Rejoin, AJoinThatIsKilledOrRefusedWhileItTakesAStoreBeginsAgain) {
  Load load(data(0), rpc(0));
  post(load, 0, 20);
  ASSERT_TRUE(settle());
  stop(2);
  const std::string from = "http://127.0.0.1:" + std::to_string(nodes_[0]->http_port());
  const auto join = [&](const std::string& store_from) {
    return std::vector<std::string>{SUYUAN_NODE_PROGRAM, "join", "--data", data(2), "--genesis",
                                    data(0) + "/genesis.leaf", "--log-key",
                                    data(0) + "/keys/log.key", "--store-from", store_from};
  };
  wipe(2);
  for (const char* made : {"store", "genesis.leaf", "policy", "restored", "keys/log.key"})
    std::filesystem::remove_all(data(2) + "/" + made);
  for (const std::string& wrong : {std::string("node-0"), "node-2=" + from, "nobody=" + from})
    EXPECT_EQ(run_program(join(wrong)), 1) << wrong;
  EXPECT_EQ(run_program(join("node-1=" + from)), 1) << "that is not node-1";
  std::vector<std::string> killed = {"timeout", "--signal=KILL", "0.1"};
  for (const auto& word : join("node-0=" + from)) killed.push_back(word);
  for (int i = 0; i < 3; ++i) (void)run_program(killed);
  if (!std::filesystem::exists(data(2) + "/restored")) {
    ASSERT_TRUE(eventually([&] { return run_program(join("node-0=" + from)) == 0; }));
  }
  start(2);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
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
  ASSERT_TRUE(settle());
  expect_all_hold(load);

  stop_all();
  put_back();
  empty_etcd("/again");
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
  start_all();
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
  stop_all();
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

}  // namespace
}  // namespace suyuan::test
