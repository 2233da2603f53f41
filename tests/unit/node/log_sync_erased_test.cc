// A node that comes back, and what was erased meanwhile: it gets the log with the notices and
// without the sections, and comes to the same leaves.
#include "ledger/apply/log_reader.h"
#include "ledger/store/memory_store.h"
#include "node/peers/log_sync.h"
#include "node/pipeline/order_place.h"
#include "proto/submission_codec.h"
#include "tests/unit/proof/sealing_ledger.h"

namespace suyuan {
namespace {

using testing::SealingLedger;

class ErasedSyncTest : public ::testing::Test {
 protected:
  ErasedSyncTest() {
    ledger_.erase(ledger_.of(ledger_.made, 0, "maker"), 1);
    ledger_.erase(ledger_.of(ledger_.tested, 0, "registrar"), 0);
    ledger_.seal();
    const auto leaf = read_leaf(source(), 0);
    EXPECT_TRUE(store_.commit(apply_genesis(leaf->text, leaf->time_ms)->changes));
  }
  const Reader& source() const { return ledger_.sealed_state(); }
  PeerAnswer all() const {
    return answer_peer({.from = 1, .size = ledger_.tree().size}, source(), nullptr).value();
  }
  Result<Done> take(const PeerAnswer& answer) {
    LogSync sync({.store = store_,
                  .key = key_,
                  .map = MapKeeper(build_map(store_.latest(), 1).value())});
    return sync.take(answer, {.tree = ledger_.tree(),
                              .place = {.position = 99, .mark = Hash::from(Bytes(32, 'm'))}});
  }
  static std::vector<std::pair<Bytes, Bytes>> rows(const Reader& reader, Table table,
                                                   BytesView prefix = {}) {
    std::vector<std::pair<Bytes, Bytes>> found;
    EXPECT_TRUE(reader.scan(table, prefix, after_prefix(prefix), Direction::ascending,
                            [&](BytesView key, BytesView row) {
                              found.emplace_back(key, row);
                              return true;
                            }));
    return found;
  }
  // Of the batch that sealed two sections, of which the first was erased.
  void edit_sections(PeerAnswer& answer, const std::function<void(EventBody&)>& edit) const {
    Bytes& bytes = answer.leaves.at(ledger_.made.place.leaf - 1).submission;
    auto submission = decode_submission(bytes).value();
    edit(submission.events.at(0));
    bytes = encode_submission(submission);
  }

  SealingLedger ledger_;
  const NamedKeyPair key_{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'b'))};
  MemoryStore store_;
};

TEST_F(ErasedSyncTest, TheLogIsTakenWithItsNotices) {
  const auto taken = take(all());
  ASSERT_TRUE(taken) << to_text(taken.error());
  for (const Table table : {Table::leaf, Table::record, Table::payload, Table::section,
                            Table::chain, Table::head, Table::fact}) {
    EXPECT_EQ(rows(store_.latest(), table), rows(source(), table)) << word(table);
  }
  EXPECT_EQ(rows(store_.latest(), Table::meta, kErasedRows),
            rows(source(), Table::meta, kErasedRows));
  EXPECT_EQ(rows(source(), Table::section).size(), 1U);
  EXPECT_TRUE(rows(store_.latest(), Table::meta, kAbsentRows).empty());
  EXPECT_TRUE(rows(store_.latest(), Table::meta, kPurgeRows).empty());
  EXPECT_GT(read_erase_place(store_.latest()), 0U) << "the shared log is to forget it";
}

TEST_F(ErasedSyncTest, ASectionThatIsLeftOutWithoutANoticeIsNoted) {
  PeerAnswer answer = all();
  edit_sections(answer, [](EventBody& body) { body.sections.clear(); });
  ASSERT_TRUE(take(answer));
  const auto absent = rows(store_.latest(), Table::meta, kAbsentRows);
  ASSERT_EQ(absent.size(), 1U);
  EXPECT_EQ(absent[0].first,
            absent_key(ledger_.made.place, ledger_.made.event.sections[1].digest));
  EXPECT_TRUE(rows(store_.latest(), Table::section).empty());
}

TEST_F(ErasedSyncTest, ASectionThatIsAnotherIsRefused) {
  const auto after = [&](const std::function<void(EventBody&)>& edit) {
    PeerAnswer answer = all();
    edit_sections(answer, edit);
    return take(answer).has_value();
  };
  EXPECT_FALSE(after([](EventBody& body) { body.sections.at(1).bytes += "x"; }));
  EXPECT_FALSE(after([](EventBody& body) { body.sections.at(0).bytes = "x"; }));
  EXPECT_FALSE(after([](EventBody& body) { std::swap(body.sections.at(0), body.sections.at(1)); }));
  EXPECT_FALSE(after([](EventBody& body) { body.sections.push_back({}); }));
  EXPECT_TRUE(after([](EventBody&) {}));
}

}  // namespace
}  // namespace suyuan
