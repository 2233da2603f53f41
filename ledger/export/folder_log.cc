#include "ledger/export/folder_log.h"

#include "ledger/os/files.h"
#include "ledger/proof/tiles.h"

namespace suyuan {

Result<Bytes> FolderLog::read_path(const std::string& path) const {
  // A path from outside must not leave the folder.
  if (path != "checkpoint" && path != "genesis.leaf" && !parse_tile_path(path) &&
      !parse_events_path(path))
    return fail(Code::NOT_FOUND, "'" + path + "' is not a file of the log", "path");
  return read_file(folder_ + "/" + path, kLogFileBytesMax);
}

Result<std::vector<Hash>> FolderLog::range(unsigned level, uint64_t first, size_t count) const {
  SUYUAN_CHECK(is_stored_level(level) && count >= 1);
  const unsigned tile_level = level / kTileHeight;
  Tile tile{.level = tile_level, .index = first / kTileWidth};
  tile.width = tile_width(size_, tile_level, tile.index);
  const size_t begin = first % kTileWidth;
  if (begin + count > tile.width)
    return fail(Code::NOT_FOUND, "the folder's tiles cover fewer leaves than that");
  SUYUAN_TRY(bytes, read_path(write_tile_path(tile)));
  SUYUAN_TRY(hashes, decode_tile(bytes, tile.width));
  const auto from = hashes.begin() + static_cast<ptrdiff_t>(begin);
  return std::vector<Hash>(from, from + static_cast<ptrdiff_t>(count));
}

}  // namespace suyuan
