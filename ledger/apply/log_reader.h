// Reading the log's own rows: the tree, leaves, a chain's head as of a leaf.
#pragma once

#include "ledger/merkle/nodes.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/schema.h"

namespace suyuan {

// The tree's stored hashes; `reader` outlives it.
class TreeRows final : public StoredHashes {
 public:
  explicit TreeRows(const Reader& reader) : reader_(reader) {}
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override;

 private:
  const Reader& reader_;
};

// The path from a leaf to the root of the tree of `size` leaves. INVALID_FIELD where leaf >= size.
Result<std::vector<Hash>> leaf_path(const Reader& reader, uint64_t leaf, uint64_t size);
// NOT_FOUND: the log has not grown so far.
Result<Leaf> read_leaf(const Reader& reader, uint64_t leaf);
// The head of a code's chain after `leaf`; count 0 before its first event.
Result<ChainHead> chain_head_after(const Reader& reader, const Hash& code_key, uint64_t leaf);

}  // namespace suyuan
