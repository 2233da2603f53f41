#include "client/audit/log_reader.h"

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr size_t kKeptTiles = 8;

// Returns the first `count` entries of a bundle that may have more.
Result<Bytes> first_entries(BytesView bundle, size_t count) {
  Decoder decoder(bundle);
  for (size_t i = 0; i < count; ++i) {
    uint16_t length = 0;
    if (!decoder.get_u16(length) || decoder.rest().size() < length)
      return fail(Code::CORRUPT, "the bundle ends inside entry " + std::to_string(i));
    decoder = Decoder(decoder.rest().substr(length));
  }
  return Bytes(bundle.substr(0, bundle.size() - decoder.rest().size()));
}

}  // namespace

bool is_finding(const Error& error) {
  return error.code == Code::CORRUPT || info(error.code).refusal;
}

Result<Bytes> AuditReader::file(const std::string& path) const {
  std::unique_ptr<LogSource> source;
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      source = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (source == nullptr) {
    SUYUAN_TRY(opened, open_());
    source = std::move(opened);
  }
  auto bytes = source->read(path);
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(source));
  if (bytes) bytes_ += bytes->size();
  return bytes;
}

Result<Bytes> AuditReader::tile(const Tile& tile) const {
  auto bytes = file(write_tile_path(tile));
  if (bytes || tile.width == kTileWidth || bytes.error().code != Code::NOT_FOUND) return bytes;
  Tile whole = tile;
  whole.width = kTileWidth;
  auto grown = file(write_tile_path(whole));
  if (!grown) return bytes;  // the requested part itself is missing
  if (!tile.level) return first_entries(*grown, tile.width);
  if (grown->size() != kTileWidth * Hash::kSize)
    return fail(Code::CORRUPT, write_tile_path(whole) + " is not a full tile");
  grown->resize(tile.width * Hash::kSize);
  return grown;
}

Result<std::shared_ptr<const Bytes>> AuditReader::kept_tile(const Tile& tile) const {
  const std::string path = write_tile_path(tile);
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [known, bytes] : kept_)
      if (known == path) return bytes;
  }
  SUYUAN_TRY(bytes, this->tile(tile));
  auto kept = std::make_shared<const Bytes>(std::move(bytes));
  const std::scoped_lock lock(mutex_);
  kept_.emplace_back(path, kept);
  if (kept_.size() > kKeptTiles) kept_.pop_front();
  return kept;
}

Result<std::vector<Hash>> AuditReader::range(unsigned level, uint64_t first, size_t count) const {
  const unsigned tile_level = level / kTileHeight;
  const uint64_t index = first / kTileWidth;
  const Tile tile{
      .level = tile_level, .index = index, .width = tile_width(size_, tile_level, index)};
  const size_t begin = first % kTileWidth;
  if (begin + count > tile.width) return fail(Code::NOT_FOUND, "the tree has fewer leaves");
  SUYUAN_TRY(bytes, this->tile(tile));
  SUYUAN_TRY(hashes, decode_tile(bytes, tile.width));
  const auto from = hashes.begin() + static_cast<ptrdiff_t>(begin);
  return std::vector<Hash>(from, from + static_cast<ptrdiff_t>(count));
}

uint64_t AuditReader::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

}  // namespace suyuan
