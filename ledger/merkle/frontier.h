// Frontier: the right edge of a growing tree, which is all that an append needs.
//
//   encoding = u64 size ‖ peaks     one hash for each bit set in size, largest subtree first
#pragma once

#include <functional>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/merkle/nodes.h"

namespace suyuan {

// Receives a node that an append completed, at a stored level (0, 8, 16, ...), lowest level first.
using NodeSink = std::function<void(unsigned level, uint64_t index, const Hash& hash)>;

class Frontier {
 public:
  Frontier() = default;  // the empty tree's
  // Returns the edge of the tree of `size` leaves, read from its nodes. Used at start to check the
  // stored edge.
  static Result<Frontier> read(const NodeSource& nodes, uint64_t size);
  // Errors: CORRUPT (bytes that encode never writes).
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
