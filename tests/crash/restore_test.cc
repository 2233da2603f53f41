// What restore and import must not do: serve less than was acknowledged, or touch what lay there
// before.
#include <fstream>

#include "ledger/crypto/ed25519.h"
#include "ledger/os/files.h"
#include "node/backup/restore.h"
#include "node/backup/restored_mark.h"
#include "node/init_mark.h"
#include "tests/crash/backups.h"

namespace suyuan::test {
namespace {

// Their receipts are signed, though no checkpoint covers them yet.
TEST_F(Backups, AnEarlierStateIsNotServedWhereTheBackupHoldsMoreThanItsCheckpoint) {
  start();
  post(3);
  wait_until_published();
  node_->end(SIGTERM);
  node_ = std::make_unique<NodeProcess>(
      SUYUAN_NODE_PROGRAM, data(), std::vector<std::string>{},
      std::vector<std::string>{"--seal-interval-ms", "0", "--workers", "1"});
  post(2);
  const auto manifest = back_up().manifest;
  ASSERT_GT(manifest.leaves, manifest.checkpoint.size);
  const auto restored = restore_backup(
      {.from = backups(), .to = at("old"), .size = manifest.checkpoint.size});
  ASSERT_TRUE(restored) << to_text(restored.error());
  give_keys(at("old"));
  EXPECT_EQ(run_program({"timeout", "60", SUYUAN_NODE_PROGRAM, "serve", "--data", at("old"),
                         "--rpc", "127.0.0.1:0", "--http", "127.0.0.1:0",
                         "--nothing-newer-was-signed"}),
            kExitRolledBack);
}

TEST_F(Backups, RestoreAndImportTouchNothingThatTheyDidNotMake) {
  start();
  post(3);
  wait_until_published();
  back_up();
  node_->end(SIGTERM);
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "export", "--data", data(), "--out", at("log"),
                         "--all"}),
            0);
  // The only word that is left of what a store had signed.
  const std::vector<std::string> kept = {at("to") + "/watermark", at("to") + "/policy"};
  give_keys(at("to"));
  for (const auto& path : kept) {
    std::ofstream(path) << "mine";
    for (const auto& code : {restore_backup({.from = backups(), .to = at("to")}),
                             import_log({.from = at("log"), .data = at("to")})}) {
      ASSERT_FALSE(code);
      EXPECT_EQ(code.error().code, Code::INVALID_FIELD) << to_text(code.error());
    }
    EXPECT_EQ(read_file(path, 100).value(), "mine");
    EXPECT_FALSE(fs::exists(InitMark::path_in(at("to"))));
    fs::remove(path);
  }
  // Killed, it leaves its mark; then no other command takes away what had to lie there before.
  {
    auto mark = InitMark::take(at("to"), Maker::import);
    ASSERT_TRUE(mark && mark->begin());
  }
  const auto key = read_file(at("to") + "/keys/log.key", 4096).value();
  EXPECT_EQ(serve(at("to")), kExitFailed);
  EXPECT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", at("to")}), kExitFailed);
  EXPECT_FALSE(restore_backup({.from = backups(), .to = at("to")}));
  EXPECT_EQ(read_file(at("to") + "/keys/log.key", 4096).value(), key);
  const auto imported = import_log({.from = at("log"), .data = at("to")});
  ASSERT_TRUE(imported) << to_text(imported.error());
  EXPECT_EQ(read_file(at("to") + "/keys/log.key", 4096).value(), key);
}

TEST_F(Backups, AFileWhoseNameNoManifestTakesIsNamedAndStopsNoLaterBackup) {
  start();
  post(2);
  wait_until_published();
  node_->end(SIGTERM);
  const std::string odd = data() + "/keys/log.key~";
  std::ofstream(odd) << "an editor's";
  const auto refused =
      make_backup({.data = data(), .to = backups(), .with_keys = true}, ++clock_ms_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
  EXPECT_NE(refused.error().message.find(odd), std::string::npos) << refused.error().message;
  back_up();
  fs::remove(odd);
  const auto made = make_backup({.data = data(), .to = backups(), .with_keys = true}, ++clock_ms_);
  ASSERT_TRUE(made) << to_text(made.error());
  EXPECT_TRUE(restore_backup({.from = backups(), .to = at("restored")}));
}

// An exported log does not say whether its nodes share one in etcd.
TEST_F(Backups, OfALedgerOfSeveralNodesNoneIsServedAloneWithoutAWord) {
  const auto other = key_from_seed(Bytes(kSeedBytes, 'o'));
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", at("shared"), "--node",
                         "other=" + to_base64(other.key.view())}),
            0);
  ASSERT_TRUE(write_restored_mark(DataFolder{at("shared")}, 1));
  EXPECT_EQ(run_program({"sh", "-c",
                         SUYUAN_NODE_PROGRAM " serve --rpc 127.0.0.1:0 --http 127.0.0.1:0 --data " +
                             at("shared") + " 2>&1 | grep -q 'its ledger has 2 nodes'"}),
            0);
  NodeProcess node(SUYUAN_NODE_PROGRAM, at("shared"), {}, {"--nothing-newer-was-signed"});
  EXPECT_FALSE(fs::exists(at("shared") + "/restored"));
}

}  // namespace
}  // namespace suyuan::test
