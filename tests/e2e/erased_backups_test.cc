// Backups and erasure: which of them hold what was erased is known and said, those go that a newer
// one stands for, and nobody is kept from a backup.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>

#include "ledger/crypto/hash.h"
#include "ledger/store/notice_rows.h"
#include "ledger/store/rocks/file_names.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/e2e/erasure_fixture.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

TEST_F(ErasureOnDisk, OfAnOlderBackupNothingIsTakenAwayThatTheNewestLacks) {
  const auto back_up_to = [&](bool with_keys, int64_t now_ms) {
    const auto made = make_backup(
        {.data = ledger_.folder(), .to = backups(), .with_keys = with_keys}, now_ms);
    EXPECT_TRUE(made) << (made ? "" : to_text(made.error()));
    return made ? made->folder : std::string();
  };
  const std::string older = back_up_to(true, 1'780'000'000'000);
  ASSERT_EQ(post_notice(ledger_, signed_notice(ledger_, erasure_of(ledger_, sealed_[0], 0))).status,
            201);
  ASSERT_TRUE(eventually([&] { return holders(ledger_.folder(), secrets_[0]).empty(); }));

  back_up_to(false, 1'780'000'001'000);
  const auto refused = purge_backups(backups());
  ASSERT_TRUE(refused) << to_text(refused.error());
  EXPECT_TRUE(refused->removed.empty());
  ASSERT_EQ(refused->left.size(), 1U);
  EXPECT_EQ(refused->left[0].folder, older);
  EXPECT_NE(refused->left[0].why.find("--with-keys"), std::string::npos) << refused->left[0].why;
  EXPECT_TRUE(check_backup(older));

  back_up_to(true, 1'780'000'002'000);
  const auto purged = purge_backups(backups());
  ASSERT_TRUE(purged) << to_text(purged.error());
  EXPECT_TRUE(purged->left.empty());
  EXPECT_EQ(purged->removed.size(), 1U);
  EXPECT_TRUE(holders(backups(), secrets_[0]).empty());
}

TEST_F(ErasureOnDisk, AnOlderBackupStaysForWhatElseTheNewestLacks) {
  const std::string older = back_up(1'780'000'000'000);
  const BackupManifest manifest = read_manifest(older).value();
  const Bytes photo = to_hex(sha256("photo").view());
  ASSERT_EQ(post_notice(ledger_, signed_notice(ledger_, erasure_of(ledger_, sealed_[0], 0))).status,
            201);
  ASSERT_TRUE(eventually([&] { return holders(ledger_.folder(), secrets_[0]).empty(); }));
  const std::string newest = back_up(1'780'000'001'000);
  const auto kept_for = [&](const std::string& why) {
    const auto purged = purge_backups(backups());
    ASSERT_TRUE(purged) << to_text(purged.error());
    EXPECT_TRUE(purged->removed.empty());
    ASSERT_EQ(purged->left.size(), 1U);
    EXPECT_NE(purged->left[0].why.find(why), std::string::npos) << purged->left[0].why;
  };
  const auto rewrite = [](const std::string& backup, const BackupManifest& as) {
    ASSERT_TRUE(write_file(backup + "/manifest", write_manifest(as), FileMode::secret));
  };
  // The store of a backup with a row more, and a manifest that vouches for it.
  const auto with_row = [&](const std::string& backup, Table table, const Bytes& key) {
    {
      const auto store = open_rocks({.path = backup + "/store"});
      ASSERT_TRUE(store) << to_text(store.error());
      ASSERT_TRUE((*store)->commit({{table, key, Bytes("x")}}));
    }
    BackupManifest as = read_manifest(backup).value();
    std::erase_if(as.files, [](const auto& one) { return one.path.starts_with("store/"); });
    for (const auto& file : fs::directory_iterator(backup + "/store")) {
      const std::string name = file.path().filename().string();
      if (is_file_of_a_process(name)) continue;
      as.files.push_back({.path = "store/" + name, .sum = sum_file(file.path()).value()});
    }
    std::ranges::sort(as.files, {}, &BackedUpFile::path);
    rewrite(backup, as);
  };

  BackupManifest forked = manifest;
  forked.checkpoint.root = sha256("another history");
  rewrite(older, forked);
  kept_for("another history");
  rewrite(older, manifest);

  with_row(older, Table::attachment, photo);
  kept_for("attachments");
  with_row(newest, Table::attachment, photo);

  with_row(newest, Table::meta, Bytes(kAbsentRows) + "row");
  kept_for("lacks sections");
  {
    const auto store = open_rocks({.path = newest + "/store"}).value();
    ASSERT_TRUE(store->commit({{Table::meta, Bytes(kAbsentRows) + "row", std::nullopt}}));
  }
  with_row(newest, Table::meta, "some row");
  const auto purged = purge_backups(backups());
  ASSERT_TRUE(purged) << to_text(purged.error());
  EXPECT_TRUE(purged->left.empty());
  ASSERT_EQ(purged->removed.size(), 1U);
  EXPECT_EQ(purged->removed[0].folder, older);
}

