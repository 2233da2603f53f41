// Sources of a growing tree's hashes. Only levels 0, 8, 16, ... are stored (as tlog-tiles serves
// them); any node between is recomputed from at most 128 of them.
#pragma once

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
  // Returns an error for a node that the tree does not have yet.
  virtual Result<Hash> node(unsigned level, uint64_t index) const = 0;
};

class StoredHashes {
 public:
  virtual ~StoredHashes() = default;
  // Returns the nodes first, first + 1, ... of a stored level, all `count` of them (1 to 256), or
  // an error. They are adjacent, so one scan suffices.
  virtual Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const = 0;
};

// Computes any node from the stored levels. `stored` must outlive the object.
class TiledNodes final : public NodeSource {
 public:
  explicit TiledNodes(const StoredHashes& stored) : stored_(stored) {}
  Result<Hash> node(unsigned level, uint64_t index) const override;

 private:
  const StoredHashes& stored_;
};

}  // namespace suyuan
