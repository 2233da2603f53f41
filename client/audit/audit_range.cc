#include "client/audit/audit_range.h"

#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

void stop(AuditedRange& range, const std::string& path, const Error& error, uint64_t leaf) {
  if (is_finding(error)) {
    range.fault = missing_file(path, error, leaf);
  } else {
    range.error = error;
  }
}

Tile tile_of(uint64_t size, std::optional<unsigned> level, uint64_t leaf) {
  const uint64_t index = leaf / kTileWidth;
  return {.level = level, .index = index, .width = tile_width(size, level, index)};
}

// Reads the event that a notice is about. Returns false with the reason in `range`.
bool read_target(const AuditReader& reader, uint64_t size, uint64_t leaf, AuditedLeaf& notice,
                 const PayloadDecoder& decode, AuditedRange& range) {
  const EraseNotice* about = erasure_of(*notice.notice);
  if (about == nullptr) return true;  // a rules notice is about no event
  const EraseNotice& erase = *about;
  if (erase.leaf >= leaf) {
    range.fault = AuditFault{.check = AuditCheck::NOTICE_INVALID,
                             .message = "it names a leaf that is not before it",
                             .leaf = leaf,
                             .field = "leaf",
                             .file = "tile/entries/" + write_tile_number(leaf / kTileWidth)};
    return false;
  }
  const Tile bundle = tile_of(size, std::nullopt, erase.leaf);
  const auto bytes = reader.kept_tile(bundle);
  const auto entries = bytes ? decode_entries(**bytes, bundle.width)
                             : Result<std::vector<BytesView>>(Unexpected(bytes.error()));
  if (!entries) return stop(range, write_tile_path(bundle), entries.error(), leaf), false;
  const auto path = write_events_path(erase.leaf);
  const auto events = reader.file(path);
  if (!events) return stop(range, path, events.error(), leaf), false;
  auto target = audit_target(leaf, *notice.notice, (*entries)[erase.leaf % kTileWidth], *events,
                             decode);
  if (!target) return range.fault = std::move(target).error(), false;
  notice.target = *std::move(target);
  return true;
}

}  // namespace

AuditFault missing_file(const std::string& path, const Error& error,
                        std::optional<uint64_t> leaf) {
  return {.check = AuditCheck::FILE_MISSING,
          .message = to_text(error),
          .leaf = leaf,
          .file = path};
}

AuditedRange audit_range(const AuditReader& reader, uint64_t size, const LeafRange& range,
                         const PayloadDecoder& decode, KeepEvents keep) {
  AuditedRange audited;
  const Tile bundle = tile_of(size, std::nullopt, range.first);
  const auto stopped = [&](const std::string& path, const Error& error, uint64_t leaf) {
    stop(audited, path, error, leaf);
    return std::move(audited);
  };
  const auto bytes = reader.kept_tile(bundle);
  if (!bytes) return stopped(write_tile_path(bundle), bytes.error(), range.first);
  const auto entries = decode_entries(**bytes, bundle.width);
  if (!entries) return stopped(write_tile_path(bundle), entries.error(), range.first);
  const Tile tile = tile_of(size, 0, range.first);
  const auto tile_bytes = reader.kept_tile(tile);
  if (!tile_bytes) return stopped(write_tile_path(tile), tile_bytes.error(), range.first);
  const auto hashes = decode_tile(**tile_bytes, tile.width);
  if (!hashes) return stopped(write_tile_path(tile), hashes.error(), range.first);

  audited.leaves.reserve(range.end - range.first);
  for (uint64_t leaf = range.first; leaf < range.end; ++leaf) {
    const BytesView data = (*entries)[leaf % kTileWidth];
    const Hash& stored = (*hashes)[leaf % kTileWidth];
    const Hash hash = leaf_hash(data);
    if (hash != stored) {
      audited.doubt = {.level = 0, .index = leaf, .stored = stored, .computed = hash};
      return audited;
    }
    const auto events = reader.file(write_events_path(leaf));
    if (!events) return stopped(write_events_path(leaf), events.error(), leaf);
    auto one = audit_leaf(leaf, data, hash, *events, decode, keep);
    if (!one) {
      audited.fault = std::move(one).error();
      return audited;
    }
    if (one->notice && !read_target(reader, size, leaf, *one, decode, audited)) return audited;
    audited.leaves.push_back(*std::move(one));
  }
  for (const Tile& above : tiles_above(range.end, size)) {
    auto stored = reader.tile(above);
    if (!stored) return stopped(write_tile_path(above), stored.error(), range.end - 1);
    audited.above.emplace_back(above, *std::move(stored));
  }
  return audited;
}

}  // namespace suyuan
