// A saved audit: the next one goes on from it, and sees when the log behind it was changed.
#include <cstdio>

#include "client/audit/state_file.h"
#include "ledger/os/files.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::Files;
using testing::flip;
using testing::LogMaker;
using testing::place;
using testing::plan_for;
using testing::receiving;

class AuditAgain : public AuditLog {
 protected:
  AuditAgain() : path_(::testing::TempDir() + "audit-" + to_hex(random_fixed<Nonce>().view())) {}
  ~AuditAgain() override { std::remove(path_.c_str()); }
  AuditReport again(const Files& files, uint64_t save_every = 1'000'000) {
    AuditPlan plan = plan_for(files);
    plan.state_file = path_;
    plan.save_every = save_every;
    return audited(plan);
  }
  const std::string path_;
};

TEST_F(AuditAgain, GoesOnWhereTheOneBeforeEnded) {
  for (const size_t size : {8U, 9U, 255U, 256U, 300U, 513U}) {
    const uint64_t before = log.leaves.size() > 7 ? log.leaves.size() : 0;
    while (log.leaves.size() + 1 < size) log.post("store", {receiving({box(log.leaves.size())})});
    log.seal();
    const auto report = again(log.files());
    EXPECT_EQ(place(report), "clean") << size;
    EXPECT_EQ(report.resumed_from, before);
    AuditReport whole = audited(log.files());
    EXPECT_EQ(report.counts, whole.counts) << size;
    EXPECT_EQ(load_audit(path_)->checkpoint, log.checkpoint());
  }
}

// The rows of the audit before go to the shelf as they are read.
TEST_F(AuditAgain, GoesOnWithoutRoomForRows) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 50; ++i) log.post("store", {receiving({box(log.leaves.size() % 70)})});
    log.seal();
    const auto files = log.files();
    AuditPlan plan = plan_for(files);
    plan.state_file = path_;
    plan.memory_bytes_max = 0;
    const auto report = audited(plan);
    EXPECT_EQ(place(report), "clean");
    EXPECT_EQ(report.counts, audited(files).counts);
  }
}

TEST_F(AuditAgain, KnowsKeysChainsAndBatchesOfBefore) {
  log.act(RevokeKey{.party = "gate", .key = log.keys("gate").key});
  log.seal();
  ASSERT_EQ(place(again(log.files())), "clean");
  const auto leaves = log.leaves;
  log.post("gate", {receiving({box(1)})});
  log.seal();
  EXPECT_EQ(place(again(log.files())), "SIGNER_INVALID leaf 9 [signature line 1] tile/entries/000");
  log.leaves = leaves;
  log.leaves.push_back(leaves[4]);
  EXPECT_EQ(place(again(log.files())), "BATCH_REPEATED leaf 9 tile/entries/000");
}

TEST_F(AuditAgain, SeesAnotherHistoryAndARollback) {
  log.seal();
  ASSERT_EQ(place(again(log.files())), "clean");
  const auto leaves = log.leaves;
  log.seal();
  ASSERT_EQ(place(again(log.files())), "clean");
  log.leaves = leaves;
  EXPECT_EQ(place(again(log.files())), "ROOT_DIFFERS checkpoint");
  // The operator drops a leaf, and makes all hashes and signatures again.
  LogMaker other;
  for (const char* party : {"store", "gate", "farm"}) other.register_party(party);
  other.post("store", {receiving({box(2)})});
  while (other.leaves.size() < 12) other.post("farm", {receiving({box(7)})});
  other.seal();
  ASSERT_EQ(place(other), "clean");
  EXPECT_NE(place(again(other.files())), "clean");
}

TEST_F(AuditAgain, SavesOnTheWay) {
  while (log.leaves.size() < 40) {
    log.post("store", {receiving({box(log.leaves.size())})});
    log.seal();
  }
  Files files = log.files();
  flip(files.at("events/039"), 40);
  EXPECT_NE(place(again(files, 10)), "clean");
  const auto saved = load_audit(path_);
  ASSERT_TRUE(saved) << to_text(saved.error());
  EXPECT_GE(saved->replay.size(), 10U);
  EXPECT_EQ(saved->checkpoint, "");
  const auto report = again(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.resumed_from, saved->replay.size());
  EXPECT_EQ(report.counts, audited(log.files()).counts);
}

// As the program before notices wrote it: without their number, and without what they erased.
TEST_F(AuditAgain, GoesOnFromOneThatWasSavedBeforeThereWereNotices) {
  log.seal();
  ASSERT_EQ(place(again(log.files())), "clean");
  const uint64_t before = log.leaves.size();
  Bytes file = read_file(path_, 1 << 20).value();
  const std::string_view header = "suyuan/audit-state/v2\n";
  const size_t at = file.find(header);
  ASSERT_NE(at, Bytes::npos);
  file[at + header.size() - 2] = '1';
  const size_t origin = load_audit(path_)->replay.ledger().origin.size();
  constexpr size_t kNumber = 8;
  const size_t numbers = at + header.size() + kNumber + origin + Hash::kSize + 3 * kNumber;
  file.erase(numbers + 7 * kNumber, kNumber);
  file.resize(file.size() - Hash::kSize - kNumber);
  file += sha256(file).view();
  ASSERT_TRUE(write_file(path_, file, FileMode::shared));
  log.post("store", {receiving({box(1)})});
  log.seal();
  const auto report = again(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.resumed_from, before);
  EXPECT_EQ(report.counts, audited(log.files()).counts);
}

TEST_F(AuditAgain, RefusesADamagedStateFile) {
  log.seal();
  ASSERT_EQ(place(again(log.files())), "clean");
  Bytes file = read_file(path_, 1 << 20).value();
  const Files files = log.files();
  for (const size_t at : {size_t{0}, file.size() / 2, file.size() - 1}) {
    Bytes damaged = file;
    flip(damaged, at);
    ASSERT_TRUE(write_file(path_, damaged, FileMode::shared));
    AuditPlan plan = plan_for(files);
    plan.state_file = path_;
    const auto report = audit_log(plan);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Code::CORRUPT);
  }
}

}  // namespace
}  // namespace suyuan
