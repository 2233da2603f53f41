// The pages of a ChainMap: the trie's upper levels in pieces of up to four levels. A map that
// differs in a few rows shares all other pages. For chain_map*.cc only.
//
// The shape depends only on the set of keys. A page over at most 256 keys is a bottom page, with
// the fewest levels that leave 16 keys per bucket on average; a page over more has 16 pages below.
// So the map grows page by page, never all at once, and crowded keys cost only themselves.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "ledger/merkle/chain_map.h"

namespace suyuan {

inline constexpr unsigned kPageLevels = 4;
inline constexpr unsigned kPageSlots = 1U << kPageLevels;
inline constexpr unsigned kBucketKeys = 16;                          // the mean that adds a level
inline constexpr uint64_t kBottomKeys = kBucketKeys * kPageSlots;  // of a page without pages below

// The keys that begin with the first `bits` bits of `first`, whose other bits are zero.
struct KeyRange {
  Hash first;
  unsigned bits = 0;
  Hash last() const;
  // Returns the part whose next `width` bits are `value`.
  KeyRange below(unsigned value, unsigned width) const;
  // Returns which of the parts by the next `width` bits (at most 4) holds the key.
  // Requires: bits % 4 == 0.
  unsigned slot_of(const Hash& key, unsigned width) const;
};

// Stands for a subtree without keys. No row can feasibly hash to it.
inline constexpr Hash kNothing{};

using PagePointer = std::shared_ptr<const MapPage>;  // shared by all maps that contain the page

struct MapPage {
  uint64_t size = 0;                           // keys
  unsigned levels = 0;                         // below the page's root; 4 if there are pages below
  std::array<uint16_t, kPageSlots> held{};     // in a bottom page: keys in each bucket
  std::vector<Hash> nodes = {kNothing};        // breadth first, from the page's root
  std::vector<PagePointer> below = {};         // null: no key there
  bool closed = false;                         // only size and root are kept
  size_t bytes = 0;                            // of memory, pages below included

  bool is_bottom() const { return below.empty() && !closed; }
  const Hash& root() const { return nodes[0]; }
  Hash& slot(unsigned index) { return nodes[(1U << levels) - 1 + index]; }
  // Rehashes the nodes above the slots of `dirty` (one bit each). `depth`: the page's own.
  void refresh(unsigned depth, uint32_t dirty);
};

unsigned levels_for(uint64_t keys);  // Requires: keys <= kBottomKeys
// Returns the hash of an inner node; if only one side has keys, that side's hash.
Hash join_nodes(size_t bit, const Hash& left, const Hash& right);
// Hashes rows in strictly ascending order; kNothing for none.
Hash hash_rows(std::span<const MapEntry> rows);
// Returns how many of the rows have bit 0 at the first place where they differ; the rows share all
// bits before it. Requires: at least two rows.
struct Fork {
  size_t bit;
  size_t left;
};
Fork fork_of(std::span<const MapEntry> rows);

MapPage bottom_page(const KeyRange& range, std::span<const MapEntry> rows);
// Returns the finished page, with its memory counted. It never changes after this.
PagePointer finish_page(MapPage page);
PagePointer close_page(const MapPage& page);
// Rebuilds a closed page from the rows of its range, the changed ones among them. Pages below it
// are closed. Errors: CORRUPT, as ChainMap::fold.
Result<PagePointer> open_page(const MapRows& rows, const KeyRange& range, const MapPage& closed,
                              std::span<const MapEntry> changed = {});
// Returns the page over 16 adjacent pages (null: no keys there); null if all are null.
PagePointer join_pages(unsigned depth, std::span<const PagePointer, kPageSlots> below);

}  // namespace suyuan
