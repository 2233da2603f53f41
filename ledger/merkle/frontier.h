// Frontier: the right edge of a growing tree, which is all that appending needs.
//
//   encoding = u64 size ‖ peaks     one hash for each bit set in size, largest subtree first
#pragma once

#include <functional>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/merkle/nodes.h"

namespace suyuan {

// Takes a node that an append completed, at a stored level (0, 8, 16, ...), lowest first.
using NodeSink = std::function<void(unsigned level, uint64_t index, const Hash& hash)>;

class Frontier {
 public:
  Frontier() = default;  // of the empty tree
  // The edge of the tree of `size` leaves, as its nodes give it: at start, to compare with the
  // edge that was kept.
  static Result<Frontier> read(const NodeSource& nodes, uint64_t size);
  // CORRUPT for bytes that no encode writes.
  static Result<Frontier> decode(BytesView bytes);
  Bytes encode() const;

  void append(const Hash& leaf_hash, const NodeSink& sink = {});
  Hash root() const;
  uint64_t size() const { return size_; }

  friend bool operator==(const Frontier&, const Frontier&) = default;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> peaks_;  // of the complete subtrees, largest first: one for each bit set
};

}  // namespace suyuan
