#include "ledger/merkle/growing_nodes.h"

#include <algorithm>

#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

constexpr uint64_t kTileWidth = uint64_t{1} << kStoredLevelStep;

// All complete nodes of `below`, from the first one that `above` lacks.
void make_above(const std::vector<Hash>& below, std::vector<Hash>& above) {
  for (size_t i = 2 * above.size(); i + 1 < below.size(); i += 2) {
    above.push_back(node_hash(below[i], below[i + 1]));
  }
}

}  // namespace

void GrowingNodes::grow(uint64_t size) {
  SUYUAN_CHECK(size >= size_);
  std::erase_if(tiles_, [this](const auto& entry) {
    const auto& [stored_level, index] = entry.first;
    return index < size_ >> stored_level >> kStoredLevelStep;
  });
  size_ = size;
}

Result<Hash> GrowingNodes::node(unsigned level, uint64_t index) const {
  const unsigned above = level % kStoredLevelStep;
  SUYUAN_CHECK(level < 64 && index <= (UINT64_MAX >> level));
  const unsigned across = kStoredLevelStep - above;  // bits of the place inside the tile
  SUYUAN_TRY(tile, this->tile(level - above, index >> across));
  const uint64_t place = index & ((uint64_t{1} << across) - 1);
  if (above < tile->size() && place < (*tile)[above].size()) return (*tile)[above][place];
  return fail(Code::CORRUPT, "a tree of " + std::to_string(size_) + " leaves has no node " +
                                 std::to_string(index) + " at level " + std::to_string(level));
}

Result<const GrowingNodes::Tile*> GrowingNodes::tile(unsigned stored_level, uint64_t index) const {
  const uint64_t first = index * kTileWidth;
  const uint64_t there = size_ >> stored_level;
  const uint64_t width = first < there ? std::min(kTileWidth, there - first) : 0;
  Tile& tile = tiles_.try_emplace({stored_level, index}, kStoredLevelStep).first->second;
  if (tile[0].size() < width) {
    SUYUAN_TRY_DONE(read_on(tile[0], stored_level, first, static_cast<size_t>(width)));
    for (size_t i = 1; i < tile.size(); ++i) make_above(tile[i - 1], tile[i]);
  }
  return &tile;
}

Result<Done> GrowingNodes::read_on(Level& hashes, unsigned stored_level, uint64_t first,
                                   size_t width) const {
  constexpr size_t kRangeMax = 128;
  while (hashes.size() < width) {
    const size_t count = std::min(kRangeMax, width - hashes.size());
    SUYUAN_TRY(more, stored_.range(stored_level, first + hashes.size(), count));
    SUYUAN_CHECK(more.size() == count);
    hashes.insert(hashes.end(), more.begin(), more.end());
  }
  return Done{};
}

}  // namespace suyuan
