// Erasure on a real disk: what a sealed section held is in no file of the node, in no answer,
// export or later backup once its notice is taken, whenever the node is killed; what stands beside
// it stays; and every proof and audit passes.
#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <thread>

#include "client/trust.h"
#include "ledger/export/export.h"
#include "proto/json/bundle_json.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/audited.h"
#include "tests/e2e/erasure_fixture.h"
#include "tests/e2e/session_fixture.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

AuditReport audited_clean(OpenLog open, const NodeFolder* folder = nullptr) {
  AuditReport report = audited(std::move(open), folder);
  expect_clean(report);
  return report;
}

class ErasureEverywhere : public ErasureOnDisk {
 protected:
  EventView as_maker(Place place) {
    EventView view;
    std::thread([&] {
      const auto connection = Connection::open({.node = ledger_.running().rpc_address()}).value();
      ASSERT_TRUE(open_session(*connection, ledger_.key("maker"), ledger_.id()));
      view = connection->event(place, false).value.value();
    }).join();
    return view;
  }
  std::string export_all(const std::string& to) {
    auto log = HttpLog::open("http://127.0.0.1:" +
                             std::to_string(ledger_.running().http_port()) + "/log").value();
    const auto done = export_log(*log, {.folder = to});
    EXPECT_TRUE(done) << (done ? "" : to_text(done.error()));
    return to;
  }
  // Of all backups those go that hold what was erased, once the newest one is seen to be whole.
  void purges_its_backups(const std::string& older, const std::string& newer) {
    const auto found = backups_with_erased(backups());
    ASSERT_TRUE(found) << to_text(found.error());
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().folder, older);
    EXPECT_EQ(found->front().sections, 1U);
    const std::string damaged = newer + "/genesis.leaf";
    const Bytes before = read_file(damaged, 1 << 20).value();
    ASSERT_TRUE(write_file(damaged, before + "x", FileMode::shared));
    const auto refused = purge_backups(backups());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::CORRUPT);
    EXPECT_TRUE(check_backup(older)) << "nothing goes while the one that stays is damaged";
    ASSERT_TRUE(write_file(damaged, before, FileMode::shared));

    const TreeHead earlier = read_manifest(older)->checkpoint;
    const auto purged = purge_backups(backups());
    ASSERT_TRUE(purged) << to_text(purged.error());
    EXPECT_EQ(purged->kept, newer);
    EXPECT_EQ(purged->removed.size(), 1U);
    EXPECT_TRUE(holders(backups(), secrets_[0]).empty());
    EXPECT_FALSE(holders(backups(), kept_[0]).empty());
    EXPECT_EQ(backups_in(backups()).value(), std::vector<std::string>{newer});
    EXPECT_TRUE(check_backup(newer));
    EXPECT_TRUE(purge_backups(backups())->removed.empty());
    // What went is not missed: its checkpoint comes out of the one that stays.
    const auto restored = restore_backup(
        {.from = backups(), .to = beside_.path() + "/restored", .size = earlier.size});
    ASSERT_TRUE(restored) << to_text(restored.error());
    EXPECT_EQ(restored->checkpoint, earlier);
    EXPECT_TRUE(holders(beside_.path() + "/restored", secrets_[0]).empty());
  }
};

