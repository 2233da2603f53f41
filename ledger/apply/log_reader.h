// Reads the log's own rows: the tree, leaves, and a chain's head as of a leaf.
#pragma once

#include "ledger/merkle/nodes.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/schema.h"

namespace suyuan {

// The tree's stored hashes. `reader` must outlive the object.
class TreeRows final : public StoredHashes {
 public:
  explicit TreeRows(const Reader& reader) : reader_(reader) {}
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override;

 private:
  const Reader& reader_;
};

// Returns the path from a leaf to the root of the tree of `size` leaves.
// Errors: INVALID_FIELD (leaf >= size).
Result<std::vector<Hash>> leaf_path(const Reader& reader, uint64_t leaf, uint64_t size);
// Errors: NOT_FOUND (the log has no such leaf yet).
Result<Leaf> read_leaf(const Reader& reader, uint64_t leaf);
// Returns the head of a code's chain after `leaf`; count is 0 before its first event.
Result<ChainHead> chain_head_after(const Reader& reader, const Hash& code_key, uint64_t leaf);

}  // namespace suyuan
