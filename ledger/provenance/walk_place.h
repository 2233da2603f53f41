// Where a walk forward stands between two pages: what was met and what is still to be read. It is
// written into the page token, so that the next page goes on from there and no node need remember
// it. Internal to this folder.
#pragma once

#include <set>

#include "ledger/provenance/forward.h"

namespace suyuan {

// Of a token, which goes in a URL (node/answer/page_token.h). A walk with more to remember
// is walked again for each page.
inline constexpr size_t kWalkPlaceBytesMax = 2816;

struct WalkNode {
  Downstream made;  // without its lot, which does not matter any more
  bool visited = false;
  bool operator<(const WalkNode& other) const;  // the earliest first
};

struct WalkPlace {
  // As long as nobody can make two codes whose keys begin with the same 16 bytes.
  using Mark = Fixed<16, struct WalkMarkTag>;
  static Mark mark_of(const Hash& code_key) {
    return Mark::from(code_key.view().substr(0, Mark::kSize));
  }

  uint64_t units_met = 0;
  uint64_t lots_met = 0;
  std::set<WalkNode> todo = {};
  size_t todo_bytes = 0;           // of what add() put there
  std::set<Mark> seen = {};        // lots, outputs, units used further: not the many that end there
  std::set<Mark> seen_units = {};  // those that may stand below a lot more than once
  // The lot whose units are being read, and the last one of them that was.
  std::optional<WalkNode> lot = {};
  std::optional<FactKey> last = {};

  // One that came into being with many others out of as many inputs waits once, not once for each.
  void add(WalkNode node);
  void drop_first();
  size_t bytes() const;  // in memory
};

// Nullopt: it is longer than kWalkPlaceBytesMax.
std::optional<Bytes> encode_walk_place(const WalkPlace& place);
// PAGE_TOKEN_INVALID.
Result<WalkPlace> decode_walk_place(BytesView bytes);

}  // namespace suyuan
