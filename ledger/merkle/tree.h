// The RFC 6962 tree hash (RFC 9162 2.1) over leaves in memory: a batch's root and paths.
#pragma once

#include <span>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

// The first byte keeps leaves and inner nodes apart, so neither can be taken for the other.
Hash leaf_hash(BytesView data);
Hash node_hash(const Hash& left, const Hash& right);
// H(""): the root of a tree without leaves.
const Hash& empty_root();

Hash tree_hash(std::span<const Hash> leaf_hashes);
// Returns the path from leaf to root: one sibling for each level that has one.
// Requires: index < leaf_hashes.size().
std::vector<Hash> inclusion_path(std::span<const Hash> leaf_hashes, size_t index);

}  // namespace suyuan
