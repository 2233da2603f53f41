// What a node does if its data folder is not as it left it: a log that ends early, older copies,
// damaged marks. Each case is refused with a reason, or proven harmless. These are the rows of
// docs/reliability.md (The marks).
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <functional>
#include <map>
#include <thread>

#include "client/receipts.h"
#include "ledger/os/files.h"
#include "ledger/proof/witness.h"
#include "node/backup/backup.h"
#include "node/folder/opening.h"
#include "tests/e2e/small_ledger.h"
#include "tests/faults/wal.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFileMax = size_t{64} << 20;

struct Outcome {
  std::string word;  // "serves", or the code's name
  std::string message = {};
  uint64_t leaves = 0;
};

class Marks : public ::testing::Test {
 protected:
  // Makes registrations, batches, a checkpoint, and batches acknowledged after it, all in one
  // RocksDB log.
  Marks() {
    spdlog::set_level(spdlog::level::off);
    post(8);
    checkpoint_ = seal();
    copy(ledger_.folder(), "at checkpoint");
    post(12);
    copy(ledger_.folder(), "newest");
    begin();  // opening flushes the log, so "newest" itself is never opened
    leaves_ = outcome("damaged").leaves;
  }
  ~Marks() override { spdlog::set_level(spdlog::level::info); }

