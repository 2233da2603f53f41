// The right edge: a whole store passes, and every row of the edge that is lost, changed or too much
// is found at opening.
#include "ledger/apply/right_edge.h"

#include <gtest/gtest.h>

#include "ledger/apply/log_writer.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/memory_store.h"

namespace suyuan {
namespace {

Hash code(uint8_t fill) {
  Hash value;
  value.data.fill(fill);
  return value;
}

// A store as apply writes it: genesis, then three batches of two events about the codes 1, 2, 3.
class RightEdge : public ::testing::Test {
 protected:
  RightEdge() {
    const Bytes genesis = "suyuan/genesis/v1\n";
    head_.origin = "trace.example";
    head_.genesis = sha256(write_leaf(LeafKind::genesis, 1, genesis));
    Overlay overlay(store_.latest());
    LogWriter log(overlay, {}, Frontier());
    log.append_leaf(LeafKind::genesis, 1, genesis);
    for (uint64_t leaf = 1; leaf <= 3; ++leaf) append_batch(overlay, log, leaf);
    head_.leaves = log.counts().leaves;
    head_.events = log.counts().events;
    head_.chains = log.counts().chains;
    head_.time_ms = 4;
    head_.frontier = log.frontier().encode();
    overlay.put(Table::meta, Bytes(kLedgerKey), encode(head_));
    commit(std::move(overlay).take_changes());
  }

  void append_batch(Overlay& overlay, LogWriter& log, uint64_t leaf) {
    std::vector<Hash> hashes;
    for (uint32_t i = 0; i < 2; ++i) {
      VerifiedEvent event;
      event.record = {.code_keys = {code(1), code(static_cast<uint8_t>(2 + i))},
                      .payload = code(static_cast<uint8_t>(10 * leaf + i))};
      event.record_bytes = encode_record(event.record);
      hashes.push_back(leaf_hash(event.record_bytes));
      std::vector<ChainHead> heads;
      for (const Hash& key : event.record.code_keys) {
        const auto head = get<ChainHead>(overlay, Table::head, key.view());
        EXPECT_TRUE(head);
        heads.push_back(head->value_or(ChainHead{}));
      }
      log.append_event(event, PayloadType::event_capnp, {leaf, i}, heads);
    }
    BatchNote note{.ledger = {head_.origin, head_.genesis}, .party = "cn-dairy", .events = 2,
                   .root = tree_hash(hashes)};
    note.nonce.data.fill(static_cast<uint8_t>(leaf));
    const std::string text = write_batch_text(note);
    log.append_leaf(LeafKind::batch, static_cast<int64_t>(leaf) + 1,
                    write_note({text, {{.name = "cn-dairy", .key_id = 1, .signature = {}}}}));
    last_id_ = batch_id(text);
    overlay.put(Table::batch, last_id_.bytes(),
                encode(StoredBatch{.leaf = leaf, .receipt_size = leaf + 1}));
    overlay.put(Table::receipt, u64_key(leaf + 1), "receipt");
  }

  void commit(const Changes& changes) { ASSERT_TRUE(store_.commit(changes)); }
  void put(Table table, Bytes key, Bytes value) {
    commit({{table, std::move(key), std::move(value)}});
  }
  void put_head() { put(Table::meta, Bytes(kLedgerKey), encode(head_)); }
  Bytes row(Table table, BytesView key) {
    const auto value = store_.latest().get(table, key);
    EXPECT_TRUE(value && *value);
    return value && *value ? **value : Bytes();
  }
  void expect_damage(std::string_view what) {
    const auto done = check_right_edge(store_.latest());
    ASSERT_FALSE(done);
    EXPECT_EQ(info(done.error().code).name, "CORRUPT");
    EXPECT_NE(done.error().message.find(what), std::string::npos) << done.error().message;
  }

