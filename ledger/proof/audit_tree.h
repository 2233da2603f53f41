// The tree over the audited leaves, compared with a source's tiles.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "ledger/merkle/frontier.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/audit.h"
#include "ledger/proof/tiles.h"

namespace suyuan {

inline constexpr unsigned kAuditTileLevels = 64 / kTileHeight;

// Returns the tiles above level 0 that leaf `end - 1` completes in the tree of `size` leaves: full
// ones, and at the end of the tree its partial ones.
std::vector<Tile> tiles_above(uint64_t end, uint64_t size);

// A hash of the source that differs from the one computed from what lies below it.
struct TreeDoubt {
  unsigned level = 0;  // of the tile
  uint64_t index = 0;  // of the hash, in that level
  Hash stored;
  Hash computed;
  friend bool operator==(const TreeDoubt&, const TreeDoubt&) = default;
};

class AuditTree {
 public:
  AuditTree() = default;

  void append(const Hash& leaf);
  // Requires: one of tiles_above(size(), ...), lowest level first, each once.
  Result<std::optional<TreeDoubt>> compare(const Tile& tile, BytesView bytes);
  uint64_t size() const { return frontier_.size(); }
  Hash root() const { return frontier_.root(); }

  // For a saved audit. decode: Errors: CORRUPT (bytes that encode never writes).
  Bytes encode() const;
  static Result<AuditTree> decode(BytesView bytes);

 private:
  Frontier frontier_;
  // For each tile level above 0: the hashes computed and not yet compared, and the index of the
  // first.
  std::array<std::vector<Hash>, kAuditTileLevels> made_;
  std::array<uint64_t, kAuditTileLevels> first_{};
};

// Decides which is wrong, the tile or what lies below it: the one that does not lead to the signed
// root. `stored` gives the neighbouring hashes, unchecked.
AuditFault judge_doubt(const TreeDoubt& doubt, const TreeHead& head, const StoredHashes& stored);

}  // namespace suyuan
