// What a node does if its data folder is not as it left it: a log that is gone, older copies,
// damaged marks. Each case is refused with a reason, or proven harmless. A log that ends early:
// log_cut_test.cc.
#include <functional>

#include "client/receipts.h"
#include "ledger/proof/witness.h"
#include "node/backup/backup.h"
#include "tests/faults/marks.h"
#include "tests/faults/wal.h"

namespace suyuan::test {
namespace {

TEST_F(Marks, ALogThatIsGoneOrOlderIsNotServed) {
  begin();
  row("nothing", "serves");
  begin();
  fs::remove(log_of("damaged"));
  row("log of RocksDB deleted", "ROLLED_BACK", "newest writes were lost");
  begin();
  fs::copy_file(log_of("at checkpoint"), log_of("damaged"), fs::copy_options::overwrite_existing);
  row("an older copy of RocksDB's log put back", "ROLLED_BACK", "has acknowledged");
  begin();
  replace("store", "at checkpoint");
  row("an older copy of `store/` put back", "ROLLED_BACK", "has acknowledged");
}

TEST_F(Marks, ADamagedWatermarkIsMissedOrDoesNoHarm) {
  const size_t newest = newest_slot("watermark");
  begin();
  tear_slot("watermark", newest);
  row("`watermark`: the slot that counts damaged", "serves");
  begin();
  tear_slot("watermark", 1 - newest);
  row("`watermark`: the other slot damaged", "serves");
  begin();
  tear_slot("watermark", newest);
  replace("store", "at checkpoint");
  row("`watermark`: the slot that counts damaged, and an older `store/`", "ROLLED_BACK",
      "has acknowledged");
  begin();
  tear_slot("watermark", 0);
  tear_slot("watermark", 1);
  row("`watermark`: both slots damaged", "CORRUPT", "neither slot");
  begin();
  ASSERT_TRUE(write_file((at("damaged") / "watermark").string(), "", FileMode::secret));
  row("`watermark`: empty", "CORRUPT", "neither slot");
  begin();
  fs::remove(at("damaged") / "watermark");
  row("`watermark`: deleted", "CORRUPT", "is missing");
  begin();
  replace("watermark", "at checkpoint");
  row("`watermark`: an older copy put back", "serves");
}

TEST_F(Marks, ADamagedMarkOfWhatWasAcknowledgedDoesNoHarmByItself) {
  const size_t newest = newest_slot("acknowledged");
  for (const size_t slot : {newest, 1 - newest}) {
    begin();
    tear_slot("acknowledged", slot);
    row("`acknowledged`: one slot damaged", "serves");
  }
  begin();
  tear_slot("acknowledged", 0);
  tear_slot("acknowledged", 1);
  row("`acknowledged`: both slots damaged", "serves");
  begin();
  fs::remove(at("damaged") / "acknowledged");
  row("`acknowledged`: deleted", "serves");
  begin();
  replace("acknowledged", "at checkpoint");
  row("`acknowledged`: an older copy put back", "serves");
  begin();
  fs::remove(at("damaged") / "acknowledged");
  replace("watermark", "at checkpoint");
  fs::resize_file(log_of("damaged"), record_ends(read_file(log_of("damaged").string(), kFileMax)
                                                     .value())[2]);
  row("`acknowledged` deleted, and the log cut before the checkpoint", "ROLLED_BACK", "has signed");
}

// Such a backup would count as the newest, and what was acknowledged would be lost with it.
TEST_F(Marks, OfAStoppedNodeThatLostItsEndThereIsNoBackup) {
  const BackupOptions options{.data = at("damaged").string(), .to = at("backups").string()};
  begin();
  const auto whole = make_backup(options, 1'780'000'000'000);
  ASSERT_TRUE(whole) << to_text(whole.error());
  EXPECT_EQ(whole->manifest.leaves, leaves_);
  const auto refused = [&](int64_t now_ms) {
    const auto made = make_backup(options, now_ms);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::ROLLED_BACK) << made.error().message;
    EXPECT_NE(made.error().message.find("has acknowledged"), std::string::npos);
  };
  begin();
  const auto ends = record_ends(read_file(log_of("damaged").string(), kFileMax).value());
  fs::resize_file(log_of("damaged"), ends[ends.size() - 2]);
  refused(1'780'000'001'000);
  begin();
  replace("store", "at checkpoint");
  refused(1'780'000'002'000);
  EXPECT_EQ(backups_in(options.to).value().size(), 1U);
}

class RolledBackFolder : public Marks {
 protected:
  // The node continues from the older copy until its log is longer than what was seen of the other.
  void fork(Connection& connection, uint64_t beyond) {
    for (int i = 0; connection.status().head.size <= beyond && i < 100; ++i) {
      const auto submission =
          ledger_.batch("maker", {testing::commission("09:30", {"sgtin:" + kFormula + ":F" +
                                                                std::to_string(i)})});
      ASSERT_TRUE(connection.submit(submission).outcome);
    }
    CodeQuestion question{.code = testing::code("sgtin:" + kFormula + ":M1")};
    question.at_least = {.size = connection.status().head.size, .wait_ms = 20'000};
    ASSERT_TRUE(connection.bundle(question).value);
  }
  // A thread may have only one connection, and ours has one.
  static void elsewhere(const std::function<void()>& work) { std::thread(work).join(); }
  Policy policy() {
    const auto& genesis = ledger_.running().ledger().genesis;
    return policy_of_log(genesis.origin, genesis.log_key);
  }
};

// The mark is gone too, so the node cannot know. The holder of a receipt can.
TEST_F(RolledBackFolder, WithoutItsMarkIsFoundByTheReceiptOfWhatItLost) {
  begin();
  fs::remove(at("damaged") / "acknowledged");
  const auto ends = record_ends(read_file(log_of("damaged").string(), kFileMax).value());
  fs::resize_file(log_of("damaged"), ends[ends.size() - 2]);
  const RunningNode node(at("damaged").string(), testing::ms("2026-06-02T00:00:00Z"));
  documented("`acknowledged` deleted, and the log cut after the checkpoint", "serves");
  elsewhere([&] {
    const auto connection = Connection::open({.node = node.rpc_address()}).value();
    ASSERT_EQ(connection->status().head.size, leaves_ - 1);
    fork(*connection, leaves_);
    const Memory memory(copies_.path() + "/memory");
    const Policy policy = this->policy();
    const Memory::Ask ask = [&](uint64_t old_size) { return connection->checkpoint(old_size); };
    ReceiptCheck check(memory, policy, ask);
    const auto found = check.check(receipts_.back().note);
    ASSERT_FALSE(found);
    ASSERT_TRUE(found.error().evidence);
    EXPECT_EQ(found.error().evidence->kind, EvidenceKind::receipt);
  });
}

// A copy of the whole folder, including the marks, is consistent: no file of the machine can tell.
// Clients and witnesses remember.
TEST_F(RolledBackFolder, IsFoundByAClientsMemoryAndByAWitness) {
  const Memory memory(copies_.path() + "/memory");
  const auto ask = [](Connection& node) {
    return [&node](uint64_t old_size) { return node.checkpoint(old_size); };
  };
  const uint64_t seen = seal();
  ASSERT_GT(seen, checkpoint_);
  ASSERT_TRUE(memory.meet(policy(), ask(ledger_.rpc())));
  const auto newest = ledger_.rpc().checkpoint(0);
  ASSERT_TRUE(newest.value);
  const KeyPair pair = key_from_seed(Hash{}.view());
  const CosignerKey witness{.name = "witness.example", .secret = pair.secret, .key = pair.key};
  WitnessedLog log{.origin = ledger_.id().origin,
                   .keys = {{.name = ledger_.id().origin,
                             .key = ledger_.running().ledger().genesis.log_key}},
                   .head = {}};
  const auto cosigned =
      add_checkpoint({.old_size = 0, .proof = {}, .note = newest.value->note}, &log, witness, 1);
  ASSERT_EQ(cosigned.status, 200) << cosigned.body;
  log = *cosigned.next;

  copy(at("at checkpoint"), "damaged");
  const RunningNode node(at("damaged").string(), testing::ms("2026-06-02T00:00:00Z"));
  documented("the whole folder put back to an older copy", "serves");
  elsewhere([&] {
    const auto connection = Connection::open({.node = node.rpc_address()}).value();
    const auto back = memory.meet(policy(), ask(*connection));
    ASSERT_FALSE(back);
    ASSERT_TRUE(back.error().evidence);
    EXPECT_EQ(back.error().evidence->kind, EvidenceKind::rollback);

    fork(*connection, seen);
    const auto forked = memory.meet(policy(), ask(*connection));
    ASSERT_FALSE(forked);
    EXPECT_TRUE(forked.error().evidence);
    const auto shown = connection->checkpoint(seen);
    ASSERT_TRUE(shown.value);
    const auto answer = add_checkpoint(
        {.old_size = seen, .proof = shown.value->path, .note = shown.value->note}, &log, witness,
        2);
    EXPECT_EQ(answer.status, 422) << answer.body;
  });
}

}  // namespace
}  // namespace suyuan::test
