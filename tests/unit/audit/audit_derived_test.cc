// Rows of the registry that only repeat what others say: programs that did not know them have
// written stores without them, or let them grow old. No node is at fault for that.
#include <filesystem>

#include "ledger/registry/quorum.h"
#include "ledger/registry/rows.h"
#include "ledger/store/memory_store.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/unit/audit/applied_log.h"
#include "tests/unit/audit/audited.h"

namespace suyuan::testing {
namespace {

const std::string kCode = "91350205MA0DEM0132";
const std::string kOther = "91350200MA0DEM048C";
const std::string kFault = "DERIVED_ROW_WRONG store table registry";

class AuditDerived : public ::testing::Test {
 protected:
  AuditDerived() {
    log.act(RegisterParty{party("shop", kCode), {log.possession("shop", "shop")}});
    log.act(RegisterParty{party("farm", kCode), {log.possession("farm", "farm")}});
    log.act(AmendParty{party("farm", kOther)});
    log.seal();
    AppliedLog(store, log).publish();
  }
  ~AuditDerived() override { std::filesystem::remove_all(folder); }

  static PartyData party(const std::string& id, const std::string& credit_code) {
    return {.id = id, .name = id, .roles = {Role::platform}, .credit_code = credit_code};
  }
  // What the audit finds, with a replay in the kept folder.
  std::string found() {
    const auto replay = Replay::open(folder);
    EXPECT_TRUE(replay) << (replay ? "" : to_text(replay.error()));
    const Files files = log.files();
    AuditPlan plan = plan_for(files);
    plan.replay = replay->get();
    plan.store = &store.latest();
    plan.store_leaves = log.leaves.size();
    AuditReport report = audited(plan);
    if (report.fault) report.fault->field.clear();
    return place(report);
  }
  // And then the row is as it was.
  std::string found_with(const Bytes& key, std::optional<Bytes> value) {
    const auto before = store.latest().get(Table::registry, key).value();
    EXPECT_TRUE(store.commit({{Table::registry, key, std::move(value)}}));
    auto answer = found();
    EXPECT_TRUE(store.commit({{Table::registry, key, before}}));
    return answer;
  }
  Bytes flipped(const Bytes& key) const {
    Bytes value = store.latest().get(Table::registry, key).value().value();
    flip(value, value.size() - 1);
    return value;
  }
  void change_replayed(const Changes& changes) const {
    const auto rocks = open_rocks({.path = folder + "/store"});
    ASSERT_TRUE(rocks);
    ASSERT_TRUE((*rocks)->commit(changes));
  }

  const std::string folder =
      ::testing::TempDir() + "derived-" + to_hex(random_fixed<Nonce>().view());
  const Bytes shop = credit_code_row_key(kCode, "shop");
  const Bytes farm = credit_code_row_key(kOther, "farm");
  const Bytes stale = credit_code_row_key(kCode, "farm");
  const Bytes quorum = Bytes(kQuorumRowKey);
  LogMaker log{2};
  MemoryStore store;
};

TEST_F(AuditDerived, RowsThatAreMissingOrStaleAreNoFault) {
  ASSERT_TRUE(store.latest().get(Table::registry, farm).value());
  ASSERT_TRUE(store.latest().get(Table::registry, quorum).value());
  EXPECT_EQ(found(), "clean");
  EXPECT_EQ(found_with(shop, std::nullopt), "clean");
  EXPECT_EQ(found_with(stale, Bytes()), "clean");
  EXPECT_EQ(found_with(quorum, std::nullopt), "clean");
  ASSERT_TRUE(store.commit({{Table::registry, shop, std::nullopt},
                            {Table::registry, farm, std::nullopt},
                            {Table::registry, quorum, std::nullopt}}));
  EXPECT_EQ(found(), "clean") << "as an earlier program has written it";
}

TEST_F(AuditDerived, RowsHideNoOthers) {
  const Bytes row = party_row_key("farm");
  for (const bool old : {false, true}) {
    EXPECT_EQ(found_with(row, flipped(row)), kFault);
    EXPECT_EQ(found_with(row, std::nullopt), kFault);
    for (const std::string key : {"credit", "credit0", "quoru", "quorum2", "rules", "a", "z"}) {
      EXPECT_EQ(found_with(key, Bytes()), kFault) << key;
    }
    if (old) break;
    EXPECT_EQ(found_with(quorum, flipped(quorum)), kFault);
    ASSERT_TRUE(store.commit({{Table::registry, quorum, std::nullopt}}));
  }
}

TEST_F(AuditDerived, RowsOfAKeptReplayAreMended) {
  ASSERT_EQ(found(), "clean");
  change_replayed({{Table::registry, shop, std::nullopt},
                   {Table::registry, stale, Bytes()},
                   {Table::registry, quorum, std::nullopt}});
  EXPECT_EQ(found(), "clean");
  const auto rocks = open_rocks({.path = folder + "/store"});
  ASSERT_TRUE(rocks);
  const auto has = [&](const Bytes& key) {
    return (*rocks)->latest().get(Table::registry, key).value().has_value();
  };
  EXPECT_TRUE(has(shop) && has(farm) && has(quorum));
  EXPECT_FALSE(has(stale));
}

TEST_F(AuditDerived, RowsOfAKeptReplayAreTheOnlyOnesMended) {
  ASSERT_EQ(found(), "clean");
  const Bytes row = party_row_key("farm");
  change_replayed({{Table::registry, row, flipped(row)}});
  EXPECT_EQ(found(), kFault);
}

}  // namespace
}  // namespace suyuan::testing
