// The batches that a bundle takes events from: note, records, and the tree over the records.
// Internal to make_bundle.cc.
#pragma once

#include <map>

#include "ledger/apply/log_reader.h"
#include "ledger/batch/note.h"
#include "ledger/merkle/nodes.h"
#include "ledger/store/schema.h"

namespace suyuan {

// Holds the hash of every complete subtree, so any number of paths costs no further hashing.
class BatchTree final : public NodeSource {
 public:
  explicit BatchTree(std::vector<Hash> leaf_hashes);
  Result<Hash> node(unsigned level, uint64_t index) const override;

 private:
  std::vector<std::vector<Hash>> levels_;
};

struct Batch {
  BatchNote note;
  std::vector<Bytes> records;
  BatchTree tree;
  Result<std::vector<Hash>> path_of(uint64_t event) const;
};

class BatchRows {
 public:
  // `state` must outlive the object.
  BatchRows(const Reader& state, uint64_t size) : state_(state), size_(size) {}
  // Returns null if more than limits::kBundleRecordsMax records were read. Errors: CORRUPT, IO.
  Result<const Batch*> of(uint64_t leaf);

 private:
  Result<std::vector<Bytes>> records_of(uint64_t leaf) const;

  const Reader& state_;
  const uint64_t size_;
  std::map<uint64_t, Batch> batches_;
  size_t records_ = 0;
};

}  // namespace suyuan
