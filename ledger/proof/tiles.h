// The log as tiles (c2sp.org/tlog-tiles): coordinates, paths and entry bundles. Pure functions,
// with no storage or transport.
//
//   tile/<L>/<N>[.p/<W>]        hashes [N * 256, ...) of the complete subtrees of 256^L leaves
//   tile/entries/<N>[.p/<W>]    leaves [N * 256, ...): u16 length ‖ data, for each
//   events/<N>                  the events of leaf N (leaf_events.h)
//   N in groups of three digits, all but the last prefixed with x: 1234067 is x001/x234/067
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

inline constexpr unsigned kTileWidth = 256;
inline constexpr unsigned kTileHeight = 8;     // 256 = 2^8
inline constexpr unsigned kTileLevelMax = 63;  // in a path; a tree of 64-bit size has no level 8
// A tree has fewer than 2^63 leaves, for readers with signed sizes.
inline constexpr uint64_t kTreeSizeMax = INT64_MAX;

struct Tile {
  std::optional<unsigned> level = {};  // nullopt: the entry bundle
  uint64_t index = 0;
  unsigned width = kTileWidth;  // 1 to 256; below 256: a partial tile
  friend bool operator==(const Tile&, const Tile&) = default;
};

// Requires: 1 <= width <= 256, level <= 63.
std::string write_tile_path(const Tile& tile);
// Accepts only what write_tile_path writes: no escapes, no leading zeros, no width of 256.
std::optional<Tile> parse_tile_path(std::string_view path);

// Writes the number in the form used in paths, "x001/x234/067".
std::string write_tile_number(uint64_t number);
std::optional<uint64_t> parse_tile_number(std::string_view text);
// "events/x001/x234/067".
std::string write_events_path(uint64_t leaf);
std::optional<uint64_t> parse_events_path(std::string_view path);

// Returns how many hashes (or leaves, for a bundle) this tile has in the tree of `size` leaves: 256
// if full, 0 if the tree does not reach it.
unsigned tile_width(uint64_t size, std::optional<unsigned> level, uint64_t index);
// Visits the tiles and bundles that are new in the tree of `size` leaves compared with `older`
// leaves: those that became full, and the partial ones of `size`. `visit` returns whether to
// continue. Requires: older <= size.
template <class Visit>
void for_each_new_tile(uint64_t older, uint64_t size, std::optional<unsigned> level, Visit visit) {
  const unsigned shift = level.value_or(0) * kTileHeight;
  if (shift >= 64) return;
  const uint64_t end = size >> shift;
  uint64_t index = (older >> shift) / kTileWidth;
  for (; index * kTileWidth < end; ++index) {
    const Tile tile{.level = level, .index = index, .width = tile_width(size, level, index)};
    if (tile.width == tile_width(older, level, index)) continue;
    if (!visit(tile)) return;
  }
}

// Appends to an entry bundle. Requires: each entry is at most 65,535 bytes.
void put_entry(Bytes& bundle, BytesView entry);
// Decodes exactly `count` entries, with nothing after them, as views into `bundle`.
// Errors: CORRUPT.
Result<std::vector<BytesView>> decode_entries(BytesView bundle, size_t count);
// Decodes exactly `count` hashes. Errors: CORRUPT.
Result<std::vector<Hash>> decode_tile(BytesView tile, size_t count);

}  // namespace suyuan
