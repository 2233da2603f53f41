#include "ledger/proof/audit_tree.h"

#include "ledger/base/coding.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

// Whether node (level, index) is in the tree: the tree over subtrees of 2^level leaves is a normal
// tree.
bool leads_to(const TreeHead& head, unsigned level, uint64_t index, const Hash& node,
              std::span<const Hash> path) {
  const TreeHead above{.size = ((head.size - 1) >> level) + 1, .root = head.root};
  return includes(above, index, node, path);
}

std::string leaves_below(uint64_t index, unsigned level) {
  if (level == 0) return "leaf " + std::to_string(index);
  return "leaves " + std::to_string(index << level) + " to " +
         std::to_string(((index + 1) << level) - 1);
}

}  // namespace

std::vector<Tile> tiles_above(uint64_t end, uint64_t size) {
  std::vector<Tile> tiles;
  for (unsigned level = 1; level < kAuditTileLevels; ++level) {
    const uint64_t hashes = end >> (level * kTileHeight);
    const bool whole = hashes << (level * kTileHeight) == end && hashes % kTileWidth == 0;
    const bool last = end == size && hashes % kTileWidth != 0;
    if (hashes == 0) break;
    if (!whole && !last) continue;
    const uint64_t index = (hashes - 1) / kTileWidth;
    const auto width = static_cast<unsigned>(hashes - index * kTileWidth);
    tiles.push_back({.level = level, .index = index, .width = width});
  }
  return tiles;
}

void AuditTree::append(const Hash& leaf) {
  frontier_.append(leaf, [this](unsigned level, uint64_t, const Hash& hash) {
    if (level != 0) made_.at(level / kTileHeight).push_back(hash);
  });
}

Result<std::optional<TreeDoubt>> AuditTree::compare(const Tile& tile, BytesView bytes) {
  SUYUAN_CHECK(tile.level && *tile.level > 0 && *tile.level < kAuditTileLevels);
  SUYUAN_TRY(stored, decode_tile(bytes, tile.width));
  auto& made = made_[*tile.level];
  uint64_t& first = first_[*tile.level];
  const uint64_t begin = tile.index * kTileWidth;
  SUYUAN_CHECK(first >= begin && first + made.size() == begin + tile.width);
  for (size_t i = 0; i < made.size(); ++i) {
    const Hash& beside = stored[first - begin + i];
    if (beside == made[i]) continue;
    return std::optional(TreeDoubt{
        .level = *tile.level, .index = first + i, .stored = beside, .computed = made[i]});
  }
  first += made.size();
  made.clear();
  return std::optional<TreeDoubt>{};
}

Bytes AuditTree::encode() const {
  Bytes out;
  put_string(out, frontier_.encode());
  for (unsigned level = 0; level < kAuditTileLevels; ++level) {
    put_u64(out, first_[level]);
    put_u32(out, static_cast<uint32_t>(made_[level].size()));
    for (const Hash& hash : made_[level]) out += hash.view();
  }
  return out;
}

Result<AuditTree> AuditTree::decode(BytesView bytes) {
  const auto corrupt = [] { return fail(Code::CORRUPT, "the saved tree's edge is damaged"); };
  AuditTree tree;
  Decoder decoder(bytes);
  BytesView edge;
  if (!decoder.get_view(edge)) return corrupt();
  SUYUAN_TRY(frontier, Frontier::decode(edge));
  tree.frontier_ = std::move(frontier);
  for (unsigned level = 0; level < kAuditTileLevels; ++level) {
    uint32_t count = 0;
    uint64_t& first = tree.first_[level];
    if (!decoder.get_u64(first) || !decoder.get_u32(count) || count > kTileWidth) return corrupt();
    tree.made_[level].resize(count);
    for (Hash& hash : tree.made_[level])
      if (!decoder.get_fixed(hash)) return corrupt();
    const uint64_t made = tree.frontier_.size() >> (level * kTileHeight);
    if (level > 0 && first + count != made) return corrupt();
  }
  if (!decoder.done()) return corrupt();
  return tree;
}

AuditFault judge_doubt(const TreeDoubt& doubt, const TreeHead& head, const StoredHashes& stored) {
  const unsigned level = doubt.level * kTileHeight;
  const uint64_t leaf = doubt.index << level;
  const std::string tile = "tile/" + std::to_string(doubt.level) + "/" +
                           write_tile_number(doubt.index / kTileWidth);
  const auto proof = inclusion_proof(TiledNodes(stored), leaf, head.size);
  bool tile_holds = false;
  bool leaves_hold = false;
  if (proof && proof->size() >= level) {
    const auto path = std::span(*proof).subspan(level);
    tile_holds = leads_to(head, level, doubt.index, doubt.stored, path);
    leaves_hold = leads_to(head, level, doubt.index, doubt.computed, path);
  }
  const std::string below = leaves_below(doubt.index, level);
  const std::string hashes = "hash " + std::to_string(doubt.index % kTileWidth) + " of " + tile;
  if (leaves_hold && !tile_holds) {
    return {.check = AuditCheck::TILE_WRONG,
            .message = hashes + " is not that of " + below + ", which the signed root holds",
            .leaf = leaf,
            .field = hashes,
            .file = tile};
  }
  const std::string reason =
      tile_holds ? "; the signed root holds what the tile has"
                 : "; neither of them leads to the signed root by the hashes next to it";
  return {.check = AuditCheck::LEAF_CHANGED,
          .message = below + " hashes to " + to_base64(doubt.computed.view()) + ", " + hashes +
                     " is " + to_base64(doubt.stored.view()) + reason,
          .leaf = leaf,
          .field = level == 0 ? std::string("data") : below,
          .file = level == 0 ? "tile/entries/" + write_tile_number(leaf / kTileWidth) : tile};
}

}  // namespace suyuan
