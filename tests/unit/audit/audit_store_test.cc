// A node's store under audit: the same log, made by apply, and the rows beside it.
#include "ledger/proof/audit_store.h"

#include <gtest/gtest.h>

#include "client/audit/audit_log.h"
#include "ledger/base/text.h"
#include "ledger/proof/log_files.h"
#include "ledger/store/memory_store.h"
#include "tests/unit/audit/applied_log.h"

namespace suyuan {
namespace {

using testing::box;
using testing::LogMaker;
using testing::receiving;

class AuditStore : public ::testing::Test {
 protected:
  AuditStore() {
    for (const char* party : {"store", "farm"}) log.register_party(party);
    log.post("store", {receiving({box(1)}), receiving({box(2), box(3)}), receiving({box(1)})});
    log.seal();
    log.post("farm", {receiving({box(1), box(4)})});
    log.seal();
    applied.take_new();
    checkpoint = log.checkpoint();
    size = log.leaves.size();
  }

  Result<AuditReport> audit() {
    AuditPlan plan{.open = [this]() -> Result<std::unique_ptr<LogSource>> {
                     return std::unique_ptr<LogSource>(
                         std::make_unique<StoreLog>(store.latest(), size, checkpoint,
                                                    LogReadBy::owner));
                   },
                   .decode = testing::decode_payload_of,
                   .jobs = 2};
    plan.store = &store.latest();
    plan.watermark = watermark;
    if (!replayed) return audit_log(plan);
    SUYUAN_TRY(replay, Replay::open({}));
    plan.replay = replay.get();
    plan.store_leaves = log.leaves.size();
    return audit_log(plan);
  }
  // Check, leaf and event, file.
  std::string place() {
    const auto report = audit();
    if (!report) return to_text(report.error());
    if (!report->fault) return "clean";
    std::string text(word(report->fault->check));
    if (report->fault->leaf) text += " leaf " + std::to_string(*report->fault->leaf);
    if (report->fault->event) text += " event " + std::to_string(*report->fault->event);
    return text + " " + report->fault->file;
  }
  // With the last byte of a row changed, and then as it was.
  std::string place_with_flipped(Table table, const Bytes& key) {
    const Bytes value = store.latest().get(table, key).value().value();
    Bytes flipped = value;
    flipped.back() = static_cast<char>(flipped.back() ^ 1);
    EXPECT_TRUE(store.commit({{table, key, flipped}}));
    auto found = place();
    EXPECT_TRUE(store.commit({{table, key, value}}));
    return found;
  }

