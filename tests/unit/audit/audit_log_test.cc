// An audit names the first wrong byte, wherever it is, and passes a log in which nothing is wrong.
#include <random>

#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::Files;
using testing::FilesLog;
using testing::flip;
using testing::place;
using testing::plan_for;
using testing::receiving;

TEST_F(AuditLog, PassesALogInWhichNothingIsWrong) {
  log.act(GrantDelegation{.party = "farm", .signer = "gate"});
  log.post("gate", {receiving({box(5)})}, {.on_behalf_of = "farm", .with = {"store"}});
  log.seal();
  const auto report = audited(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.ledger, log.id);
  EXPECT_EQ(report.head, log.head());
  EXPECT_EQ(report.counts, (AuditCounts{.leaves = 10,
                                        .batches = 7,
                                        .seals = 2,
                                        .events = 9,
                                        .open = 9,
                                        .acts = 4,
                                        .signatures = 8,
                                        .links = 11,
                                        .codes = 8}));
  EXPECT_EQ(report.parties, 4U);
  EXPECT_EQ(report.sealed_ms, log.time_ms);
}

TEST_F(AuditLog, PassesWithheldPayloadsAndCountsThem) {
  log.seal();
  auto events = decode_leaf_events(log.leaves[4].events).value();
  Bytes file;
  for (size_t i = 0; i < events.size(); ++i) {
    LeafEvent event = events[i];
    if (i != 1) event = {.record = event.record, .state = PayloadState::withheld};
    put_leaf_event(file, event);
  }
  log.leaves[4].events = file;
  const auto report = audited(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.counts.withheld, 2U);
  EXPECT_EQ(report.counts.open, 5U);
}

TEST_F(AuditLog, NamesAChangedByteOfALeaf) {
  log.seal();
  for (const size_t leaf : {0U, 1U, 4U, 5U, 7U}) {
    for (const size_t at : {size_t{3}, log.leaves[leaf].data.size() - 9}) {
      Files files = log.files();
      size_t start = 0;
      for (size_t i = 0; i < leaf; ++i) start += 2 + log.leaves[i].data.size();
      flip(files.at("tile/entries/000.p/8"), start + 2 + at);
      if (leaf == 0) {
        // The key that signs the checkpoint stands there.
        EXPECT_NE(place(files), "clean");
        continue;
      }
      EXPECT_EQ(place(files),
                "LEAF_CHANGED leaf " + std::to_string(leaf) + " [data] tile/entries/000");
    }
  }
}

TEST_F(AuditLog, NamesAChangedByteBehindALeaf) {
  log.seal();
  const auto events = decode_leaf_events(log.leaves[4].events).value();
  const auto changed = [&](BytesView part, size_t at) {
    Files files = log.files();
    Bytes& file = files.at("events/004");
    flip(file, static_cast<size_t>(part.data() - log.leaves[4].events.data()) + at);
    return place(files);
  };
  const BytesView record = events[1].record;
  EXPECT_EQ(changed(record, 0), "RECORD_INVALID leaf 4 event 1 [record] events/004");
  EXPECT_EQ(changed(record, record.size() - 1), "ROOT_MISMATCH leaf 4 events/004");
  EXPECT_EQ(changed(events[1].payload, 20), "PAYLOAD_CHANGED leaf 4 event 1 [payload] events/004");
  // The salt stands before the payload's length.
  const BytesView before(events[2].payload.data() - 5, 1);
  EXPECT_EQ(changed(before, 0), "PAYLOAD_CHANGED leaf 4 event 2 [payload] events/004");
  EXPECT_EQ(changed(BytesView(record.data() + record.size(), 1), 0).substr(0, 21),
            "EVENTS_SYNTAX leaf 4 ");  // its state
}

TEST_F(AuditLog, NamesAMissingOrCutFile) {
  log.seal();
  const Files whole = log.files();
  for (const auto& [path, bytes] : whole) {
    if (path == "checkpoint") continue;
    Files files = whole;
    files.erase(path);
    EXPECT_NE(place(files).find("FILE_MISSING"), std::string::npos) << path;
    EXPECT_NE(place(files).find(path), std::string::npos) << path;
    if (bytes.empty()) continue;
    files[path] = bytes.substr(0, bytes.size() - 1);
    const std::string found = place(files);
    EXPECT_NE(found, "clean") << path;
  }
}

TEST_F(AuditLog, NamesAWrongTile) {
  while (log.leaves.size() < 300) log.post("store", {receiving({box(log.leaves.size())})});
  log.seal();
  ASSERT_EQ(place(log), "clean");
  Files files = log.files();
  flip(files.at("tile/0/000"), 32 * 7 + 5);
  EXPECT_EQ(place(files), "TILE_WRONG leaf 7 [hash 7 of tile/0/000] tile/0/000");
  files = log.files();
  flip(files.at("tile/0/001.p/45"), 32 * 44);
  EXPECT_EQ(place(files), "TILE_WRONG leaf 300 [hash 44 of tile/0/001] tile/0/001");
  files = log.files();
  flip(files.at("tile/1/000.p/1"), 3);
  EXPECT_EQ(place(files), "TILE_WRONG leaf 0 [hash 0 of tile/1/000] tile/1/000");
}

