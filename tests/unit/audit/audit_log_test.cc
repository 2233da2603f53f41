// An audit names the first wrong byte, wherever it is, and passes a log in which nothing is wrong.
#include "client/audit/audit_log.h"

#include <gtest/gtest.h>

#include <random>

#include "client/audit/state_file.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/proof/cosignature.h"
#include "tests/unit/audit/log_maker.h"

namespace suyuan {
namespace {

using testing::box;
using testing::FilesLog;
using testing::LogMaker;
using testing::receiving;
using Files = std::map<std::string, Bytes>;

AuditPlan plan_for(const Files& files) {
  return {.open = [&files]() -> Result<std::unique_ptr<LogSource>> {
            return std::unique_ptr<LogSource>(std::make_unique<FilesLog>(files));
          },
          .decode = testing::decode_payload_of,
          .jobs = 2};
}

AuditReport audited(const AuditPlan& plan) {
  auto report = audit_log(plan);
  EXPECT_TRUE(report) << (report ? "" : to_text(report.error()));
  return report ? *std::move(report) : AuditReport{};
}
AuditReport audited(const Files& files) { return audited(plan_for(files)); }

// "LEAF_CHANGED leaf 3 tile/entries/000", with event and field where there are any; "clean".
std::string place(const AuditReport& report) {
  if (!report.fault) return "clean";
  const AuditFault& fault = *report.fault;
  std::string text(word(fault.check));
  if (fault.leaf) text += " leaf " + std::to_string(*fault.leaf);
  if (fault.event) text += " event " + std::to_string(*fault.event);
  if (!fault.field.empty()) text += " [" + fault.field + "]";
  return text + " " + fault.file;
}
std::string place(const Files& files) { return place(audited(files)); }
std::string place(const LogMaker& log) { return place(log.files()); }

void flip(Bytes& bytes, size_t at) { bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1); }

// Leaf 0 genesis; 1 to 3 registrations; 4 a batch of three events; 5 a seal; 6 a batch; 7 a seal.
class AuditLog : public ::testing::Test {
 protected:
  AuditLog() {
    for (const char* party : {"store", "gate", "farm"}) log.register_party(party);
    log.post("store", {receiving({box(1)}), receiving({box(2), box(3)}), receiving({box(1)})});
    log.seal();
    log.post("farm", {receiving({box(1), box(4)})});
  }
  // With a seal at the end, as every published log has it.
  std::string sealed_place() {
    log.seal();
    return place(log);
  }

