// The replay: a ledger that took what its rules refuse is caught, though every byte, signature and
// hash is as it should be.
#include <filesystem>

#include "ledger/os/files.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::audited;
using testing::AuditLog;
using testing::box;
using testing::Files;
using testing::place;
using testing::plan_for;
using testing::receiving;

class AuditReplayed : public AuditLog {
 protected:
  ~AuditReplayed() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  AuditReport replayed(const Files& files, const std::string& state = {}) {
    const auto replay = Replay::open(folder_);
    EXPECT_TRUE(replay) << (replay ? "" : to_text(replay.error()));
    AuditPlan plan = plan_for(files);
    plan.replay = replay->get();
    plan.state_file = state;
    return audited(plan);
  }
  // A folder that stays.
  void keep() {
    folder_ = ::testing::TempDir() + "replay-" + to_hex(random_fixed<Nonce>().view());
  }
  TraceEvent made() const {
    TraceEvent event = receiving({box(9)});
    event.kind = Kind::origin;
    event.action = Action::add;
    event.step = "commissioning";
    return event;
  }

  std::string folder_;
};

TEST_F(AuditReplayed, PassesWhatTheRulesTake) {
  log.act(GrantDelegation{.party = "farm", .signer = "gate"});
  log.post("gate", {receiving({box(5)})}, {.on_behalf_of = "farm", .with = {"store"}});
  log.seal();
  const auto report = replayed(log.files());
  EXPECT_EQ(place(report), "clean");
  ASSERT_TRUE(report.replay);
  EXPECT_EQ(report.replay->leaves, log.leaves.size());
  EXPECT_FALSE(report.replay->withheld_at);
}

TEST_F(AuditReplayed, FindsABatchWhosePartyHasNoSuchRole) {
  log.post("store", {receiving({box(7)}), made()});
  log.seal();
  EXPECT_EQ(place(log), "clean");  // every byte is right
  const auto report = replayed(log.files());
  EXPECT_EQ(place(report).substr(0, 28), "BATCH_REFUSED leaf 7 event 1") << place(report);
  EXPECT_NE(report.fault->message.find("UNAUTHORISED_ROLE"), std::string::npos)
      << report.fault->message;
}

TEST_F(AuditReplayed, FindsAnEventThatItsOwnRulesRefuse) {
  TraceEvent nothing = receiving({box(7)});
  nothing.step = "no such step";
  log.post("store", {nothing});
  log.seal();
  EXPECT_EQ(place(log), "clean");
  EXPECT_EQ(place(replayed(log.files())).substr(0, 28), "BATCH_REFUSED leaf 7 event 0");
}

TEST_F(AuditReplayed, FindsAnEventThatWasTakenTwice) {
  TraceEvent event = receiving({box(7)});
  event.event_id = "urn:uuid:0e1a1d52-62a5-4d1a-9f7b-9d4f1b2c3d4e";
  log.post("store", {event});
  log.post("store", {event});  // another batch by its nonce
  log.seal();
  EXPECT_EQ(place(log), "clean");
  EXPECT_EQ(place(replayed(log.files())).substr(0, 20), "BATCH_REFUSED leaf 8");
}

TEST_F(AuditReplayed, EndsWherePayloadsAreWithheld) {
  log.seal();
  auto events = decode_leaf_events(log.leaves[6].events).value();
  Bytes file;
  for (const LeafEvent& event : events)
    put_leaf_event(file, {.record = event.record, .state = PayloadState::withheld});
  log.leaves[6].events = file;
  const auto report = replayed(log.files());
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.replay->withheld_at, 6U);
  EXPECT_EQ(report.replay->leaves, 6U);
}

TEST_F(AuditReplayed, GoesOnInItsStore) {
  keep();
  const std::string state = folder_ + "-state";
  log.seal();
  ASSERT_EQ(place(replayed(log.files(), state)), "clean");
  log.post("store", {receiving({box(1)})});
  log.seal();
  const auto report = replayed(log.files(), state);
  EXPECT_EQ(place(report), "clean");
  EXPECT_EQ(report.resumed_from, 8U);
  EXPECT_EQ(report.replay->leaves, 10U);
  // What was judged before is not judged again, and what came later is.
  log.post("store", {made()});
  log.seal();
  EXPECT_EQ(place(replayed(log.files(), state)).substr(0, 21), "BATCH_REFUSED leaf 10");
  std::remove(state.c_str());
}

TEST_F(AuditReplayed, TakesNoStoreOfAnotherLog) {
  keep();
  log.seal();
  ASSERT_EQ(place(replayed(log.files())), "clean");
  log.leaves.pop_back();
  log.post("store", {receiving({box(6)})});
  log.seal();
  const auto replay = Replay::open(folder_);
  ASSERT_TRUE(replay);
  AuditPlan plan;
  const Files files = log.files();
  plan = plan_for(files);
  plan.replay = replay->get();
  const auto report = audit_log(plan);
  EXPECT_TRUE(!report || report->fault);
}

}  // namespace
}  // namespace suyuan