  MemoryStore store_;
  LedgerHead head_;
  Hash last_id_;
};

TEST_F(RightEdge, OfAWholeStorePasses) {
  const auto done = check_right_edge(store_.latest());
  EXPECT_TRUE(done) << to_text(done.error());
}

TEST_F(RightEdge, OfAnEmptyStoreIsNotFound) {
  const MemoryStore empty;
  const auto done = check_right_edge(empty.latest());
  ASSERT_FALSE(done);
  EXPECT_EQ(info(done.error().code).name, "NOT_FOUND");
}

// Each row that the last commit added (but payloads, which may be erased), lost alone.
TEST_F(RightEdge, MissesEveryRowThatIsLost) {
  const std::vector<std::pair<Table, Bytes>> rows = {
      {Table::leaf, u64_key(3)},          {Table::leaf, u64_key(1)},
      {Table::leaf, u64_key(0)},          {Table::tree, tree_key(0, 3)},
      {Table::tree, tree_key(0, 0)},      {Table::record, place_key({3, 0})},
      {Table::record, place_key({3, 1})}, {Table::record, place_key({1, 1})},
      {Table::head, code(1).bytes()},     {Table::chain, chain_key(code(1), 6)},
      {Table::chain, chain_key(code(1), 5)}, {Table::chain, chain_key(code(1), 4)},
      {Table::batch, last_id_.bytes()},   {Table::receipt, u64_key(4)}};
  for (const auto& [table, key] : rows) {
    SCOPED_TRACE(std::string(word(table)) + " " + to_hex(key));
    const Bytes before = row(table, key);
    commit({{table, key, std::nullopt}});
    const auto done = check_right_edge(store_.latest());
    EXPECT_TRUE(!done && done.error().code == Code::CORRUPT);
    put(table, key, before);
  }
  EXPECT_TRUE(check_right_edge(store_.latest()));
}

TEST_F(RightEdge, SeesEveryRowThatIsChanged) {
  const std::vector<std::pair<Table, Bytes>> rows = {
      {Table::leaf, u64_key(3)},          {Table::leaf, u64_key(0)},
      {Table::tree, tree_key(0, 2)},      {Table::record, place_key({2, 1})},
      {Table::head, code(2).bytes()},     {Table::chain, chain_key(code(1), 6)},
      {Table::batch, last_id_.bytes()}};
  for (const auto& [table, key] : rows) {
    SCOPED_TRACE(std::string(word(table)) + " " + to_hex(key));
    const Bytes before = row(table, key);
    Bytes changed = before;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    put(table, key, changed);
    const auto done = check_right_edge(store_.latest());
    EXPECT_TRUE(!done && done.error().code == Code::CORRUPT);
    put(table, key, before);
  }
}

TEST_F(RightEdge, SeesRowsBeyondTheLastLeaf) {
  put(Table::leaf, u64_key(4), "leaf");
  expect_damage("table leaf has rows beyond");
}

TEST_F(RightEdge, SeesARecordBeyondTheLastLeaf) {
  put(Table::record, place_key({4, 0}), "record");
  expect_damage("table record has rows beyond");
}

TEST_F(RightEdge, SeesALinkBeyondAHead) {
  put(Table::chain, chain_key(code(3), 4), encode(StoredLink{}));
  expect_damage("table chain has rows beyond");
}

TEST_F(RightEdge, SeesAHeadThatCountsOtherLeavesThanItsTree) {
  --head_.leaves;
  put_head();
  expect_damage("the head counts 3 leaves, its tree 4");
}

TEST_F(RightEdge, SeesATreeEdgeThatTheRowsDoNotGive) {
  head_.frontier.back() = static_cast<char>(head_.frontier.back() ^ 1);
  put_head();
  expect_damage("do not give the root");
}

TEST_F(RightEdge, SeesATimeThatIsNotTheLastLeafs) {
  ++head_.time_ms;
  put_head();
  expect_damage("time");
}

}  // namespace
}  // namespace suyuan
