#include "tests/crash/audit.h"

#include <gtest/gtest.h>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/batch/note.h"
#include "ledger/batch/receipt.h"
#include "ledger/event/record.h"
#include "ledger/merkle/tree.h"

namespace suyuan::test {
namespace {

// What the records say that each code's chain must be.
using Chains = std::map<Hash, ChainHead>;

uint64_t audit_batch(const Reader& reader, uint64_t index, const SignedBatchNote& note,
                     Chains& chains) {
  std::vector<Hash> record_leaves;
  for (uint32_t event = 0;; ++event) {
    const Place place{.leaf = index, .event = event};
    const auto bytes = reader.get(Table::record, place_key(place));
    if (!bytes || !*bytes) break;
    record_leaves.push_back(leaf_hash(**bytes));
    const auto record = decode_record(**bytes);
    EXPECT_TRUE(record) << "record " << index << "/" << event;
    const auto payload = get<StoredPayload>(reader, Table::payload, place_key(place));
    EXPECT_TRUE(payload && *payload) << "payload " << index << "/" << event;
    if (!record || !payload || !*payload) continue;
    EXPECT_EQ(payload_hash((*payload)->salt, (*payload)->bytes), record->payload)
        << index << "/" << event;
    for (const Hash& key : record->code_keys) {
      ChainHead& head = chains.try_emplace(key, ChainHead{.count = 0, .link = key}).first->second;
      ++head.count;
      head.link = chain_link(head.count, head.link, place, record_leaves.back());
      const auto stored = get<StoredLink>(reader, Table::chain, chain_key(key, head.count));
      EXPECT_TRUE(stored && *stored && (*stored)->link == head.link && (*stored)->place == place);
    }
  }
  EXPECT_EQ(record_leaves.size(), note.batch.events) << "a half batch at leaf " << index;
  if (record_leaves.size() == note.batch.events) {
    EXPECT_EQ(tree_hash(record_leaves), note.batch.root) << "leaf " << index;
  }
  const auto stored = get<StoredBatch>(reader, Table::batch, batch_id(note.note.text).view());
  EXPECT_TRUE(stored && *stored && (*stored)->leaf == index) << "batch row of leaf " << index;
  return record_leaves.size();
}

void audit_chains(const Reader& reader, const Chains& chains, Audited& audited) {
  size_t heads = 0;
  const auto scanned =
      reader.scan(Table::head, "", "", Direction::ascending, [&](BytesView key, BytesView value) {
        const auto expected = chains.find(Hash::from(key));
        const auto head = decode<ChainHead>(value);
        EXPECT_TRUE(expected != chains.end() && head && *head == expected->second);
        if (head) audited.links += head->count;
        ++heads;
        return true;
      });
  EXPECT_TRUE(scanned);
  EXPECT_EQ(heads, chains.size());
}

}  // namespace

Audited audit(const Reader& reader) {
  Audited audited;
  const auto head = read_head(reader);
  EXPECT_TRUE(head) << "no ledger head";
  if (!head) return audited;
  Chains chains;
  Frontier frontier;
  const auto scanned =
      reader.scan(Table::leaf, "", "", Direction::ascending, [&](BytesView key, BytesView data) {
        EXPECT_EQ(key, u64_key(audited.leaves));
        frontier.append(leaf_hash(data));
        const auto leaf = parse_leaf(data);
        EXPECT_TRUE(leaf) << "leaf " << audited.leaves;
        if (leaf && leaf->kind == LeafKind::batch) {
          const auto note = parse_batch_note(leaf->text);
          EXPECT_TRUE(note) << "leaf " << audited.leaves;
          if (note) audited.events += audit_batch(reader, audited.leaves, *note, chains);
          ++audited.batches;
        }
        ++audited.leaves;
        return true;
      });
  EXPECT_TRUE(scanned);
  EXPECT_EQ(audited.leaves, head->leaves);
  EXPECT_EQ(audited.events, head->events);
  EXPECT_EQ(chains.size(), head->chains);
  EXPECT_EQ(frontier.encode(), head->frontier);
  audit_chains(reader, chains, audited);
  const auto newest = reader.get(Table::receipt, u64_key(head->leaves));
  if (newest && *newest) {
    const auto receipt = parse_receipt(**newest, 0, {});
    EXPECT_TRUE(receipt && receipt->text.root == frontier.root());
  }
  return audited;
}

}  // namespace suyuan::test
