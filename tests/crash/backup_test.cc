// Backups of real nodes and their restores: every changed byte is found, each earlier checkpoint is
// restored with its own root, and no restored node signs a second history.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <random>

#include "client/trust.h"
#include "client/witness/desk.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/text.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/store/rocks/read_only.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/backup/restore.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/publisher.h"
#include "tests/crash/audit.h"
#include "tests/crash/backups.h"
#include "tests/support/witness_process.h"

namespace suyuan::test {
namespace {

using suyuan::testing::check_log;
using suyuan::testing::WitnessProcess;

void flip_bit(const std::string& path, uint64_t at, int bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ (1 << bit));
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

// Control: what a backup's store does when nobody compares it with the manifest.
struct Served {
  size_t refused = 0;
  size_t wrong = 0;  // opened, and the audit finds a fault
  size_t whole = 0;  // the audit reads nothing that has changed
};

void serve_unchecked(const std::string& store, const std::string& copy, Served& served) {
  fs::copy(store, copy, fs::copy_options::recursive);
  {
    const auto opened = open_rocks_read_only(copy);
    if (!opened) {
      ++served.refused;
    } else {
      ++(check_log((*opened)->reader()).wrong.empty() ? served.whole : served.wrong);
    }
  }
  fs::remove_all(copy);
}

TEST_F(Backups, AreMadeWhileTheNodeTakesBatchesAndAreIncremental) {
  start();
  post(30);
  wait_until_published();
  const auto first = back_up();
  EXPECT_EQ(first.copied_bytes, first.bytes);
  EXPECT_FALSE(fs::exists(data() + "/backup.view")) << "the view goes with the backup";
  std::atomic<bool> enough = false;
  std::thread poster([&] {
    while (!enough) post(1);
  });
  std::vector<BackupMade> later;
  for (int i = 0; i < 3; ++i) later.push_back(back_up());
  enough = true;
  poster.join();
  for (const auto& one : later) {
    EXPECT_LT(one.copied_bytes, one.bytes);
    EXPECT_TRUE(check_backup(one.folder));
    // Keys are not included.
    EXPECT_FALSE(fs::exists(one.folder + "/keys"));
  }
  EXPECT_GE(later.back().manifest.leaves, first.manifest.leaves);
  // A stopped node can be backed up too.
  node_->end(SIGTERM);
  const auto stopped = back_up();
  EXPECT_EQ(backups_in(backups())->size(), 5U);
  const auto restored = restore_backup({.from = backups(), .to = at("restored")});
  ASSERT_TRUE(restored) << to_text(restored.error());
  const auto store = open_rocks_read_only(at("restored") + "/store");
  ASSERT_TRUE(store);
  EXPECT_EQ(audit((*store)->reader()).leaves, stopped.manifest.leaves);
  for (const auto& receipt : acknowledged_) EXPECT_LT(receipt.leaf, stopped.manifest.leaves);
}

// Test 21 of the ledger's list of tests, in its small form.
TEST_F(Backups, EachEarlierCheckpointComesBackWithItsOwnRoot) {
  const char* more = std::getenv("SUYUAN_RESTORES");
  const int wanted = more == nullptr ? 50 : std::atoi(more);
  start();
  for (int i = 0; i < 12; ++i) {
    post(3);
    wait_until_published();
    if (i % 4 == 3) back_up();
  }
  node_->end(SIGKILL);
  const auto original = open_rocks_read_only(data() + "/store");
  ASSERT_TRUE(original);
  const Reader& rows = (*original)->reader();
  const auto kept = checkpoint_sizes(rows);
  ASSERT_TRUE(kept);
  ASSERT_GE(kept->size(), 10U);
  std::mt19937 random(damage_seed());
  const uint64_t newest = read_manifest(backups_in(backups())->back())->checkpoint.size;
  int restores = 0;
  while (restores < wanted) {
    const uint64_t size = (*kept)[random() % kept->size()];
    if (size > newest) continue;
    const std::string to = at("restored");
    const auto restored = restore_backup({.from = backups(), .to = to, .size = size});
    ASSERT_TRUE(restored) << to_text(restored.error());
    const auto signed_text = split_note(**find_checkpoint(rows, size))->text;
    EXPECT_EQ(restored->checkpoint, parse_checkpoint(signed_text)->head);
    const auto store = open_rocks_read_only(to + "/store");
    ASSERT_TRUE(store);
    // Leaves, records, payloads, chains, receipts, seals, and the last one's map.
    EXPECT_EQ(audit((*store)->reader(), size - 1).leaves, size);
    fs::remove_all(to);
    ++restores;
  }
  // A state older than what was signed can only be read: no node continues from it.
  const auto oldest = restore_backup({.from = backups(), .to = at("old"), .size = kept->front()});
  ASSERT_TRUE(oldest) << to_text(oldest.error());
  give_keys(at("old"));
  EXPECT_EQ(serve(at("old"), {"--nothing-newer-was-signed"}), kExitRolledBack);
  EXPECT_FALSE(restore_backup({.from = backups(), .to = at("none"), .size = newest - 1}));
  std::printf("%d restores\n", restores);
}

TEST_F(Backups, OneBitInAnyFileIsFoundAndNothingIsRestored) {
  start();
  post(20);
  wait_until_published();
  const std::string backup = back_up().folder;
  node_->end(SIGTERM);
  const auto manifest = read_manifest(backup);
  ASSERT_TRUE(manifest);
  std::vector<std::string> paths = {"manifest"};
  for (const auto& file : manifest->files) paths.push_back(file.path);
  std::mt19937 random(damage_seed());
  size_t flips = 0;
  Served unchecked;
  for (const auto& path : paths) {
    const std::string file = backup + "/" + path;
    const uint64_t bytes = fs::file_size(file);
    if (bytes == 0) continue;
    const uint64_t where = random() % bytes;
    const int bit = static_cast<int>(random() % 8);
    SCOPED_TRACE(path + ", byte " + std::to_string(where) + ", bit " + std::to_string(bit));
    flip_bit(file, where, bit);
    const auto checked = check_backup(backup);
    EXPECT_FALSE(checked);
    if (!checked) {
      EXPECT_EQ(checked.error().code, Code::CORRUPT) << to_text(checked.error());
    }
    EXPECT_FALSE(restore_backup({.from = backup, .to = at("restored")}));
    EXPECT_FALSE(fs::exists(at("restored") + "/store"));
    EXPECT_FALSE(fs::exists(at("restored") + "/genesis.leaf"));
    if (path.starts_with("store/")) serve_unchecked(backup + "/store", at("by-hand"), unchecked);
    flip_bit(file, where, bit);
    ++flips;
  }
  EXPECT_TRUE(check_backup(backup));
  std::printf("%zu flips\n", flips);
  std::printf("control, stores copied by hand: %zu refused, %zu wrong, %zu whole\n",
              unchecked.refused, unchecked.wrong, unchecked.whole);
  EXPECT_GT(unchecked.refused + unchecked.wrong, 0U);
  // A missing file.
  fs::rename(backup + "/genesis.leaf", backup + "/elsewhere");
  EXPECT_FALSE(check_backup(backup));
}

TEST_F(Backups, ARestoredNodeSignsNothingBeforeItsWitnessesWereHeard) {
  const auto ledger = load_pinned(data() + "/genesis.leaf").value();
  const NoteKey log = {.name = ledger.genesis.origin, .key = ledger.genesis.log_key};
  const auto key = make_witness(at("w"), "witness.example/w");
  ASSERT_TRUE(key) << to_text(key.error());
  const auto watched = watch_log(at("w"), write_note_key(log));
  ASSERT_TRUE(watched) << to_text(watched.error());
  auto witness = std::make_unique<WitnessProcess>(at("w"));
  const std::string policy = at("policy");
  std::ofstream(policy) << "log " << write_note_key(log) << "\nwitness w " << write_note_key(*key)
                        << " " << witness->url() << "\nquorum w\n";
  start({"--policy", policy});
  post(5);
  wait_until_published();
  back_up();
  post(5);
  wait_until_signed("witness.example/w");
  node_->end(SIGTERM);
  const auto whole = back_up();

  const std::string old = backups_in(backups())->front();
  ASSERT_TRUE(restore_backup({.from = old, .to = at("old")}));
  give_keys(at("old"));
  EXPECT_EQ(serve(at("old")), kExitFailed) << "nobody could be asked";
  EXPECT_EQ(serve_older(at("old"), {"--policy", policy}), kExitRolledBack)
      << "the witness knows more";
  const uint16_t port = witness->port();
  witness->end(SIGKILL);
  EXPECT_EQ(serve(at("old"), {"--policy", policy}), kExitFailed) << "the witness does not answer";
  witness = std::make_unique<WitnessProcess>(at("w"), port);

  // A copy of the log kept by others completes it, and then it continues.
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "check-backup", "--from", backups()}), 0);
  {
    const auto moved = restore_backup({.from = whole.folder, .to = at("mirror")});
    ASSERT_TRUE(moved);
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "export", "--data", at("mirror"), "--out",
                           at("log"), "--all"}),
              0);
  }
  give_keys(at("caught-up"));
  const auto caught_up = restore_backup({.from = old, .to = at("caught-up"), .log = at("log")});
  ASSERT_TRUE(caught_up) << to_text(caught_up.error());
  EXPECT_EQ(caught_up->checkpoint, whole.manifest.checkpoint);
  node_ = std::make_unique<NodeProcess>(SUYUAN_NODE_PROGRAM, at("caught-up"),
                                        std::vector<std::string>{},
                                        std::vector<std::string>{"--policy", policy});
  post(1);
  wait_until_signed("witness.example/w");
  EXPECT_FALSE(fs::exists(at("caught-up") + "/restored"));
  node_->end(SIGTERM);
  // The earlier folder is an old one now. No mark says so, but the witness does.
  EXPECT_EQ(serve_older(data(), {"--policy", policy}), kExitRolledBack);
  // A witness's statement here is unsigned. The operator may know better, for example that the log
  // was only a trial.
  NodeProcess against_it(SUYUAN_NODE_PROGRAM, data(), {},
                         {"--policy", policy, "--nothing-newer-was-signed"});
  EXPECT_TRUE(connect(against_it.rpc_address())->status().value);
}

