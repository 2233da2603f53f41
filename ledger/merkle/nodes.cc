#include "ledger/merkle/nodes.h"

#include "ledger/merkle/tree.h"

namespace suyuan {

Result<Hash> TiledNodes::node(unsigned level, uint64_t index) const {
  const unsigned above = level % kStoredLevelStep;
  SUYUAN_CHECK(level < 64 && index <= (UINT64_MAX >> level));
  const size_t count = size_t{1} << above;
  SUYUAN_TRY(hashes, stored_.range(level - above, index << above, count));
  if (hashes.size() != count) {
    return fail(Code::CORRUPT, "the tree's level " + std::to_string(level - above) + " has " +
                                   std::to_string(hashes.size()) + " of " + std::to_string(count) +
                                   " hashes from " + std::to_string(index << above));
  }
  return tree_hash(hashes);
}

}  // namespace suyuan
