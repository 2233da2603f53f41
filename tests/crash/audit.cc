#include "tests/crash/audit.h"

#include <gtest/gtest.h>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/apply/seal.h"
#include "ledger/batch/note.h"
#include "ledger/batch/receipt.h"
#include "ledger/event/record.h"
#include "ledger/merkle/chain_map.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/checkpoint.h"
#include "node/ops/watermark.h"

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

class ChainRows final : public MapRows {
 public:
  explicit ChainRows(const Chains& chains) : chains_(chains) {}
  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override {
    for (auto at = chains_.lower_bound(first); at != chains_.end() && at->first <= last; ++at) {
      if (!visit({.key = at->first, .count = at->second.count, .link = at->second.link})) break;
    }
    return Done{};
  }

 private:
  const Chains& chains_;
};

void audit_seal(const Reader& reader, const Audited& before, uint64_t previous,
                const Chains& chains, bool with_map) {
  const auto head = read_head(reader);
  const auto seal = read_seal(reader, {.origin = head->origin, .genesis = head->genesis},
                              before.leaves);
  EXPECT_TRUE(seal) << to_text(seal.error());
  if (!seal) return;
  EXPECT_EQ(seal->previous.value_or(0), previous);
  EXPECT_EQ(seal->events, before.events);
  EXPECT_EQ(seal->chains, chains.size());
  if (!with_map) return;
  const auto map = ChainMap::build(ChainRows(chains));
  EXPECT_TRUE(map && map->root() == seal->map) << "the map of seal " << before.leaves;
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

Audited audit(const Reader& reader, uint64_t maps_from) {
  Audited audited;
  uint64_t last_seal = 0;
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
        if (leaf && leaf->kind == LeafKind::seal) {
          audit_seal(reader, audited, last_seal, chains, audited.leaves >= maps_from);
          last_seal = audited.leaves;
        }
        ++audited.leaves;
        return true;
      });
  EXPECT_TRUE(scanned);
  EXPECT_EQ(audited.leaves, head->leaves);
  EXPECT_EQ(audited.events, head->events);
  EXPECT_EQ(chains.size(), head->chains);
  EXPECT_EQ(last_seal, head->seal);
  EXPECT_EQ(frontier.encode(), head->frontier);
  audit_chains(reader, chains, audited);
  const auto newest = reader.get(Table::receipt, u64_key(head->leaves));
  if (newest && *newest) {
    const auto receipt = parse_receipt(**newest, 0, {});
    EXPECT_TRUE(receipt && receipt->text.root == frontier.root());
  }
  return audited;
}

void audit_checkpoints(const Reader& reader, const std::string& data_folder,
                       std::map<uint64_t, std::string>& seen) {
  const auto leaf = read_leaf(reader, 0);
  ASSERT_TRUE(leaf);
  const auto genesis = parse_genesis(leaf->text);
  ASSERT_TRUE(genesis);
  const TreeRows rows(reader);
  std::map<uint64_t, std::string> stored;
  ASSERT_TRUE(reader.scan(Table::checkpoint, {}, {}, Direction::ascending,
                          [&](BytesView key, BytesView value) {
                            Decoder in(key);
                            uint64_t size = 0;
                            EXPECT_TRUE(in.get_u64(size) && in.done());
                            stored.emplace(size, value);
                            return true;
                          }));
  for (const auto& [size, bytes] : stored) {
    SCOPED_TRACE("checkpoint of " + std::to_string(size));
    const auto root = root_of(TiledNodes(rows), size);
    ASSERT_TRUE(root) << to_text(root.error());
    const std::vector<NoteKey> log = {{.name = genesis->origin, .key = genesis->log_key}};
    const auto note = open_note(bytes, log);
    ASSERT_TRUE(note) << to_text(note.error());
    EXPECT_EQ(note->text, write_checkpoint({.origin = genesis->origin,
                                            .head = {.size = size, .root = *root}}));
    const auto last = read_leaf(reader, size - 1);
    EXPECT_TRUE(last && last->kind == LeafKind::seal);
  }
  for (const auto& [size, bytes] : seen) {
    if (stored.empty() || size < stored.begin()->first) continue;  // older than what is kept
    const auto again = stored.find(size);
    ASSERT_NE(again, stored.end()) << "the checkpoint of " << size << " leaves is withdrawn";
    EXPECT_EQ(again->second, bytes);
  }
  seen.insert(stored.begin(), stored.end());
  const auto watermark = Watermark::read(data_folder + "/watermark");
  ASSERT_TRUE(watermark) << to_text(watermark.error());
  if (!seen.empty()) {
    EXPECT_GE(watermark->mark()->tree.size, seen.rbegin()->first);
  }
  EXPECT_TRUE(check_watermark(*watermark->mark(), reader));
}

}  // namespace suyuan::test
