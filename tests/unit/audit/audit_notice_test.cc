// Logs with notices: an honest one passes, from the start, from a saved audit, replayed and against
// a store; one whose notices are not what their rules say is named at its place.
#include "ledger/store/memory_store.h"
#include "tests/unit/audit/applied_log.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::AppliedLog;
using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::LogMaker;
using testing::place;
using testing::receiving;

class AuditNotice : public AuditLog {
 protected:
  // Leaf 7: two events of the farm, the second with two sealed sections.
  AuditNotice() { post_sealing(log); }
  void post_sealing(LogMaker& to) const {
    TraceEvent sealing = receiving({box(1), box(5)});
    for (const Hash& digest : {first_, second_}) {
      sealing.sections.push_back(
          {.digest = digest, .audience = Audience::partner, .label = "price"});
    }
    to.post("farm", {receiving({box(6)}), sealing});
  }
  void show_second_as(PayloadState state) {
    const auto events = decode_leaf_events(log.leaves[7].events).value();
    Bytes file;
    put_leaf_event(file, events[0]);
    put_leaf_event(file, {.record = events[1].record, .state = state});
    log.leaves[7].events = file;
  }
  const Hash first_ = sha256("a section"), second_ = sha256("another section");
  const Place event_{.leaf = 7, .event = 1};
};

TEST_F(AuditNotice, PassesWhereItMayBeGiven) {
  log.erase("farm", event_, first_);
  log.erase("registrar", event_, second_);
  log.post("store", {receiving({box(5)})});
  log.seal();
  const auto report = audited(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.counts.notices, 2U);
  EXPECT_EQ(report.counts.events, 10U);  // three of them registrations
  EXPECT_EQ(report.counts.links, 17U);   // 13 of events, 2 of each notice
}

TEST_F(AuditNotice, IsJudgedByWhoGivesIt) {
  log.erase("store", event_, first_);
  EXPECT_EQ(sealed_place(), "NOTICE_INVALID leaf 8 [party] tile/entries/000");
}

TEST_F(AuditNotice, NeedsARegisteredKeyAndItsSignature) {
  log.erase("nobody", event_, first_);
  EXPECT_EQ(sealed_place(), "SIGNER_INVALID leaf 8 [signature line 1] tile/entries/000");
  log.leaves.resize(8);
  log.erase("farm", event_, first_);
  Bytes& data = log.leaves[8].data;
  const size_t to = data.rfind("\xE2\x80\x94");
  data.replace(to, std::string::npos,
               log.leaves[7].data.substr(log.leaves[7].data.rfind("\xE2\x80\x94")));
  EXPECT_EQ(place(log).substr(0, 24), "SIGNATURE_INVALID leaf 8");
}

TEST_F(AuditNotice, ErasesOnce) {
  log.erase("farm", event_, first_);
  log.erase("farm", event_, first_);
  EXPECT_EQ(sealed_place(), "NOTICE_INVALID leaf 9 [part] tile/entries/000");
}

TEST_F(AuditNotice, StandsOnce) {
  log.erase("farm", event_, first_);
  log.leaves.push_back(log.leaves[8]);
  EXPECT_EQ(sealed_place(), "BATCH_REPEATED leaf 9 tile/entries/000");
}

TEST_F(AuditNotice, IsAboutWhatTheLogHolds) {
  const auto after = [&](Place about, const Hash& digest) {
    LogMaker other;
    other.register_party("farm");
    for (int i = 0; i < 4; ++i) other.post("farm", {receiving({box(1)})});
    other.seal();
    post_sealing(other);
    other.erase("farm", about, digest);
    other.seal();
    return place(other);
  };
  EXPECT_EQ(after(event_, sha256("what no event names")),
            "NOTICE_INVALID leaf 8 [part] tile/entries/000");
  EXPECT_EQ(after({.leaf = 7, .event = 2}, first_),
            "NOTICE_INVALID leaf 8 [event] tile/entries/000");
  EXPECT_EQ(after({.leaf = 8, .event = 0}, first_),
            "NOTICE_INVALID leaf 8 [leaf] tile/entries/000");
  EXPECT_EQ(after({.leaf = 900, .event = 0}, first_),
            "NOTICE_INVALID leaf 8 [leaf] tile/entries/000");
  EXPECT_EQ(after({.leaf = 0, .event = 0}, first_),
            "NOTICE_INVALID leaf 8 [leaf] tile/entries/000");
  EXPECT_EQ(after({.leaf = 6, .event = 0}, first_),  // a seal
            "NOTICE_INVALID leaf 8 [leaf] tile/entries/000");
}

TEST_F(AuditNotice, IsOfTheLinksThatTheSealCommitsTo) {
  log.erase("farm", event_, first_);
  // Left out of the chains by whoever sealed.
  log.leaves.pop_back();
  log.post("store", {receiving({box(9)})});
  log.seal();
  EXPECT_EQ(place(log), "MAP_MISMATCH leaf 9 [map] tile/entries/000");
}

// Without a notice, and whatever one says: rules 1 erase no payload.
TEST_F(AuditNotice, ThatAPayloadIsErasedIsBelievedOfNobody) {
  log.erase("farm", event_, first_);
  log.seal();
  show_second_as(PayloadState::erased);
  EXPECT_EQ(place(log), "ERASED_UNPROVEN leaf 7 event 1 [payload] events/007");
}

TEST_F(AuditNotice, OfAWithheldEventIsTaken) {
  log.erase("farm", event_, first_);
  log.seal();
  show_second_as(PayloadState::withheld);
  EXPECT_EQ(place(log), "clean");
}

TEST_F(AuditNotice, IsRememberedByASavedAudit) {
  log.erase("farm", event_, first_);
  const auto report = resumed_after([&] { log.erase("farm", event_, first_); });
  EXPECT_EQ(place(report), "NOTICE_INVALID leaf 10 [part] tile/entries/000");
  EXPECT_EQ(report.resumed_from, 10U);
}

TEST_F(AuditNotice, IsReplayedAndComparedWithAStore) {
  log.erase("farm", event_, first_);
  log.post("store", {receiving({box(5)})});
  log.seal();
  MemoryStore store;
  AppliedLog(store, log).publish();
  EXPECT_EQ(place_beside(store), "clean");
  // A store that says something else was erased.
  ASSERT_TRUE(store.commit({{Table::meta, erased_key(event_, second_), u64_key(8)}}));
  EXPECT_EQ(place_beside(store).substr(0, 17), "DERIVED_ROW_WRONG");
  ASSERT_TRUE(store.commit({{Table::meta, erased_key(event_, second_), std::nullopt},
                            {Table::meta, erased_key(event_, first_), std::nullopt}}));
  EXPECT_EQ(place_beside(store).substr(0, 17), "DERIVED_ROW_WRONG");
}

TEST_F(AuditNotice, OfAnInspectionIsAnAuthoritys) {
  log.leaves.resize(8);
  log.register_party("lab", Role::lab);
  TraceEvent found = receiving({box(1)});
  found.kind = Kind::inspection;
  found.step = "inspecting";
  found.sections.push_back({.digest = first_, .audience = Audience::partner, .label = "finding"});
  log.post("lab", {found});
  log.erase("lab", {.leaf = 9, .event = 0}, first_);
  EXPECT_EQ(sealed_place(), "NOTICE_INVALID leaf 10 [party] tile/entries/000");
}

}  // namespace
}  // namespace suyuan
