// The position of a forward walk between two pages: what was met, and what is still to be read. It
// is written into the page token, so that the next page continues there and no node need remember
// it. Internal to this folder.
#pragma once

#include <set>

#include "ledger/provenance/forward.h"

namespace suyuan {

// Limit for a token, which goes in a URL (node/answer/page_token.h). A walk with more to remember
// is repeated for each page.
inline constexpr size_t kWalkPlaceBytesMax = 2816;

struct WalkNode {
  Downstream made;  // without its lot, which does not matter any more
  bool visited = false;
  bool operator<(const WalkNode& other) const;  // earliest first
};

struct WalkPlace {
  // Holds as long as nobody can make two codes whose keys begin with the same 16 bytes.
  using Mark = Fixed<16, struct WalkMarkTag>;
  static Mark mark_of(const Hash& code_key) {
    return Mark::from(code_key.view().substr(0, Mark::kSize));
  }

  uint64_t units_met = 0;
  uint64_t lots_met = 0;
  std::set<WalkNode> todo = {};
  size_t todo_bytes = 0;           // of what add() put there
  std::set<Mark> seen = {};        // lots, outputs, units used further: not the many that end there
  std::set<Mark> seen_units = {};  // those that may be below a lot more than once
  // The lot whose units are being read, and the last of them that was read.
  std::optional<WalkNode> lot = {};
  std::optional<FactKey> last = {};

  // One that came into being with many others out of as many inputs waits once, not once for each.
  void add(WalkNode node);
  void drop_first();
  size_t bytes() const;  // in memory
};

// Returns nullopt if it is longer than kWalkPlaceBytesMax.
std::optional<Bytes> encode_walk_place(const WalkPlace& place);
// Errors: PAGE_TOKEN_INVALID.
Result<WalkPlace> decode_walk_place(BytesView bytes);

}  // namespace suyuan