TEST_F(AuditLog, NamesLeavesThatWereChangedTogetherWithTheirTile) {
  while (log.leaves.size() < 300) log.post("store", {receiving({box(log.leaves.size())})});
  log.seal();
  const Files whole = log.files();
  log.leaves[260].data.replace(log.leaves[260].data.find("time 1"), 6, "time 2");
  Files files = whole;
  const Files changed = log.files();
  for (const char* path : {"tile/entries/001.p/45", "tile/0/001.p/45"})
    files[path] = changed.at(path);
  // The time falls again after it.
  EXPECT_EQ(place(files).substr(0, 21), "TIME_FALLING leaf 261");
  log.leaves.back().data.replace(log.leaves.back().data.find("time 1"), 6, "time 2");
  files = whole;
  for (const char* path : {"tile/entries/001.p/45", "tile/0/001.p/45"})
    files[path] = log.files().at(path);
  EXPECT_NE(place(files), "clean");
}

TEST_F(AuditLog, NamesAChangeThatFitsAllTilesByTheSignedRoot) {
  log.seal();
  const std::string checkpoint = log.checkpoint();
  log.leaves[7].data.replace(log.leaves[7].data.find("time 1"), 6, "time 2");
  Files files = log.files();
  files["checkpoint"] = checkpoint;
  EXPECT_EQ(place(files), "ROOT_DIFFERS [root] checkpoint");
}

TEST_F(AuditLog, TellsFromTheUpperTileThatLeavesBelowItWereChanged) {
  while (log.leaves.size() < 256) log.post("store", {receiving({box(log.leaves.size())})});
  log.seal();
  const Files whole = log.files();
  log.leaves[200].events = log.leaves[199].events;
  log.leaves[200].data = log.leaves[199].data;
  log.leaves[200].data.replace(log.leaves[200].data.find("nonce ") + 6, 4, "AAAA");
  Files files = whole;
  const Files changed = log.files();
  for (const char* path : {"tile/entries/000", "tile/0/000", "events/200"})
    files[path] = changed.at(path);
  // Its signature fails before: the leaf itself is named.
  EXPECT_EQ(place(files),
            "SIGNATURE_INVALID leaf 200 [signature line 1] tile/entries/000");
}

TEST_F(AuditLog, NamesDroppedInsertedAndReorderedLeaves) {
  log.seal();
  const std::string checkpoint = log.checkpoint();
  const auto leaves = log.leaves;
  const auto with_old_checkpoint = [&] {
    Files files = log.files();
    files["checkpoint"] = checkpoint;
    return place(files);
  };
  log.leaves.erase(log.leaves.begin() + 2);
  EXPECT_NE(with_old_checkpoint(), "clean");
  log.leaves = leaves;
  std::swap(log.leaves[4], log.leaves[6]);
  EXPECT_NE(with_old_checkpoint(), "clean");
  // And with a checkpoint that fits: the seal then counts other events.
  EXPECT_EQ(place(log), "SEAL_INVALID leaf 5 [events] tile/entries/000");
  log.leaves = leaves;
  log.leaves.insert(log.leaves.begin() + 5, leaves[6]);
  EXPECT_EQ(place(log), "SEAL_INVALID leaf 6 [leaves] tile/entries/000");
  log.leaves = leaves;
  log.leaves.erase(log.leaves.begin() + 4);
  EXPECT_EQ(place(log), "SEAL_INVALID leaf 4 [leaves] tile/entries/000");
}

TEST_F(AuditLog, NamesTheCheckpointsFaults) {
  log.seal();
  Files files = log.files();
  flip(files.at("checkpoint"), 0);
  EXPECT_EQ(place(files).substr(0, 11), "LOG_UNKNOWN");
  files = log.files();
  Bytes& note = files.at("checkpoint");
  note[note.find('\n') + 1] = '9';
  EXPECT_NE(place(files), "clean");
  files = log.files();
  files["checkpoint"] = "nothing";
  EXPECT_NE(place(files), "clean");
}

TEST_F(AuditLog, FindsAFlippedBitAnywhere) {
  log.seal();
  const Files whole = log.files();
  std::vector<std::pair<std::string, size_t>> all;
  for (const auto& [path, bytes] : whole)
    for (size_t at = 0; at < bytes.size(); ++at) all.emplace_back(path, at);
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000; ++i) {
    const auto& [path, at] = all[random() % all.size()];
    Files files = whole;
    char& byte = files.at(path).at(at);
    byte = static_cast<char>(byte ^ (1 << random() % 8));
    ASSERT_NE(place(files), "clean") << path << " byte " << at;
  }
}

TEST_F(AuditLog, TakesTheFullTileWhereThePartialOneIsGone) {
  log.seal();
  const Files small = log.files();
  while (log.leaves.size() < 260) log.post("store", {receiving({box(log.leaves.size())})});
  Files files = log.files();
  files["checkpoint"] = small.at("checkpoint");
  ASSERT_FALSE(files.contains("tile/0/000.p/8"));
  const auto report = audited(files);
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.counts.leaves, 8U);
}

TEST_F(AuditLog, AnUnreachableSourceIsNoFinding) {
  log.seal();
  const Files files = log.files();
  class Gone final : public LogSource {
   public:
    explicit Gone(const Files& files) : from_(files) {}
    Result<Bytes> read(const std::string& path) override {
      if (path == "events/004") return fail(Code::UNAVAILABLE, "gone");
      return from_.read(path);
    }

   private:
    FilesLog from_;
  };
  AuditPlan plan = plan_for(files);
  plan.open = [&files]() -> Result<std::unique_ptr<LogSource>> {
    return std::unique_ptr<LogSource>(std::make_unique<Gone>(files));
  };
  const auto report = audit_log(plan);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::UNAVAILABLE);
}

}  // namespace
}  // namespace suyuan
