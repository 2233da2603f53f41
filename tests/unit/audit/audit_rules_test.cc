// Logs whose every hash fits, by an operator who broke a rule: the audit names it at its place.
#include "ledger/proof/cosignature.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::Files;
using testing::LogMaker;
using testing::place;
using testing::plan_for;
using testing::receiving;

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
  EXPECT_EQ(place(log).substr(0, 18), "LEAF_SYNTAX leaf 7");
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

}  // namespace
}  // namespace suyuan
