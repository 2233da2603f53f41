// The pages of a ChainMap: the trie's upper levels in pieces of up to four levels, so that a map
// that differs in some rows shares all other pages. For chain_map*.cc alone.
//
// The shape depends on the set of keys alone: a page over at most 256 keys is a bottom page, with
// the fewest levels that leave 16 keys to a bucket on average; a page over more has 16 pages below.
// So the map grows page by page, never all at once, and keys crowded together cost nobody else.
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
  // The part of it whose next `width` bits are `value`.
  KeyRange below(unsigned value, unsigned width) const;
  // Which part of it a key is in, of those with the next `width` (at most 4) bits alike. REQUIRES:
  // bits % 4 == 0.
  unsigned slot_of(const Hash& key, unsigned width) const;
};

// No row hashes to it, for all anybody can find: it stands for a subtree without keys.
inline constexpr Hash kNothing{};

using PagePointer = std::shared_ptr<const MapPage>;  // shared by all maps that have the page

struct MapPage {
  uint64_t size = 0;                           // keys
  unsigned levels = 0;                         // below the page's root; with pages below: 4
  std::array<uint16_t, kPageSlots> held{};     // of a bottom page: keys in each bucket
  std::vector<Hash> nodes = {kNothing};        // breadth first, from the page's root
  std::vector<PagePointer> below = {};         // null: no key there
  bool closed = false;                         // then it has its size and root alone
  size_t bytes = 0;                            // of memory, with the pages below

  bool is_bottom() const { return below.empty() && !closed; }
  const Hash& root() const { return nodes[0]; }
  Hash& slot(unsigned index) { return nodes[(1U << levels) - 1 + index]; }
  // Makes the nodes above the slots of `dirty` (a bit for each) again. `depth`: the page's own.
  void refresh(unsigned depth, uint32_t dirty);
};

unsigned levels_for(uint64_t keys);  // REQUIRES: keys <= kBottomKeys
// The hash of an inner node, or of its one side that has keys.
Hash join_nodes(size_t bit, const Hash& left, const Hash& right);
// Over rows that ascend strictly; kNothing for none.
Hash hash_rows(std::span<const MapEntry> rows);
// How many of the rows have a bit of 0 at the first place where they differ; the rows share all
// bits before it. REQUIRES: at least two rows.
struct Fork {
  size_t bit;
  size_t left;
};
Fork fork_of(std::span<const MapEntry> rows);

MapPage bottom_page(const KeyRange& range, std::span<const MapEntry> rows);
// The page, with its memory counted: nothing changes it any more.
PagePointer finish_page(MapPage page);
PagePointer close_page(const MapPage& page);
// A closed page made again from the rows of its range, among which are the changed ones; pages
// below it are closed. CORRUPT: as ChainMap::fold.
Result<PagePointer> open_page(const MapRows& rows, const KeyRange& range, const MapPage& closed,
                              std::span<const MapEntry> changed = {});
// The page over 16 pages side by side, null where there are no keys; null where all are.
PagePointer join_pages(unsigned depth, std::span<const PagePointer, kPageSlots> below);

}  // namespace suyuan