TEST_F(ErasureEverywhere, LeavesNoByteBehindAndEveryProofWhole) {
  const std::string folder = ledger_.folder();
  // The control: before it the bytes are there, in the data folder and in a backup.
  uint64_t before = 0;
  ASSERT_TRUE(eventually([&] {
    const auto status = ledger_.rpc().status();
    before = status.head.size;
    return status.value && status.value->published_size == before;
  }));
  EXPECT_FALSE(holders(folder, secrets_[0]).empty());
  const std::string older = back_up(1'780'000'000'000);
  EXPECT_FALSE(holders(older, secrets_[0]).empty());
  EXPECT_EQ(as_maker(sealed_[0].place).sections.size(), 2U);

  const std::string note = signed_notice(ledger_, erasure_of(ledger_, sealed_[0], 0));
  const auto posted = post_notice(ledger_, note);
  ASSERT_EQ(posted.status, 201) << posted.body;
  const EventView view = as_maker(sealed_[0].place);  // at once
  ASSERT_EQ(view.sections.size(), 1U);
  EXPECT_EQ(view.sections[0].index, 1U);
  EXPECT_EQ(view.sections[0].bytes, kept_[0]);
  ASSERT_EQ(view.erased.size(), 1U);
  EXPECT_EQ(view.erased[0].digest, sealed_[0].event.sections[0].digest);

  // The receipt: the same again, and what a client checks of it.
  const auto again = ledger_.rpc().submit_notice(note);
  ASSERT_TRUE(again.outcome);
  EXPECT_TRUE(again.outcome->repeated);
  EXPECT_EQ(again.outcome->leaf, view.erased[0].notice);
  const auto checked = check_answer(ledger_.running().ledger(), note, *again.outcome);
  EXPECT_TRUE(checked) << to_text(checked.error());

  EXPECT_TRUE(eventually([&] { return holders(folder, secrets_[0]).empty(); }))
      << holders(folder, secrets_[0]).front();
  EXPECT_FALSE(holders(folder, kept_[0]).empty()) << "what was not erased is gone";
  EXPECT_FALSE(holders(folder, secrets_[1]).empty()) << "what was not erased is gone";

  // Backups: the next one does not have it; an older one does, until it is deleted.
  const std::string newer = back_up(1'780'000'001'000);
  EXPECT_TRUE(holders(newer, secrets_[0]).empty());
  EXPECT_FALSE(holders(newer, kept_[0]).empty());
  EXPECT_TRUE(check_backup(newer));
  purges_its_backups(older, newer);
  // As of before the notice: there nothing says why the section is missing, so that is noted.
  const std::string earlier = beside_.path() + "/earlier";
  const auto restored = restore_backup({.from = newer, .to = earlier, .size = before});
  ASSERT_TRUE(restored) << to_text(restored.error());
  {
    const auto store = open_rocks_read_only(earlier + "/store");
    ASSERT_TRUE(store);
    std::vector<Bytes> absent;
    ASSERT_TRUE((*store)->reader().scan(Table::meta, kAbsentRows, after_prefix(kAbsentRows),
                                        Direction::ascending, [&](BytesView key, BytesView) {
                                          absent.emplace_back(key);
                                          return true;
                                        }));
    EXPECT_EQ(absent, std::vector<Bytes>{absent_key(sealed_[0].place,
                                                    sealed_[0].event.sections[0].digest)});
  }

  const std::string exported = export_all(beside_.path() + "/exported");
  EXPECT_TRUE(holders(exported, secrets_[0]).empty());
  EXPECT_EQ(audited_clean(folder_log(exported)).counts.notices, 1U);

  const std::string code = testing::code("sgtin:" + kFormula + ":Z0");
  const auto& pinned = ledger_.running().ledger();
  Policy policy = policy_of_log(pinned.genesis.origin, pinned.genesis.log_key);
  policy.genesis = {pinned.id.genesis};
  const auto bundle = ledger_.http().get("/v1/codes/" + percent_encode(code) + "/bundle?size=" +
                                         std::to_string(again.outcome->leaf + 1) + "&wait=20000");
  ASSERT_EQ(bundle.status, 200) << bundle.body;
  EXPECT_NE(bundle.body.find("suyuan/erase/v1"), std::string::npos);
  const auto verdict =
      verify_bundle_text(bundle.body, policy, testing::ms("2026-06-02T00:05:00Z"));
  EXPECT_EQ(word(verdict.judged), "PROVEN") << verdict.message;
  // The chain, with the notice in its place.
  const auto chain = ledger_.rpc().events({.code = code}, true);
  ASSERT_TRUE(chain.value) << to_text(chain.value.error());
  ASSERT_EQ(chain.value->events.size(), 2U);
  EXPECT_EQ(chain.value->events[1].place.event, kNoticeEvent);
  EXPECT_EQ(chain.value->events[1].note, note);
  const auto json = ledger_.http().get("/v1/codes/" + percent_encode(code) + "/events?events=true");
  EXPECT_NE(json.body.find(R"("ground":"consent_withdrawn")"), std::string::npos) << json.body;

  wait_until_stopped();
  const auto data = open_node_folder(folder);
  ASSERT_TRUE(data) << to_text(data.error());
  EXPECT_EQ(audited_clean((*data)->log(), data->get()).counts.notices, 1U);
  EXPECT_TRUE(holders(folder, secrets_[0]).empty());
}

// Killed at any moment of an erasure: it is taken whole or not at all, and where it is taken the
// next start finishes it.
TEST_F(ErasureEverywhere, IsFinishedAfterTheNodeWasKilled) {
  const std::string folder = ledger_.folder();
  wait_until_stopped();
  std::mt19937 random(20261126);
  for (size_t i = 0; i < secrets_.size(); ++i) {
    SCOPED_TRACE(i);
    const std::string note = signed_notice(ledger_, erasure_of(ledger_, sealed_[i], 0));
    const std::vector<std::string> options = {"--seal-interval-ms", "20"};
    {
      NodeProcess node(SUYUAN_NODE_PROGRAM, folder, {}, options);
      std::thread sender([&] {
        const auto connection = Connection::open({.node = node.rpc_address()});
        if (connection) (void)(*connection)->submit_notice(note);
      });
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 400));
      node.end(SIGKILL);
      sender.join();
    }
    NodeProcess node(SUYUAN_NODE_PROGRAM, folder, {}, options);
    std::thread([&] {
      const auto connection = Connection::open({.node = node.rpc_address()}).value();
      const auto answer = connection->submit_notice(note);
      ASSERT_TRUE(answer.outcome) << to_text(answer.outcome.error().front());
    }).join();
    EXPECT_TRUE(eventually([&] { return holders(folder, secrets_[i]).empty(); }))
        << holders(folder, secrets_[i]).front();
    EXPECT_FALSE(holders(folder, kept_[i]).empty());
    EXPECT_EQ(node.end(SIGTERM), 0);
  }
  const auto data = open_node_folder(folder);
  ASSERT_TRUE(data) << to_text(data.error());
  EXPECT_EQ(audited_clean((*data)->log(), data->get()).counts.notices, secrets_.size());
}

}  // namespace
}  // namespace suyuan::test