// What the program prints, and its exit code.
TEST_F(ErasureOnDisk, ThePurgeSaysWhatItTookAndFailsWhereSomethingStays) {
  const auto purge = [&](const std::string& more = {}) {
    const std::string said = beside_.path() + "/said";
    const std::string command = SUYUAN_NODE_PROGRAM " purge-backups --from " + backups() + more +
                                " >" + said + " 2>&1";
    const int status = std::system(command.c_str());
    return std::pair(WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                     read_file(said, 1 << 20).value());
  };
  const auto back_up_to = [&](bool with_keys, int64_t now_ms) {
    return make_backup({.data = ledger_.folder(), .to = backups(), .with_keys = with_keys}, now_ms)
        .value()
        .folder;
  };
  const std::string older = back_up_to(true, 1'780'000'000'000);
  const auto nothing = purge();
  EXPECT_EQ(nothing.first, 0);
  EXPECT_NE(nothing.second.find("purged      nothing"), std::string::npos) << nothing.second;
  ASSERT_EQ(post_notice(ledger_, signed_notice(ledger_, erasure_of(ledger_, sealed_[0], 0))).status,
            201);
  ASSERT_TRUE(eventually([&] { return holders(ledger_.folder(), secrets_[0]).empty(); }));
  back_up_to(false, 1'780'000'001'000);
  const auto left = purge();
  EXPECT_EQ(left.first, 1);
  EXPECT_NE(left.second.find("LEFT        " + older), std::string::npos) << left.second;
  EXPECT_NE(left.second.find("--with-keys"), std::string::npos) << left.second;
  const std::string newest = back_up_to(true, 1'780'000'002'000);
  const auto gone = purge();
  EXPECT_EQ(gone.first, 0) << gone.second;
  EXPECT_NE(gone.second.find("purged      " + older), std::string::npos) << gone.second;
  EXPECT_NE(gone.second.find("kept        " + newest), std::string::npos) << gone.second;
}

TEST_F(ErasureOnDisk, WhatIsErasedWhileABackupIsMadeIsSaidInIt) {
  const auto made = make_backup(
      {.data = ledger_.folder(), .to = backups(),
       .on_copied =
           [&] {
             EXPECT_EQ(post_notice(ledger_,
                                   signed_notice(ledger_, erasure_of(ledger_, sealed_[0], 0)))
                           .status,
                       201);
           }},
      1'780'000'000'000);
  ASSERT_TRUE(made) << to_text(made.error());
  EXPECT_FALSE(holders(made->folder, secrets_[0]).empty()) << "it was copied before";
  EXPECT_EQ(made->manifest.erased, (ErasedInBackup{.in_files = 0, .since = 1}));
  EXPECT_EQ(check_backup(made->folder)->erased.since, 1U);
  const auto known = backups_with_erased(backups());
  ASSERT_TRUE(known) << to_text(known.error());
  ASSERT_EQ(known->size(), 1U);
  const auto purged = purge_backups(backups());
  ASSERT_TRUE(purged) << to_text(purged.error());
  ASSERT_EQ(purged->left.size(), 1U) << "the newest one is never taken away";
  ASSERT_TRUE(eventually([&] { return holders(ledger_.folder(), secrets_[0]).empty(); }));
  back_up(1'780'000'001'000);
  const auto again = purge_backups(backups());
  ASSERT_TRUE(again) << to_text(again.error());
  EXPECT_EQ(again->removed.size(), 1U);
  EXPECT_TRUE(holders(backups(), secrets_[0]).empty());
}

// A published state that stays as it is, or erasures every second, keep rows in the files.
TEST_F(ErasureOnDisk, WhatIsInTheFilesStillKeepsNobodyFromABackupAndIsSaidInIt) {
  wait_until_stopped();
  {
    const auto store = open_rocks({.path = ledger_.folder() + "/store"}).value();
    ASSERT_TRUE(store->commit({{Table::meta, Bytes(kPurgeRows) + "row", Bytes()}}));
  }
  const auto made = make_backup({.data = ledger_.folder(), .to = backups()}, 1'780'000'000'000);
  ASSERT_TRUE(made) << to_text(made.error());
  EXPECT_EQ(made->manifest.erased, (ErasedInBackup{.in_files = 1, .since = 0}));
  ASSERT_EQ(backups_with_erased(backups()).value().size(), 1U);
  ASSERT_EQ(purge_backups(backups()).value().left.size(), 1U);
}

TEST_F(ErasureOnDisk, ABackupThatFailsLeavesNoCopyBehind) {
  ASSERT_TRUE(write_file(ledger_.folder() + "/keys/log.key~", "x", FileMode::secret));
  const auto made = make_backup(
      {.data = ledger_.folder(), .to = backups(), .with_keys = true}, 1'780'000'000'000);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::INVALID_FIELD);
  EXPECT_TRUE(holders(backups(), secrets_[0]).empty());
}

// Which older ones hold something is beside the point of a backup: it is made, or checked.
TEST_F(ErasureOnDisk, ADamagedOlderManifestIsAWarning) {
  const std::string older = back_up(1'780'000'000'000);
  back_up(1'780'000'001'000);
  ASSERT_TRUE(write_file(older + "/manifest", "damaged", FileMode::secret));
  EXPECT_EQ(run_program({SUYUAN_NODE_PROGRAM, "check-backup", "--from", backups()}), 0);
  EXPECT_EQ(run_program({SUYUAN_NODE_PROGRAM, "backup", "--data", ledger_.folder(), "--to",
                         backups()}),
            0);
}

}  // namespace
}  // namespace suyuan::test