  LogMaker log;
};

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

TEST_F(AuditLog, NamesASealThatSaysMoreOrLess) {
  const auto after = [&](std::function<void(SealText&)> change) {
    LogMaker other;
    other.register_party("store");
    other.post("store", {receiving({box(1)})});
    other.seal();
    other.post("store", {receiving({box(1)})});
    other.change_seal(std::move(change));
    other.seal();
    return place(other);
  };
  EXPECT_EQ(after([](SealText&) {}), "clean");
  EXPECT_EQ(after([](SealText& seal) { ++seal.events; }),
            "SEAL_INVALID leaf 5 [events] tile/entries/000");
  EXPECT_EQ(after([](SealText& seal) { ++seal.chains; }),
            "SEAL_INVALID leaf 5 [chains] tile/entries/000");
  EXPECT_EQ(after([](SealText& seal) { ++seal.leaves; }),
            "SEAL_INVALID leaf 5 [leaves] tile/entries/000");
  EXPECT_EQ(after([](SealText& seal) { seal.previous = 2; }),
            "SEAL_INVALID leaf 5 [previous] tile/entries/000");
  EXPECT_EQ(after([](SealText& seal) { seal.previous.reset(); }),
            "SEAL_INVALID leaf 5 [previous] tile/entries/000");
  EXPECT_EQ(after([](SealText& seal) { seal.map.data[31] ^= 1; }),
            "MAP_MISMATCH leaf 5 [map] tile/entries/000");
  EXPECT_EQ(after([](SealText& seal) { seal.ledger.origin = "other.example/log"; }),
            "LEDGER_MISMATCH leaf 5 [ledger] tile/entries/000");
}

TEST_F(AuditLog, NamesACheckpointWithoutASealAtItsEnd) {
  EXPECT_EQ(place(log), "NOT_SEALED checkpoint");
}

TEST_F(AuditLog, NamesABatchThatStandsTwice) {
  const auto batch = log.leaves[4];
  log.leaves.push_back(batch);
  EXPECT_EQ(sealed_place(), "BATCH_REPEATED leaf 7 tile/entries/000");
}

TEST_F(AuditLog, NamesABatchThatCameTooLate) {
  log.post("store", {receiving({box(9)})},
           {.until_ms = static_cast<uint64_t>(log.time_ms) - 1});
  EXPECT_EQ(sealed_place(), "BATCH_EXPIRED leaf 7 [until] tile/entries/000");
}

TEST_F(AuditLog, NamesLogTimeThatFalls) {
  log.time_ms -= 1;
  log.post("store", {receiving({box(9)})});
  EXPECT_EQ(sealed_place(), "TIME_FALLING leaf 7 [time] tile/entries/000");
}

TEST_F(AuditLog, NamesSignersWhoMayNot) {
  const auto after = [](const std::function<void(LogMaker&)>& make) {
    LogMaker other;
    for (const char* party : {"store", "gate"}) other.register_party(party);
    make(other);
    other.seal();
    return place(other);
  };
  const std::vector<TraceEvent> one = {receiving({box(9)})};
  EXPECT_EQ(after([&](LogMaker& other) { other.post("nobody", one); }),
            "SIGNER_INVALID leaf 3 [party] tile/entries/000");
  EXPECT_EQ(after([&](LogMaker& other) { other.post("store", one, {.key = "other"}); }),
            "SIGNER_INVALID leaf 3 [signature line 1] tile/entries/000");
  EXPECT_EQ(after([&](LogMaker& other) { other.post("gate", one, {.on_behalf_of = "store"}); }),
            "SIGNER_INVALID leaf 3 [signer] tile/entries/000");
  EXPECT_EQ(after([&](LogMaker& other) {
              other.act(RevokeKey{.party = "store", .key = other.keys("store").key});
              other.post("store", one);
            }),
            "SIGNER_INVALID leaf 4 [signature line 1] tile/entries/000");
  EXPECT_EQ(after([&](LogMaker& other) {
              other.act(AddKey{.party = "store", .key = other.possession("store", "store 2")},
                        "store");
            }),
            "SIGNER_INVALID leaf 3 [party] tile/entries/000");
}

TEST_F(AuditLog, NamesASignatureThatDoesNotVerify) {
  const std::string line_of_another = log.leaves[6].data;
  log.post("farm", {receiving({box(9)})});
  // Of the same key over another batch.
  Bytes& data = log.leaves[7].data;
  const size_t to = data.rfind("\xE2\x80\x94"), from = line_of_another.rfind("\xE2\x80\x94");
  data.replace(to, std::string::npos, line_of_another.substr(from));
  EXPECT_EQ(sealed_place(), "SIGNATURE_INVALID leaf 7 [signature line 1] tile/entries/000");
}

TEST_F(AuditLog, TellsTheSignatureBeforeWhatItsActWouldDo) {
  log.register_party("store");  // there is one
  EXPECT_EQ(sealed_place(), "ACT_INVALID leaf 7 event 0 [party.id] events/007");
  Bytes& data = log.leaves[7].data;
  const size_t to = data.rfind("\xE2\x80\x94");
  data.replace(to, std::string::npos,
               log.leaves[1].data.substr(log.leaves[1].data.rfind("\xE2\x80\x94")));
  EXPECT_EQ(place(log), "SIGNATURE_INVALID leaf 7 [signature line 1] tile/entries/000");
}

TEST_F(AuditLog, NamesPayloadsThatTheirRecordsDoNotSay) {
  const Bytes payload = encode_event(receiving({box(9)}));
  const auto after = [](const Bytes& bytes, const std::vector<std::string>& codes) {
    LogMaker other;
    other.register_party("store");
    other.post_as("store", {{encode_event(receiving({box(1)})), {box(1)}}, {bytes, codes}});
    other.seal();
    return place(other);
  };
  EXPECT_EQ(after(payload, {box(9)}), "clean");
  EXPECT_EQ(after(payload, {box(8)}), "CODES_MISMATCH leaf 2 event 1 [record] events/002");
  EXPECT_EQ(after(payload, {box(8), box(9)}),
            "CODES_MISMATCH leaf 2 event 1 [record] events/002");
  EXPECT_EQ(after(payload + Bytes(8, '\0'), {box(9)}),
            "PAYLOAD_INVALID leaf 2 event 1 [payload] events/002");
}

TEST_F(AuditLog, NamesWithheldActs) {
  log.seal();
  const auto events = decode_leaf_events(log.leaves[2].events).value();
  Bytes file;
  put_leaf_event(file, {.record = events[0].record, .state = PayloadState::withheld});
  log.leaves[2].events = file;
  EXPECT_EQ(place(log), "ACT_WITHHELD leaf 2 event 0 [payload] events/002");
}

TEST_F(AuditLog, NamesASecondGenesisAndUnknownLeaves) {
  log.leaves.push_back(log.leaves[0]);
  EXPECT_EQ(sealed_place(), "GENESIS_INVALID leaf 7 tile/entries/000");
  log.leaves.resize(7);
  log.add(LeafKind::notice, "suyuan/erase/v1\n");
  EXPECT_EQ(place(log), "RULES_NEWER leaf 7 tile/entries/000");
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

TEST_F(AuditLog, NeedsThePolicysWitnesses) {
  log.seal();
  const KeyPair& witness = log.keys("witness");
  Policy policy = policy_of_log(log.id.origin, log.keys("log").key);
  policy.witnesses.push_back(
      {.name = "w1",
       .key = {.name = "witness.example", .type = NoteKeyType::cosignature, .key = witness.key}});
  policy.quorum = PolicyMember{.is_group = false, .index = 0};
  Files files = log.files();
  AuditPlan plan = plan_for(files);
  plan.policy = policy;
  EXPECT_EQ(place(audited(plan)), "QUORUM_MISSING checkpoint");
  const std::string text = split_note(files.at("checkpoint"))->text;
  const auto cosigned = [&](uint64_t time_s) {
    const NoteLine line = cosign(
        text, {.name = "witness.example", .secret = witness.secret, .key = witness.key}, time_s);
    files["checkpoint"] = with_lines(log.checkpoint(), std::span(&line, 1));
  };
  const auto sealed_s = static_cast<uint64_t>(log.time_ms / 1000);
  cosigned(sealed_s + 5);
  const auto report = audited(plan);
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.witnesses, 1U);
  EXPECT_EQ(report.as_of_s, sealed_s + 5);
  cosigned(sealed_s - 601);
  EXPECT_EQ(place(audited(plan)), "NOT_SEALED [time] checkpoint");
}

TEST_F(AuditLog, RefusesAnotherLedgerThanThePinnedOne) {
  log.seal();
  const Files files = log.files();
  AuditPlan plan = plan_for(files);
  plan.policy = policy_of_genesis(log.leaves[0].data).value();
  EXPECT_EQ(place(audited(plan)), "clean");
  plan.policy->genesis = {Hash{}};
  EXPECT_EQ(place(audited(plan)).substr(0, 22), "GENESIS_INVALID leaf 0");
}

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
