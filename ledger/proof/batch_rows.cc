#include "ledger/proof/batch_rows.h"

#include "ledger/base/limits.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/bundle.h"

namespace suyuan {

BatchTree::BatchTree(std::vector<Hash> leaf_hashes) {
  levels_.push_back(std::move(leaf_hashes));
  while (levels_.back().size() > 1) {
    const std::vector<Hash>& below = levels_.back();
    std::vector<Hash> level;
    level.reserve(below.size() / 2);
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      level.push_back(node_hash(below[i], below[i + 1]));
    }
    levels_.push_back(std::move(level));
  }
}

Result<Hash> BatchTree::node(unsigned level, uint64_t index) const {
  if (level < levels_.size() && index < levels_[level].size()) return levels_[level][index];
  return fail(Code::CORRUPT, "a batch's tree has no such node");
}

Result<std::vector<Hash>> Batch::path_of(uint64_t event) const {
  return inclusion_proof(tree, event, records.size());
}

Result<const Batch*> BatchRows::of(uint64_t leaf) {
  if (const auto known = batches_.find(leaf); known != batches_.end()) return &known->second;
  if (leaf + 1 >= size_) {
    return fail(Code::CORRUPT, "a link names leaf " + std::to_string(leaf) + ", after the seal");
  }
  SUYUAN_TRY(data, read_leaf(state_, leaf));
  SUYUAN_TRY(note, parse_batch_note(data.text));
  records_ += note.batch.events;
  if (records_ > limits::kBundleRecordsMax) return static_cast<const Batch*>(nullptr);
  SUYUAN_TRY(records, records_of(leaf));
  std::vector<Hash> hashes;
  hashes.reserve(records.size());
  for (const Bytes& record : records) hashes.push_back(leaf_hash(record));
  Batch batch{.note = std::move(note.batch),
              .records = std::move(records),
              .tree = BatchTree(std::move(hashes))};
  if (batch.records.size() != batch.note.events) {
    return fail(Code::CORRUPT, "leaf " + std::to_string(leaf) + " lacks records of its batch");
  }
  const auto placed = batches_.emplace(leaf, std::move(batch)).first;
  return static_cast<const Batch*>(&placed->second);
}

Result<std::vector<Bytes>> BatchRows::records_of(uint64_t leaf) const {
  std::vector<Bytes> records;
  auto take = [&](BytesView, BytesView record) {
    records.emplace_back(record);
    return records.size() <= limits::kBatchEventsMax;
  };
  SUYUAN_TRY_DONE(state_.scan(Table::record, place_key({leaf, 0}), place_key({leaf + 1, 0}),
                              Direction::ascending, take));
  return records;
}

}  // namespace suyuan