  LogMaker log;
  MemoryStore store;
  testing::AppliedLog applied{store, log};
  std::string checkpoint;
  uint64_t size = 0;
  std::optional<TreeHead> watermark;
  bool replayed = false;
};

// The first row of a table.
Bytes first_key(const Reader& store, Table table) {
  Bytes first;
  EXPECT_TRUE(store.scan(table, {}, {}, Direction::ascending,
                         [&](BytesView key, BytesView) { return first = Bytes(key), false; }));
  return first;
}

TEST_F(AuditStore, AReplayFindsWhatTheStoreDerivedWrongly) {
  replayed = true;
  const auto report = audit();
  ASSERT_TRUE(report) << to_text(report.error());
  EXPECT_FALSE(report->fault) << report->fault->message;
  ASSERT_TRUE(report->replay);
  EXPECT_TRUE(report->replay->all_rows);
  EXPECT_GT(report->replay->rows, 10U);
  for (const Table table : {Table::registry, Table::code, Table::fact}) {
    const Bytes key = first_key(store.latest(), table);
    const std::string named = "DERIVED_ROW_WRONG store table " + std::string(word(table));
    EXPECT_EQ(place_with_flipped(table, key), named);
    const Bytes value = store.latest().get(table, key).value().value();
    ASSERT_TRUE(store.commit({{table, key, std::nullopt}}));
    EXPECT_EQ(place(), named);
    ASSERT_TRUE(store.commit({{table, key, value}, {table, key + "more", value}}));
    EXPECT_EQ(place(), named);
    ASSERT_TRUE(store.commit({{table, key + "more", std::nullopt}}));
  }
  EXPECT_EQ(place(), "clean");
}

// No signature says who may see a payload: apply reads it from the event.
TEST_F(AuditStore, AReplayFindsAPayloadThatTheStoreShowsToOthers) {
  replayed = true;
  const Bytes key = place_key({.leaf = 3, .event = 1});
  auto payload = decode<StoredPayload>(store.latest().get(Table::payload, key).value().value());
  ASSERT_TRUE(payload);
  payload->audience = payload->audience == EventAudience::everyone ? EventAudience::partner
                                                                   : EventAudience::everyone;
  ASSERT_TRUE(store.commit({{Table::payload, key, encode(*payload)}}));
  EXPECT_EQ(place(), "DERIVED_ROW_WRONG store table payload");
}

TEST_F(AuditStore, ApplyMakesTheLogThatTheFormatsDescribe) {
  for (size_t i = 0; i < log.leaves.size(); ++i)
    EXPECT_EQ(store.latest().get(Table::leaf, u64_key(i)).value(), log.leaves[i].data) << i;
}

TEST_F(AuditStore, PassesAStoreInWhichNothingIsWrong) {
  const auto report = audit();
  ASSERT_TRUE(report) << to_text(report.error());
  EXPECT_FALSE(report->fault) << report->fault->message;
  ASSERT_TRUE(report->store);
  EXPECT_EQ(report->store->links, 8U);
  EXPECT_EQ(report->store->codes, 6U);
  EXPECT_EQ(report->store->later, 0U);
}

TEST_F(AuditStore, NamesAChangedByteInEachTable) {
  const Place place_3_1{.leaf = 3, .event = 1};
  const Hash code = code_keys_of({box(1)})[0];
  EXPECT_EQ(place_with_flipped(Table::leaf, u64_key(3)), "LEAF_CHANGED leaf 3 tile/entries/000");
  EXPECT_EQ(place_with_flipped(Table::record, place_key(place_3_1)),
            "ROOT_MISMATCH leaf 3 events/003");
  EXPECT_EQ(place_with_flipped(Table::payload, place_key(place_3_1)),
            "PAYLOAD_CHANGED leaf 3 event 1 events/003");
  EXPECT_EQ(place_with_flipped(Table::tree, tree_key(0, 4)), "TILE_WRONG leaf 4 tile/0/000");
  EXPECT_EQ(place_with_flipped(Table::chain, chain_key(code, 2)),
            "CHAIN_ROW_WRONG store table chain");
  EXPECT_EQ(place_with_flipped(Table::head, code.bytes()), "CHAIN_ROW_WRONG store table head");
  const Hash batch = batch_id(parse_batch_note(log.submissions[2].note)->note.text);
  EXPECT_NE(place_with_flipped(Table::batch, batch.bytes()), "");
  EXPECT_EQ(place(), "clean");
}

TEST_F(AuditStore, NamesRowsThatAreMissingOrTooMany) {
  const Hash code = code_keys_of({box(4)})[0];
  const auto without = [&](Table table, const Bytes& key) {
    const Bytes value = store.latest().get(table, key).value().value();
    EXPECT_TRUE(store.commit({{table, key, std::nullopt}}));
    auto found = place();
    EXPECT_TRUE(store.commit({{table, key, value}}));
    return found;
  };
  EXPECT_EQ(without(Table::chain, chain_key(code, 1)), "CHAIN_ROW_WRONG store table chain");
  EXPECT_EQ(without(Table::head, code.bytes()), "CHAIN_ROW_WRONG store table head");
  EXPECT_EQ(without(Table::payload, place_key({.leaf = 5, .event = 0})),
            "FILE_MISSING leaf 5 events/005");
  const Hash batch = batch_id(parse_batch_note(log.submissions[3].note)->note.text);
  EXPECT_EQ(without(Table::batch, batch.bytes()), "BATCH_ROW_WRONG store table batch");
  EXPECT_TRUE(store.commit({{Table::head, Hash{}.bytes(), encode(ChainHead{.count = 1})}}));
  EXPECT_EQ(place(), "CHAIN_ROW_WRONG store table head");
}

TEST_F(AuditStore, LooksNoFurtherThanTheCheckpoint) {
  log.post("farm", {receiving({box(1), box(9)})});
  applied.take_new();
  const auto report = audit();
  ASSERT_TRUE(report) << to_text(report.error());
  EXPECT_FALSE(report->fault) << report->fault->message;
  EXPECT_EQ(report->store->later, 2U);
  EXPECT_EQ(report->counts.leaves, size);
}

// A node that is killed may have marked a tree as signed and not yet stored its checkpoint.
TEST_F(AuditStore, FindsAWatermarkBehindTheNewestCheckpointInTheStoresTree) {
  log.post("farm", {receiving({box(1), box(9)})});
  applied.take_new();
  watermark = log.head();
  ASSERT_GT(watermark->size, size);
  EXPECT_EQ(place(), "clean");
  EXPECT_EQ(place_with_flipped(Table::leaf, u64_key(size)), "WATERMARK watermark");
  watermark->root.data[0] ^= 1;
  EXPECT_EQ(place(), "WATERMARK watermark");
}

TEST_F(AuditStore, SeesAStoreThatWasRolledBackBehindItsWatermark) {
  watermark = log.head();
  EXPECT_EQ(place(), "clean");
  watermark->root.data[0] ^= 1;
  EXPECT_EQ(place(), "WATERMARK watermark");
  watermark = TreeHead{.size = size + 1, .root = {}};
  EXPECT_EQ(place(), "WATERMARK watermark");
}

}  // namespace
}  // namespace suyuan
