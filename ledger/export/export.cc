#include "ledger/export/export.h"

#include <array>

#include "ledger/base/text.h"
#include "ledger/export/folder_log.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/os/folders.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/leaf_check.h"
#include "ledger/proof/tiles.h"

namespace suyuan {
namespace {

constexpr unsigned kLevels = 64 / kTileHeight;  // of tiles, in a tree of 64 bits

Unexpected<Error> damaged_folder(const std::string& folder, const std::string& what) {
  return fail(Code::CORRUPT, folder + " is damaged: " + what + "; remove it and export again");
}

// The checkpoint, verified with the log key that leaf 0 names.
Result<TreeHead> open_checkpoint(std::string_view note, const Genesis& genesis) {
  const std::array keys{NoteKey{
      .name = genesis.origin, .type = NoteKeyType::ed25519, .key = genesis.log_key}};
  SUYUAN_TRY(opened, open_note(note, keys));
  SUYUAN_TRY(checkpoint, parse_checkpoint(opened.text));
  if (checkpoint.origin != genesis.origin) {
    return fail(Code::INVALID_FIELD,
                "the checkpoint is of " + quote(checkpoint.origin) + ", not of " + genesis.origin);
  }
  if (checkpoint.head.size == 0) return fail(Code::INVALID_FIELD, "the checkpoint is of no leaves");
  return checkpoint.head;
}

Tile tile_at(uint64_t size, std::optional<unsigned> level, uint64_t index) {
  return {.level = level, .index = index, .width = tile_width(size, level, index)};
}

class Exporter {
 public:
  Exporter(LogSource& source, const ExportOptions& options)
      : source_(source), options_(options), folder_(options.folder) {}

  Result<Exported> run();

 private:
  Result<Done> open_folder();
  Result<Done> open_source();
  Result<Done> resume();
  Result<Done> take_bundle(const Tile& bundle);
  Result<Done> take_leaf(uint64_t leaf, BytesView data);
  Result<Done> take_events(uint64_t leaf, BytesView data);
  Result<Done> end_tiles();
  Result<Done> publish();
  Result<Done> remove_grown_partials();
  Result<Done> place(const std::string& path, BytesView bytes) {
    ++done_.files;
    return place_file(folder_ + "/" + path, bytes);
  }

