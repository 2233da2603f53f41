// Where the hashes of a growing tree come from. Only the levels 0, 8, 16, ... are kept (as
// tlog-tiles serves them); every node between is made again from at most 128 of them.
#pragma once

#include <map>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

inline constexpr unsigned kStoredLevelStep = 8;
constexpr bool is_stored_level(unsigned level) { return level % kStoredLevelStep == 0; }

// Node (level, index) is the hash of the complete subtree over leaves [index * 2^level, (index +
// 1) * 2^level).
class NodeSource {
 public:
  virtual ~NodeSource() = default;
  // An error for a node that the tree does not have yet.
  virtual Result<Hash> node(unsigned level, uint64_t index) const = 0;
};

class StoredHashes {
 public:
  virtual ~StoredHashes() = default;
  // The nodes first, first + 1, ... of a stored level, all `count` of them (1 to 256) or an error.
  // They lie side by side, so that one scan answers.
  virtual Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const = 0;
};

// Any node from the stored levels. `stored` outlives it.
class TiledNodes final : public NodeSource {
 public:
  explicit TiledNodes(const StoredHashes& stored) : stored_(stored) {}
  Result<Hash> node(unsigned level, uint64_t index) const override;

 private:
  const StoredHashes& stored_;
};

// The same nodes for a tree of `size` leaves, with every tile (256 hashes of a stored level) read
// once and all nodes above it made once: for many paths that share most of their nodes, as those of
// one group do. For one thread, and a short life: it keeps what it read. `stored` outlives it.
class RememberedNodes final : public NodeSource {
 public:
  RememberedNodes(const StoredHashes& stored, uint64_t size) : stored_(stored), size_(size) {}
  Result<Hash> node(unsigned level, uint64_t index) const override;

 private:
  using Level = std::vector<Hash>;
  using Tile = std::vector<Level>;  // the stored hashes, then each level above them in the tile
  Result<const Tile*> tile(unsigned stored_level, uint64_t index) const;

  const StoredHashes& stored_;
  const uint64_t size_;
  mutable std::map<std::pair<unsigned, uint64_t>, Tile> tiles_;
};

}  // namespace suyuan
