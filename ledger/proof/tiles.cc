#include "ledger/proof/tiles.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kEventsPrefix = "events/";
constexpr std::string_view kPartial = ".p/";
constexpr size_t kGroup = 3;                // digits
constexpr uint64_t kGroupBase = 1000;
constexpr size_t kNumberBytesMax = 6 * 5 + 3;  // x009/x223/x372/x036/x854/x775/807

}  // namespace

std::string write_tile_number(uint64_t number) {
  std::string text;
  for (bool last = true; last || number > 0; last = false) {
    std::string digits = std::to_string(number % kGroupBase);
    digits.insert(0, kGroup - digits.size(), '0');
    text.insert(0, last ? digits : "x" + digits + "/");
    number /= kGroupBase;
  }
  return text;
}

std::optional<uint64_t> parse_tile_number(std::string_view text) {
  if (text.size() < kGroup || text.size() > kNumberBytesMax) return std::nullopt;
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  const auto number =
      digits.empty() ? std::nullopt : from_decimal(std::string_view(digits).substr(first));
  // Writing it again must give the same text: this refuses every other form.
  if (!number || *number > kTreeSizeMax || write_tile_number(*number) != text) return std::nullopt;
  return number;
}

std::string write_tile_path(const Tile& tile) {
  SUYUAN_CHECK(tile.width >= 1 && tile.width <= kTileWidth);
  SUYUAN_CHECK(!tile.level || *tile.level <= kTileLevelMax);
  std::string path(kTilePrefix);
  path += tile.level ? std::to_string(*tile.level) : std::string(kEntries);
  path += "/" + write_tile_number(tile.index);
  if (tile.width < kTileWidth) path += std::string(kPartial) + std::to_string(tile.width);
  return path;
}

std::optional<Tile> parse_tile_path(std::string_view path) {
  if (!path.starts_with(kTilePrefix)) return std::nullopt;
  path.remove_prefix(kTilePrefix.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Tile tile;
  if (path.substr(0, slash) != kEntries) {
    const auto level = from_decimal(path.substr(0, slash));
    if (!level || *level > kTileLevelMax) return std::nullopt;
    tile.level = static_cast<unsigned>(*level);
  }
  path.remove_prefix(slash + 1);
  if (const size_t dot = path.find(kPartial); dot != std::string_view::npos) {
    const auto width = from_decimal(path.substr(dot + kPartial.size()));
    if (!width || *width < 1 || *width >= kTileWidth) return std::nullopt;
    tile.width = static_cast<unsigned>(*width);
    path = path.substr(0, dot);
  }
  const auto index = parse_tile_number(path);
  if (!index || *index > kTreeSizeMax / kTileWidth) return std::nullopt;
  tile.index = *index;
  return tile;
}

std::string write_events_path(uint64_t leaf) {
  return std::string(kEventsPrefix) + write_tile_number(leaf);
}

std::optional<uint64_t> parse_events_path(std::string_view path) {
  if (!path.starts_with(kEventsPrefix)) return std::nullopt;
  return parse_tile_number(path.substr(kEventsPrefix.size()));
}

unsigned tile_width(uint64_t size, std::optional<unsigned> level, uint64_t index) {
  const unsigned shift = level.value_or(0) * kTileHeight;
  if (shift >= 64) return 0;
  const uint64_t hashes = size >> shift;
  if (index > hashes / kTileWidth) return 0;
  return static_cast<unsigned>(std::min<uint64_t>(hashes - index * kTileWidth, kTileWidth));
}

void put_entry(Bytes& bundle, BytesView entry) {
  SUYUAN_CHECK(entry.size() <= UINT16_MAX);
  put_u16(bundle, static_cast<uint16_t>(entry.size()));
  bundle += entry;
}

Result<std::vector<BytesView>> decode_entries(BytesView bundle, size_t count) {
  std::vector<BytesView> entries;
  while (bundle.size() >= 2 && entries.size() < count) {
    Decoder decoder(bundle.substr(0, 2));
    uint16_t length = 0;
    SUYUAN_CHECK(decoder.get_u16(length));
    bundle.remove_prefix(2);
    if (length > bundle.size()) break;
    entries.push_back(bundle.substr(0, length));
    bundle.remove_prefix(length);
  }
  if (entries.size() != count || !bundle.empty()) {
    return fail(Code::CORRUPT, "an entry bundle of " + std::to_string(count) +
                                   " entries does not hold them, or more");
  }
  return entries;
}

Result<std::vector<Hash>> decode_tile(BytesView tile, size_t count) {
  if (count > kTileWidth || tile.size() != count * Hash::kSize) {
    return fail(Code::CORRUPT, "a tile of " + std::to_string(count) + " hashes has " +
                                   std::to_string(tile.size()) + " bytes");
  }
  std::vector<Hash> hashes;
  hashes.reserve(count);
  for (size_t i = 0; i < count; ++i)
    hashes.push_back(Hash::from(tile.substr(i * Hash::kSize, Hash::kSize)));
  return hashes;
}

}  // namespace suyuan