// What came after the backup is in the shared log, and is read from there.
TEST_F(Backups, OfASharedLogGoesOnByNoExportedOne) {
  start();
  post(3);
  wait_until_published();
  node_->end(SIGTERM);
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "export", "--data", data(), "--out", at("log"),
                         "--all"}),
            0);
  {
    const auto store = open_rocks({.path = data() + "/store"});
    ASSERT_TRUE(store);
    const auto place = place_of_ledger((*store)->latest());
    ASSERT_TRUE(place);
    ASSERT_TRUE((*store)->commit({order_place_row(*place)}));
  }
  back_up();
  const auto refused =
      restore_backup({.from = backups(), .to = at("restored"), .log = at("log")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
  EXPECT_EQ(refused.error().field, "log");
  EXPECT_NE(refused.error().message.find("restore without --log"), std::string::npos);
  EXPECT_FALSE(fs::exists(at("restored")));
  const auto manifest = read_manifest(backups_in(backups())->back());
  ASSERT_EQ(manifest->leaves, manifest->checkpoint.size);
  EXPECT_FALSE(
      restore_backup({.from = backups(), .to = at("old"), .size = manifest->leaves}))
      << "it would be served beside the others";
  EXPECT_TRUE(restore_backup({.from = backups(), .to = at("restored")}));
}

TEST_F(Backups, AnExportedLogIsImportedWholeOrNotAtAll) {
  start();
  post(200);
  wait_until_published();
  node_->end(SIGTERM);
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "export", "--data", data(), "--out", at("log"),
                         "--all"}),
            0);
  give_keys(at("new"));
  const std::vector<std::string> import = {SUYUAN_NODE_PROGRAM, "import", "--from", at("log"),
                                           "--data", at("new")};
  // Killed at some moment, it leaves nothing that serves; the next restore starts over.
  for (const char* after : {"0.01", "0.05"}) {
    std::vector<std::string> killed = {"timeout", "-s", "KILL", after};
    killed.insert(killed.end(), import.begin(), import.end());
    if (run_program(killed) == 0) break;
    EXPECT_EQ(serve(at("new")), kExitFailed);
  }
  if (!fs::exists(at("new") + "/genesis.leaf")) {
    ASSERT_EQ(run_program(import), 0);
  }
  {
    const auto original = open_rocks_read_only(data() + "/store");
    const auto store = open_rocks_read_only(at("new") + "/store");
    ASSERT_TRUE(original && store);
    const auto size = checkpoint_sizes((*store)->reader())->back();
    EXPECT_EQ(audit((*store)->reader()).leaves, size);
    const TreeRows there((*original)->reader());
    const TreeRows here((*store)->reader());
    EXPECT_EQ(*root_of(TiledNodes(here), size), *root_of(TiledNodes(there), size));
  }
  NodeProcess node(SUYUAN_NODE_PROGRAM, at("new"), {}, {"--nothing-newer-was-signed"});
  load_->post_one(*connect(node.rpc_address()));
  // One changed event in the exported folder.
  std::string events;
  for (const auto& one : fs::directory_iterator(at("log") + "/events")) {
    if (one.is_regular_file() && one.file_size() > 0) events = one.path().string();
  }
  ASSERT_FALSE(events.empty());
  flip_bit(events, fs::file_size(events) / 2, 3);
  give_keys(at("other"));
  const auto refused = import_log({.from = at("log"), .data = at("other")});
  ASSERT_FALSE(refused);
  EXPECT_FALSE(fs::exists(at("other") + "/store"));
}

}  // namespace
}  // namespace suyuan::test
