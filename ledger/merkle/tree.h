// The RFC 6962 tree hash (RFC 9162 2.1) over leaves that are all at hand: a batch's root and paths.
#pragma once

#include <span>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

// The first byte keeps a leaf from being taken for an inner node, and the other way round.
Hash leaf_hash(BytesView data);
Hash node_hash(const Hash& left, const Hash& right);
// H(""): the root of a tree without leaves.
const Hash& empty_root();

Hash tree_hash(std::span<const Hash> leaf_hashes);
// From leaf to root, one sibling for each level that has one. REQUIRES: index < leaf_hashes.size().
std::vector<Hash> inclusion_path(std::span<const Hash> leaf_hashes, size_t index);

}  // namespace suyuan
