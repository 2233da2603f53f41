// A node's store under audit: the same log, made by apply, and the rows beside it.
#include "ledger/proof/audit_store.h"

#include <gtest/gtest.h>

#include "client/audit/audit_log.h"
#include "ledger/base/text.h"
#include "ledger/proof/log_files.h"
#include "proto/submission_codec.h"
#include "tests/unit/audit/log_maker.h"

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
    commit(apply_genesis(parse_leaf(log.leaves[0].data)->text, log.time_ms).value());
    for (const auto& leaf : log.leaves) take(parse_leaf(leaf.data)->kind);
    checkpoint = log.checkpoint();
    size = log.leaves.size();
  }

  void commit(const Applied& applied) {
    EXPECT_TRUE(store.commit(applied.changes));
    ++position;
  }
  // The next leaf as a node makes it.
  void take(LeafKind kind) {
    if (kind == LeafKind::seal) {
      const Hash map = ChainMap::build(rows).value().root();
      commit(apply_seal(store.latest(), position, log.time_ms, map).value());
    } else if (kind == LeafKind::batch) {
      auto decoded = decode_batch(log.submissions.at(posted++)).value();
      const auto batch = verify(std::move(decoded), log.id, store.latest()).value();
      const Group group{.position = position, .time_ms = log.time_ms, .batches = {&batch}};
      const auto applied = apply(store.latest(), group).value();
      EXPECT_TRUE(std::holds_alternative<Accepted>(applied.verdicts[0]));
      commit(applied);
    }
  }
  Result<AuditReport> audit() {
    AuditPlan plan{.open = [this]() -> Result<std::unique_ptr<LogSource>> {
                     return std::unique_ptr<LogSource>(
                         std::make_unique<StoreLog>(store.latest(), size, checkpoint));
                   },
                   .decode = testing::decode_payload_of,
                   .jobs = 2};
    plan.store = &store.latest();
    plan.watermark = watermark;
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
  std::string checkpoint;
  uint64_t size = 0;
  std::optional<TreeHead> watermark;

 private:
  class StoredHeads final : public MapRows {
   public:
    explicit StoredHeads(const Reader& reader) : reader_(reader) {}
    Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override {
      return reader_.scan(Table::head, first.view(), {}, Direction::ascending,
                          [&](BytesView key, BytesView value) {
                            const auto head = decode<ChainHead>(value).value();
                            const Hash code = Hash::from(key);
                            return code <= last &&
                                   visit({.key = code, .count = head.count, .link = head.link});
                          });
    }

   private:
    const Reader& reader_;
  };
  StoredHeads rows{store.latest()};
  uint64_t position = 0;
  size_t posted = 0;
};

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
  take(LeafKind::batch);
  const auto report = audit();
  ASSERT_TRUE(report) << to_text(report.error());
  EXPECT_FALSE(report->fault) << report->fault->message;
  EXPECT_EQ(report->store->later, 2U);
  EXPECT_EQ(report->counts.leaves, size);
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
