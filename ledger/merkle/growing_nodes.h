// Nodes of a growing tree, cached for the paths of its newest leaves. Those share nearly all of
// their nodes with each other and with the paths after the next growth.
#pragma once

#include <map>
#include <vector>

#include "ledger/merkle/nodes.h"

namespace suyuan {

// Returns any node, from the stored levels. Each tile (256 hashes of a stored level) at the tree's
// right edge is read once, then only what was added to it; nodes above it are hashed once. Not
// thread-safe. `stored` must outlive the object and show the tree as it grows.
class GrowingNodes final : public NodeSource {
 public:
  explicit GrowingNodes(const StoredHashes& stored) : stored_(stored) {}
  // Sets the tree's size, no smaller than before. Tiles left of the previous edge are dropped.
  void grow(uint64_t size);
  Result<Hash> node(unsigned level, uint64_t index) const override;

 private:
  using Level = std::vector<Hash>;
  using Tile = std::vector<Level>;  // the stored hashes, then each level above them in the tile
  Result<const Tile*> tile(unsigned stored_level, uint64_t index) const;
  Result<Done> read_on(Level& hashes, unsigned stored_level, uint64_t first, size_t width) const;

  const StoredHashes& stored_;
  uint64_t size_ = 0;
  mutable std::map<std::pair<unsigned, uint64_t>, Tile> tiles_;
};

}  // namespace suyuan