  void post(int batches) {
    for (int i = 0; i < batches; ++i) {
      receipts_.push_back(ledger_.accept(
          "maker", {testing::commission("09:30", {"sgtin:" + kFormula + ":M" +
                                                  std::to_string(++serial_)})}));
    }
  }
  // Makes a checkpoint of everything, and returns its size.
  uint64_t seal() {
    CodeQuestion question{.code = testing::code("sgtin:" + kFormula + ":M1")};
    question.at_least = {.size = receipts_.back().leaf + 1, .wait_ms = 20'000};
    EXPECT_TRUE(ledger_.rpc().bundle(question).value);
    return ledger_.rpc().status().value->published_size;
  }

  fs::path at(const std::string& name) const { return fs::path(copies_.path()) / name; }
  // Makes a copy that can be damaged. Nothing is posted in that time, but RocksDB may still rewrite
  // its files in the background; then it copies again.
  void copy(const fs::path& from, const std::string& to) const {
    for (int i = 0; i < 50; ++i) {
      const auto before = files_of(from);
      if (copy_once(from, to) && files_of(from) == before) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "the files of " << from << " do not come to rest";
  }
  static std::map<std::string, uintmax_t> files_of(const fs::path& folder) {
    std::map<std::string, uintmax_t> sizes;
    std::error_code gone;
    for (const auto& one : fs::recursive_directory_iterator(folder)) {
      sizes.emplace(one.path(), one.is_regular_file(gone) ? one.file_size(gone) : 0);
    }
    return sizes;
  }
  // Returns false if a file disappeared during the copy.
  bool copy_once(const fs::path& from, const std::string& to) const {
    fs::remove_all(at(to));
    fs::create_directory(at(to));
    fs::permissions(at(to), fs::perms::owner_all);
    std::error_code error;
    for (const auto& one : fs::recursive_directory_iterator(from)) {
      const fs::path there = at(to) / fs::relative(one.path(), from);
      if (one.is_directory()) fs::create_directory(there);
      if (one.is_regular_file(error)) fs::copy_file(one.path(), there, error);  // skips sockets
      if (error) return false;
    }
    return true;
  }
  // Resets "damaged" to the newest state.
  void begin() const { copy(at("newest"), "damaged"); }
  void replace(const std::string& what, const std::string& from) const {
    fs::remove_all(at("damaged") / what);
    fs::copy(at(from) / what, at("damaged") / what, fs::copy_options::recursive);
  }
  void tear_slot(const std::string& file, size_t slot) const {
    ASSERT_TRUE(overwrite_synced((at("damaged") / file).string(), slot * kMarkSlotStride, "torn"));
  }
  // Returns the RocksDB log that is being written.
  fs::path log_of(const std::string& copy) const {
    fs::path newest;
    for (const auto& file : fs::directory_iterator(at(copy) / "store")) {
      if (file.path().extension() == ".log" && file.path() > newest) newest = file.path();
    }
    return newest;
  }
  size_t newest_slot(const std::string& file) const {
    return newest_mark(read_file((at("newest") / file).string(), kMarkFileBytes).value())->slot;
  }

  // Opens it as `suyuan-node serve` does, up to the point where it would listen.
  Outcome outcome(const std::string& copy) const {
    ServeOptions options;
    options.data = at(copy).string();
    options.cache_mib = 8;
    const auto folder = open_folder(DataFolder{options.data}, options);
    if (!folder) return refused(folder.error());
    return state_of(*folder->store);
  }
  // Control: the same without the marks.
  Outcome without_marks(const std::string& copy) const {
    RocksOptions options;
    options.path = DataFolder{at(copy).string()}.store();
    const auto store = open_rocks(options);
    return store ? state_of(**store) : refused(store.error());
  }
  static Outcome state_of(const Store& store) {
    const auto state = open_state(store, 1);
    if (!state) return refused(state.error());
    return {.word = "serves", .leaves = state->state.head.leaves};
  }
  static Outcome refused(const Error& error) {
    return {.word = std::string(info(error.code).name), .message = error.message};
  }

  // One row of the table: the damage done to "damaged", and the node's answer. Where a mark
  // refuses, the same damage without the marks must be served, with something acknowledged missing.
  void row(const std::string& damage, const std::string& word, std::string_view says = "") const {
    SCOPED_TRACE(damage);
    const bool refused = word == "ROLLED_BACK";
    if (refused) copy(at("damaged"), "bare");  // opening changes "damaged"
    const Outcome found = outcome("damaged");
    EXPECT_EQ(found.word, word) << found.message;
    EXPECT_NE(found.message.find(says), std::string::npos) << found.message;
    if (word == "serves") {
      EXPECT_EQ(found.leaves, leaves_) << "something acknowledged is missing";
    }
    if (refused) {
      const Outcome bare = without_marks("bare");
      std::printf("control, the marks ignored, %s: %s, %zu of %zu leaves\n", damage.c_str(),
                  bare.word.c_str(), static_cast<size_t>(bare.leaves),
                  static_cast<size_t>(leaves_));
      EXPECT_EQ(bare.word, "serves") << bare.message;
      EXPECT_LT(bare.leaves, leaves_);
    }
    documented(damage, word);
  }
  static void documented(const std::string& damage, const std::string& word) {
    const auto page = read_file(std::string(SUYUAN_SOURCE_DIR) + "/docs/reliability.md", kFileMax);
    ASSERT_TRUE(page);
    EXPECT_NE(page->find("| " + damage + " | " + word), std::string::npos)
        << "docs/reliability.md has no row: | " << damage << " | " << word;
  }

  SmallLedger ledger_;
  const TempFolder copies_;
  int serial_ = 0;
  std::vector<BatchReceipt> receipts_;
  uint64_t checkpoint_ = 0;  // size
  uint64_t leaves_ = 0;      // of the newest state
};

TEST_F(Marks, ALogCutAtAnyRecordOrInsideOneIsNotServed) {
  const Bytes log = read_file(log_of("newest").string(), kFileMax).value();
  const auto ends = record_ends(log);
  ASSERT_GT(ends.size(), 24U);
  size_t by_watermark = 0;
  size_t by_acknowledged = 0;
  size_t lost_without_marks = 0;
  size_t before = 0;
  for (const size_t end : ends) {
    for (const size_t cut : {before, (before + end) / 2}) {
      SCOPED_TRACE("cut at byte " + std::to_string(cut));
      begin();
      fs::resize_file(log_of("damaged"), cut);
      const Outcome found = outcome("damaged");
      ASSERT_EQ(found.word, "ROLLED_BACK") << found.message;
      const bool signed_ = found.message.find("has signed") != std::string::npos;
      ++(signed_ ? by_watermark : by_acknowledged);
      begin();
      fs::resize_file(log_of("damaged"), cut);
      const Outcome bare = without_marks("damaged");
      if (bare.word == "serves" && bare.leaves < leaves_) ++lost_without_marks;
    }
    before = end;
  }
  std::printf("%zu records: %zu cuts found by the watermark, %zu by what was acknowledged; without "
              "the marks %zu are served with acknowledged batches missing\n",
              ends.size(), by_watermark, by_acknowledged, lost_without_marks);
  EXPECT_GT(by_watermark, 8U);
  EXPECT_GE(by_acknowledged, 24U);  // two for each batch after the checkpoint
  // The rest has lost even leaf 0, without which nothing opens.
  EXPECT_GT(lost_without_marks, by_acknowledged + by_watermark / 2);
  documented("log of RocksDB cut at any record boundary before the checkpoint", "ROLLED_BACK");
  documented("log of RocksDB cut at any record boundary after the checkpoint", "ROLLED_BACK");
  documented("log of RocksDB cut inside any record", "ROLLED_BACK");
}

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
