// Nodes of a tree while it grows, for the paths of what has just come: they share nearly all of
// their nodes, and so do those of the next growth.
#pragma once

#include <map>
#include <vector>

#include "ledger/merkle/nodes.h"

namespace suyuan {

// Any node, from the stored levels. Each tile (256 hashes of a stored level) at the tree's right
// edge is read once, then only what was added to it, and all nodes above it are made once. One
// thread. `stored` outlives it and shows the tree as it grows.
class GrowingNodes final : public NodeSource {
 public:
  explicit GrowingNodes(const StoredHashes& stored) : stored_(stored) {}
  // The tree has `size` leaves now, no fewer than before. Tiles that lie before the edge as it was
  // are forgotten.
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
