#include "ledger/merkle/nodes.h"

#include <algorithm>

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

Result<Hash> RememberedNodes::node(unsigned level, uint64_t index) const {
  const unsigned above = level % kStoredLevelStep;
  SUYUAN_CHECK(level < 64 && index <= (UINT64_MAX >> level));
  const unsigned across = kStoredLevelStep - above;  // bits of the place inside the tile
  SUYUAN_TRY(tile, this->tile(level - above, index >> across));
  const uint64_t place = index & ((uint64_t{1} << across) - 1);
  if (above < tile->size() && place < (*tile)[above].size()) return (*tile)[above][place];
  return fail(Code::CORRUPT, "a tree of " + std::to_string(size_) + " leaves has no node " +
                                 std::to_string(index) + " at level " + std::to_string(level));
}

Result<const RememberedNodes::Tile*> RememberedNodes::tile(unsigned stored_level,
                                                           uint64_t index) const {
  const std::pair key{stored_level, index};
  if (const auto known = tiles_.find(key); known != tiles_.end()) return &known->second;
  constexpr uint64_t kTileWidth = uint64_t{1} << kStoredLevelStep;
  constexpr uint64_t kRangeMax = 128;
  const uint64_t first = index * kTileWidth;
  const uint64_t there = size_ >> stored_level;
  const uint64_t width = first < there ? std::min(kTileWidth, there - first) : 0;
  Tile tile(1);
  for (uint64_t at = 0; at < width; at += kRangeMax) {
    const auto count = static_cast<size_t>(std::min(kRangeMax, width - at));
    SUYUAN_TRY(hashes, stored_.range(stored_level, first + at, count));
    tile[0].insert(tile[0].end(), hashes.begin(), hashes.end());
  }
  while (tile.back().size() > 1) {
    const Level& below = tile.back();
    Level above;
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      above.push_back(node_hash(below[i], below[i + 1]));
    }
    tile.push_back(std::move(above));
  }
  return &tiles_.emplace(key, std::move(tile)).first->second;
}

}  // namespace suyuan