  LogSource& source_;
  const ExportOptions& options_;
  const std::string& folder_;
  Bytes genesis_leaf_;  // the expected one; empty until it is known
  std::string note_;
  TreeHead older_;
  TreeHead head_;
  Frontier frontier_;
  // The right edge as tiles: for each level, the hashes that are not yet in a full tile.
  std::array<std::vector<Hash>, kLevels> edge_;
  Exported done_;
};

// Reads what the folder has, if anything.
Result<Done> Exporter::open_folder() {
  if (options_.genesis_leaf) genesis_leaf_ = *options_.genesis_leaf;
  if (!file_exists(folder_ + "/checkpoint")) return Done{};
  SUYUAN_TRY(leaf, read_file(folder_ + "/genesis.leaf", limits::kLeafBytesMax));
  SUYUAN_TRY(parsed, parse_leaf(leaf));
  SUYUAN_TRY(genesis, parse_genesis(parsed.text));
  SUYUAN_TRY(note, read_file(folder_ + "/checkpoint", kLogFileBytesMax));
  if (!genesis_leaf_.empty() && leaf != genesis_leaf_) {
    return fail(Code::LEDGER_MISMATCH, folder_ + " holds another ledger; choose another folder");
  }
  auto head = open_checkpoint(note, genesis);
  if (!head) return damaged_folder(folder_, head.error().message);
  genesis_leaf_ = std::move(leaf);
  older_ = *head;
  return Done{};
}

Result<Done> Exporter::open_source() {
  SUYUAN_TRY(note, source_.read("checkpoint"));
  // Its size is needed to ask for leaf 0, and leaf 0 is needed to check it.
  SUYUAN_TRY(split, split_note(note));
  SUYUAN_TRY(claimed, parse_checkpoint(split.text));
  const Tile first = tile_at(claimed.head.size, std::nullopt, 0);
  if (first.width == 0) return fail(Code::INVALID_FIELD, "the checkpoint is of no leaves");
  SUYUAN_TRY(bundle, source_.read(write_tile_path(first)));
  SUYUAN_TRY(entries, decode_entries(bundle, first.width));
  if (!genesis_leaf_.empty() && entries[0] != genesis_leaf_) {
    return fail(Code::LEDGER_MISMATCH,
                "the source has another ledger than " + folder_ + ", or than the pinned one");
  }
  genesis_leaf_ = Bytes(entries[0]);
  SUYUAN_TRY(leaf, parse_leaf(genesis_leaf_));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  SUYUAN_TRY(head, open_checkpoint(note, genesis));
  done_.ledger = ledger_id(genesis, genesis_leaf_);
  done_.older = older_.size;
  done_.size = head.size;
  head_ = head;
  note_ = std::move(note);
  if (head_.size < older_.size) {
    return fail(Code::INVALID_FIELD, folder_ + " has " + std::to_string(older_.size) +
                                         " leaves and the source only " +
                                         std::to_string(head_.size));
  }
  return Done{};
}

// Reads the folder's edge of the log from its tiles; they must match its checkpoint.
Result<Done> Exporter::resume() {
  if (older_.size == 0) return Done{};
  FolderLog log(folder_, older_.size);
  auto frontier = Frontier::read(TiledNodes(log), older_.size);
  if (!frontier) return damaged_folder(folder_, frontier.error().message);
  if (frontier->root() != older_.root)
    return damaged_folder(folder_, "its tiles are not those of its checkpoint");
  for (unsigned level = 0; level < kLevels; ++level) {
    const uint64_t hashes = older_.size >> (level * kTileHeight);
    const size_t open = hashes % kTileWidth;
    if (open == 0) continue;
    auto edge = log.range(level * kTileHeight, hashes - open, open);
    if (!edge) return damaged_folder(folder_, edge.error().message);
    edge_[level] = *std::move(edge);
  }
  frontier_ = *std::move(frontier);
  return Done{};
}

Result<Done> Exporter::take_bundle(const Tile& bundle) {
  const std::string path = write_tile_path(bundle);
  SUYUAN_TRY(bytes, source_.read(path));
  SUYUAN_TRY(entries, decode_entries(bytes, bundle.width));
  const uint64_t first = bundle.index * kTileWidth;
  const std::vector<Hash> known = edge_[0];  // of leaves that the folder already has
  for (size_t i = 0; i < entries.size(); ++i) {
    const uint64_t leaf = first + i;
    if (leaf >= older_.size) {
      SUYUAN_TRY_DONE(take_leaf(leaf, entries[i]));
    } else if (i >= known.size() || leaf_hash(entries[i]) != known[i]) {
      return fail(Code::CORRUPT, "leaf " + std::to_string(leaf) +
                                     " of the source is another than the folder's: the log was "
                                     "changed, or is another one");
    }
  }
  return place(path, bytes);
}

Result<Done> Exporter::take_leaf(uint64_t leaf, BytesView data) {
  SUYUAN_TRY_DONE(take_events(leaf, data));
  Result<Done> placed = Done{};
  frontier_.append(leaf_hash(data), [&](unsigned level, uint64_t index, const Hash& hash) {
    const unsigned tile_level = level / kTileHeight;
    auto& edge = edge_[tile_level];
    edge.push_back(hash);
    if (edge.size() < kTileWidth || !placed) return;
    Bytes bytes;
    for (const Hash& one : edge) bytes += one.view();
    placed = place(write_tile_path({.level = tile_level, .index = index / kTileWidth}), bytes);
    edge.clear();
  });
  return placed;
}

Result<Done> Exporter::take_events(uint64_t leaf, BytesView data) {
  const std::string path = write_events_path(leaf);
  // From an interrupted run, perhaps cut off by a crash: only what verifies is kept.
  const auto lying = read_file(folder_ + "/" + path, limits::kLeafEventsBytesMax);
  if (lying && open_leaf_events(data, *lying)) return Done{};
  SUYUAN_TRY(file, source_.read(path));
  auto events = open_leaf_events(data, file);
  if (!events) {
    Error error = std::move(events).error();
    error.message = "leaf " + std::to_string(leaf) + ": " + error.message;
    return Unexpected(std::move(error));
  }
  done_.events += events->size();
  return place(path, file);
}

// The partial tiles of the right edge.
Result<Done> Exporter::end_tiles() {
  for (unsigned level = 0; level < kLevels; ++level) {
    if (edge_[level].empty()) continue;
    const uint64_t index = (head_.size >> (level * kTileHeight)) / kTileWidth;
    Bytes bytes;
    for (const Hash& hash : edge_[level]) bytes += hash.view();
    SUYUAN_TRY_DONE(place(write_tile_path(tile_at(head_.size, level, index)), bytes));
  }
  return Done{};
}

Result<Done> Exporter::publish() {
  SUYUAN_TRY_DONE(place("genesis.leaf", genesis_leaf_));
  SUYUAN_TRY_DONE(sync_file_system(folder_));
  // Until here the folder is the older log, with files that nothing refers to.
  ++done_.files;
  return write_file(folder_ + "/checkpoint", note_, FileMode::shared);
}

// A partial tile is removed once its full one exists: readers of an older checkpoint find that.
Result<Done> Exporter::remove_grown_partials() {
  Result<Done> removed = Done{};
  const auto remove = [&](const Tile& tile) {
    if (tile.width == kTileWidth)
      removed = remove_folder(folder_ + "/" + write_tile_path(tile) + ".p");
    return removed.has_value();
  };
  for_each_new_tile(older_.size, head_.size, std::nullopt, remove);
  for (unsigned level = 0; level < kLevels && removed; ++level)
    for_each_new_tile(older_.size, head_.size, level, remove);
  return removed;
}

Result<Exported> Exporter::run() {
  SUYUAN_TRY_DONE(open_folder());
  SUYUAN_TRY_DONE(open_source());
  SUYUAN_TRY_DONE(resume());
  Result<Done> taken = Done{};
  for_each_new_tile(older_.size, head_.size, std::nullopt, [&](const Tile& bundle) {
    taken = take_bundle(bundle);
    if (taken && options_.progress)
      options_.progress(bundle.index * kTileWidth + bundle.width, head_.size);
    return taken.has_value();
  });
  SUYUAN_TRY_DONE(std::move(taken));
  if (frontier_.root() != head_.root) {
    return fail(Code::CORRUPT,
                older_.size == 0
                    ? "the source's leaves are not those of its checkpoint"
                    : "the source's checkpoint does not extend the folder's: keep both, they prove "
                      "that the log was changed");
  }
  SUYUAN_TRY_DONE(end_tiles());
  SUYUAN_TRY_DONE(publish());
  SUYUAN_TRY_DONE(remove_grown_partials());
  return done_;
}

}  // namespace

Result<Exported> export_log(LogSource& source, const ExportOptions& options) {
  return Exporter(source, options).run();
}

}  // namespace suyuan
