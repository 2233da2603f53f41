// What restore and import must not do: serve less than was acknowledged, or touch what lay there
// before.
#include <fstream>

#include "client/trust.h"
#include "client/witness/desk.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "ledger/store/rocks/read_only.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/access/attachment_quota.h"
#include "node/backup/restore.h"
#include "node/folder/init_mark.h"
#include "node/folder/restored_mark.h"
#include "node/pipeline/publisher.h"
#include "tests/crash/backups.h"
#include "tests/support/etcd_member.h"
#include "tests/support/witness_process.h"

namespace suyuan::test {
namespace {

// They lie beside the log, so a folder that is made anew from it takes them from the backup.
TEST_F(Backups, AttachmentsAndWhoPutThemComeBackWithAnEarlierCheckpoint) {
  start();
  post(3);
  wait_until_published();
  node_->end(SIGTERM);
  const Bytes name(sha256("a certificate").view());
  const Bytes counted = Bytes(kAttachmentRows) + "maker";
  const Bytes row(100, 'x');
  const Bytes bytes = u64_key(row.size());
  {
    auto store = open_rocks({.path = data() + "/store"});
    ASSERT_TRUE(store) << to_text(store.error());
    ASSERT_TRUE((*store)->commit({{.table = Table::attachment, .key = name, .value = row},
                                  {.table = Table::meta, .key = counted, .value = bytes}}));
  }
  start();
  post(3);
  wait_until_published();
  node_->end(SIGTERM);
  back_up();
  const auto original = open_rocks_read_only(data() + "/store");
  ASSERT_TRUE(original);
  const auto kept = checkpoint_sizes((*original)->reader());
  ASSERT_TRUE(kept && kept->size() > 1);
  const auto restored =
      restore_backup({.from = backups(), .to = at("old"), .size = kept->front()});
  ASSERT_TRUE(restored) << to_text(restored.error());
  const auto store = open_rocks_read_only(at("old") + "/store");
  ASSERT_TRUE(store);
  EXPECT_EQ(*(*store)->reader().get(Table::attachment, name), row);
  EXPECT_EQ(*(*store)->reader().get(Table::meta, counted), bytes);
}

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

// A log in etcd that begins where an older copy ends would look like any other.
TEST_F(Backups, NoSharedLogBeginsFromARestoredFolderWithoutAWordNorAgainstAWitness) {
  if (!has_etcd()) GTEST_SKIP() << "etcd is not installed (Debian: etcd-server)";
  const auto ledger = load_pinned(data() + "/genesis.leaf").value();
  const NoteKey log = {.name = ledger.genesis.origin, .key = ledger.genesis.log_key};
  const auto key = make_witness(at("w"), "witness.example/w");
  ASSERT_TRUE(key && watch_log(at("w"), write_note_key(log)));
  auto witness = std::make_unique<testing::WitnessProcess>(at("w"));
  const std::string policy = at("policy");
  std::ofstream(policy) << "log " << write_note_key(log) << "\nwitness w " << write_note_key(*key)
                        << " " << witness->url() << "\nquorum w\n";
  start({"--policy", policy});
  post(3);
  wait_until_published();
  back_up();
  post(3);
  wait_until_signed("witness.example/w");
  node_->end(SIGTERM);
  ASSERT_TRUE(restore_backup({.from = backups_in(backups())->back(), .to = at("old")}));
  give_keys(at("old"));
  EtcdCluster etcd(at("etcd"), 1);
  std::vector<std::string> migrate = {"timeout", "60", SUYUAN_NODE_PROGRAM, "migrate", "--data",
                                      at("old"), "--etcd", etcd.endpoints().front()};
  EXPECT_EQ(run_program(migrate), kExitFailed) << "it may be an older copy";
  migrate.push_back("--nothing-newer-was-signed");
  EXPECT_EQ(run_program(migrate), 0);
  const std::vector<std::string> shared = {"--order",  "etcd", "--etcd", etcd.endpoints().front(),
                                           "--policy", policy};
  EXPECT_EQ(serve_older(at("old"), shared), kExitRolledBack) << "the witness knows more";
  const uint16_t port = witness->port();
  witness->end(SIGKILL);
  {
    NodeProcess node(SUYUAN_NODE_PROGRAM, at("old"), {}, shared);
    EXPECT_TRUE(connect(node.rpc_address())->status().value);
    EXPECT_TRUE(fs::exists(at("old") + "/restored")) << "no witness has said that nothing is newer";
  }
  witness = std::make_unique<testing::WitnessProcess>(at("w"), port);
  EXPECT_EQ(serve_older(at("old"), shared), kExitRolledBack);
}

}  // namespace
}  // namespace suyuan::test
