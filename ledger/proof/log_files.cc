#include "ledger/proof/log_files.h"

#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/batch/note.h"
#include "ledger/proof/leaf_events.h"

namespace suyuan {
namespace {

// Of one leaf's rows in one table, with what encoding adds.
constexpr size_t kRowsBytesMax = 2 * limits::kLeafEventsBytesMax;

Result<Bytes> read_bundle(const Reader& reader, uint64_t first, unsigned width) {
  Bytes bundle;
  uint64_t next = first;
  SUYUAN_TRY_DONE(reader.scan(Table::leaf, u64_key(first), u64_key(first + width),
                              Direction::ascending, [&](BytesView key, BytesView data) {
                                if (key != u64_key(next) || data.size() > limits::kLeafBytesMax)
                                  return false;
                                put_entry(bundle, data);
                                ++next;
                                return true;
                              }));
  if (next != first + width)
    return fail(Code::CORRUPT, "the log lacks its leaf " + std::to_string(next));
  return bundle;
}

// The number of events of a leaf.
Result<uint32_t> event_count(const Reader& reader, uint64_t leaf) {
  SUYUAN_TRY(parsed, read_leaf(reader, leaf));
  if (parsed.kind != LeafKind::batch) return uint32_t{0};
  SUYUAN_TRY(note, parse_batch_note(parsed.text));
  return note.batch.events;
}

// The rows of one leaf in a table by place; its note says how many.
Result<std::vector<Bytes>> rows_of(const Reader& reader, Table table, uint64_t leaf,
                                   uint32_t count) {
  std::vector<Bytes> rows;
  rows.reserve(count);
  size_t bytes = 0;
  SUYUAN_TRY_DONE(reader.scan(
      table, place_key({.leaf = leaf, .event = 0}), place_key({.leaf = leaf + 1, .event = 0}),
      Direction::ascending, [&](BytesView key, BytesView value) {
        const Place next{.leaf = leaf, .event = static_cast<uint32_t>(rows.size())};
        if (rows.size() == count || key != place_key(next)) return false;
        bytes += value.size();
        if (bytes > kRowsBytesMax) return false;  // of a store that another made
        rows.emplace_back(value);
        return true;
      }));
  if (rows.size() != count) {
    return fail(Code::CORRUPT, "leaf " + std::to_string(leaf) + " has " +
                                   std::to_string(rows.size()) + " of " + std::to_string(count) +
                                   " rows in the table " + std::string(word(table)));
  }
  return rows;
}

}  // namespace

Result<Bytes> read_tile(const Reader& reader, uint64_t size, const Tile& tile) {
  const unsigned held = tile_width(size, tile.level, tile.index);
  if (tile.width > held) {
    return fail(Code::NOT_FOUND,
                "the published log has " + std::to_string(size) + " leaves, and of this tile " +
                    std::to_string(held) + " of " + std::to_string(tile.width),
                "tile");
  }
  const uint64_t first = tile.index * kTileWidth;
  if (!tile.level) return read_bundle(reader, first, tile.width);
  const TreeRows rows(reader);
  SUYUAN_TRY(hashes, rows.range(*tile.level * kTileHeight, first, tile.width));
  Bytes bytes;
  bytes.reserve(hashes.size() * Hash::kSize);
  for (const Hash& hash : hashes) bytes += hash.view();
  return bytes;
}

Result<Bytes> read_leaf_events(const Reader& reader, uint64_t size, uint64_t leaf,
                               LogReadBy by) {
  if (leaf >= size) {
    return fail(Code::NOT_FOUND,
                "the published log has " + std::to_string(size) + " leaves, not yet leaf " +
                    std::to_string(leaf),
                "leaf");
  }
  SUYUAN_TRY(count, event_count(reader, leaf));
  SUYUAN_TRY(records, rows_of(reader, Table::record, leaf, count));
  SUYUAN_TRY(payloads, rows_of(reader, Table::payload, leaf, count));
  Bytes file;
  for (size_t i = 0; i < count; ++i) {
    SUYUAN_TRY(stored, decode<StoredPayload>(payloads[i]));
    if (records[i].size() > limits::kRecordBytesMax ||
        stored.bytes.size() > limits::kPayloadBytesMax)
      return fail(Code::CORRUPT, "a row of leaf " + std::to_string(leaf) + " is too long");
    if (stored.audience != EventAudience::everyone && by == LogReadBy::anyone) {
      put_leaf_event(file, {.record = records[i], .state = PayloadState::withheld});
      continue;
    }
    put_leaf_event(file, {.record = records[i], .salt = stored.salt, .payload = stored.bytes});
  }
  return file;
}

Result<Bytes> StoreLog::read(const std::string& path) {
  if (path == "checkpoint") return checkpoint_;
  if (const auto tile = parse_tile_path(path)) return read_tile(reader_, size_, *tile);
  if (const auto leaf = parse_events_path(path)) {
    return read_leaf_events(reader_, size_, *leaf, by_);
  }
  return fail(Code::NOT_FOUND, "'" + path + "' is not a file of the log", "path");
}

}  // namespace suyuan
