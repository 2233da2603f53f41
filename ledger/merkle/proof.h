// Inclusion and consistency proofs (RFC 9162 2.1.3, 2.1.4): made from a NodeSource, verified by
// anyone.
#pragma once

#include <span>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/merkle/nodes.h"

namespace suyuan {

// The tree as a signed head states it. Size and root are never taken from a proof.
struct TreeHead {
  uint64_t size = 0;
  Hash root;
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// Verifies an inclusion proof (RFC 9162 2.1.3.2). Safe on hostile input; allocates nothing. A path
// of the wrong length for the sizes never passes.
bool includes(const TreeHead& head, uint64_t index, const Hash& leaf_hash,
              std::span<const Hash> path);
// Verifies that the newer tree begins with all leaves of the older one (RFC 9162 2.1.4.2). The
// empty tree is a prefix of every tree, with an empty path.
bool consistent(const TreeHead& older, const TreeHead& newer, std::span<const Hash> path);

// The makers read O(log size) nodes. `size` is at most that of the tree behind `nodes`: any earlier
// tree can be proven.
Result<Hash> root_of(const NodeSource& nodes, uint64_t size);
// Errors: INVALID_FIELD (index >= size).
Result<std::vector<Hash>> inclusion_proof(const NodeSource& nodes, uint64_t index, uint64_t size);
// Errors: INVALID_FIELD (older_size > newer_size).
Result<std::vector<Hash>> consistency_proof(const NodeSource& nodes, uint64_t older_size,
                                            uint64_t newer_size);

}  // namespace suyuan
