// Building, folding and joining. chain_map_prove.cc does the proving.
#include "ledger/merkle/chain_map.h"

#include <algorithm>

#include "ledger/merkle/row_stream.h"

namespace suyuan {
namespace {

constexpr size_t kRowsAhead = 4096;  // read at once while a map is built: 300 KiB

PagePointer close_to(const PagePointer& page, size_t bytes);

// Builds the page over all rows of the range at which the stream is; null for no rows. At most 64
// pages deep, since more than 256 keys never share 252 bits. `pages`: those below it. Each is
// closed to `bytes_below` before the next is built.
Result<PagePointer> build_page(RowStream& stream, const KeyRange& range, Pages pages,
                               size_t bytes_below = SIZE_MAX) {
  SUYUAN_TRY_DONE(stream.fill(kBottomKeys + 1, kRowsAhead));
  const auto ahead = stream.rows().first(std::min<size_t>(stream.rows().size(), kBottomKeys + 1));
  const auto end = std::upper_bound(ahead.begin(), ahead.end(), range.last(),
                                    [](const Hash& key, const MapEntry& row) {
                                      return key < row.key;
                                    });
  const auto rows = ahead.first(static_cast<size_t>(end - ahead.begin()));
  if (rows.empty()) return PagePointer{};
  if (rows.size() <= kBottomKeys) {
    auto page = finish_page(bottom_page(range, rows));
    stream.drop(rows.size());
    return page;
  }
  std::array<PagePointer, kPageSlots> below;
  for (unsigned i = 0; i < kPageSlots; ++i) {
    SUYUAN_TRY(page, build_page(stream, range.below(i, kPageLevels), pages));
    if (page == nullptr) continue;
    below.at(i) = pages == Pages::closed ? close_page(*page) : close_to(page, bytes_below);
  }
  return join_pages(range.bits, below);
}

// A fold: pages on the way to a change are copied, all others are shared.
class Folding {
 public:
  explicit Folding(const MapRows& rows) : rows_(rows) {}

  // REQUIRES: `changed` is in the range.
  Result<PagePointer> page(const PagePointer& old, const KeyRange& range,
                           std::span<const MapEntry> changed) const {
    if (changed.empty()) return old;
    if (old == nullptr) return build(range, changed);
    if (old->closed) return open_page(rows_, range, *old, changed);
    return old->is_bottom() ? bottom(*old, range, changed) : inner(*old, range, changed);
  }

 private:
  // The changes of one slot, taken off the front of `changed`.
  static std::span<const MapEntry> take_slot(std::span<const MapEntry>& changed,
                                             const KeyRange& range, unsigned levels) {
    const unsigned slot = range.slot_of(changed.front().key, levels);
    const auto end = std::partition_point(changed.begin(), changed.end(), [&](const auto& row) {
      return range.slot_of(row.key, levels) == slot;
    });
    const auto taken = changed.first(static_cast<size_t>(end - changed.begin()));
    changed = changed.subspan(taken.size());
    return taken;
  }

  Result<PagePointer> build(const KeyRange& range, std::span<const MapEntry> changed) const {
    RowStream stream(rows_, range, changed);
    return build_page(stream, range, Pages::open);
  }

  Result<PagePointer> inner(MapPage page, const KeyRange& range,
                            std::span<const MapEntry> changed) const {
    uint32_t dirty = 0;
    while (!changed.empty()) {
      const unsigned slot = range.slot_of(changed.front().key, kPageLevels);
      const auto of_slot = take_slot(changed, range, kPageLevels);
      auto& below = page.below.at(slot);
      const uint64_t before = below == nullptr ? 0 : below->size;
      SUYUAN_TRY(folded, this->page(below, range.below(slot, kPageLevels), of_slot));
      page.size += folded->size - before;
      page.slot(slot) = folded->root();
      below = std::move(folded);
      dirty |= 1U << slot;
    }
    page.refresh(range.bits, dirty);
    return finish_page(std::move(page));
  }

  Result<PagePointer> bottom(MapPage page, const KeyRange& range,
                             std::span<const MapEntry> changed) const {
    const auto all_changed = changed;
    uint32_t dirty = 0;
    while (!changed.empty()) {
      const unsigned slot = range.slot_of(changed.front().key, page.levels);
      const auto of_slot = take_slot(changed, range, page.levels);
      RowStream stream(rows_, range.below(slot, page.levels), of_slot);
      SUYUAN_TRY_DONE(stream.fill(kBottomKeys + 1));
      const auto rows = stream.rows();
      uint16_t& held = page.held.at(slot);
      if (rows.size() < held) {
        return fail(Code::CORRUPT, "chain map: a bucket had " + std::to_string(held) +
                                       " rows and has " + std::to_string(rows.size()));
      }
      page.size += rows.size() - held;
      if (page.size > kBottomKeys) break;
      held = static_cast<uint16_t>(rows.size());
      page.slot(slot) = hash_rows(rows);
      dirty |= 1U << slot;
    }
    // The page has outgrown its levels: rebuilt from its rows, which are few or were just written.
    if (page.size > kBottomKeys || levels_for(page.size) != page.levels) {
      return build(range, all_changed);
    }
    page.refresh(range.bits, dirty);
    return finish_page(std::move(page));
  }

  const MapRows& rows_;
};

// Bytes of all pages of one depth: as they are, without those below, and closed.
struct LevelBytes {
  size_t open = 0;
  size_t closed = 0;
};

void measure(const MapPage& page, size_t depth, std::vector<LevelBytes>& levels) {
  if (levels.size() == depth) levels.emplace_back();
  size_t own = page.bytes;
  for (const auto& below : page.below) own -= below == nullptr ? 0 : below->bytes;
  levels[depth].open += own;
  levels[depth].closed += sizeof(MapPage) + sizeof(Hash);
  for (const auto& below : page.below) {
    if (below != nullptr) measure(*below, depth + 1, levels);
  }
}

// REQUIRES: not null; depth > 0 for any page except one that is to be closed.
PagePointer close_below(const PagePointer& page, size_t depth) {
  if (depth == 0) return page->closed ? page : close_page(*page);
  if (page->below.empty()) return page;
  MapPage copy = *page;
  for (auto& below : copy.below) {
    if (below != nullptr) below = close_below(below, depth - 1);
  }
  return finish_page(std::move(copy));
}

PagePointer close_to(const PagePointer& page, size_t bytes) {
  if (page->bytes <= bytes) return page;
  std::vector<LevelBytes> levels;
  measure(*page, 0, levels);
  // The deepest level that can be closed.
  size_t open = page->bytes;
  size_t depth = levels.size();
  while (depth > 1) {
    --depth;
    open -= levels[depth].open;
    if (open + levels[depth].closed <= bytes) break;
  }
  return close_below(page, depth);
}

void check_ascending(std::span<const MapEntry> changed) {
  for (size_t i = 1; i < changed.size(); ++i) SUYUAN_CHECK(changed[i - 1].key < changed[i].key);
}

}  // namespace

Result<PagePointer> open_page(const MapRows& rows, const KeyRange& range, const MapPage& closed,
                              std::span<const MapEntry> changed) {
  RowStream stream(rows, range, changed);
  SUYUAN_TRY(page, build_page(stream, range, Pages::closed));
  const uint64_t size = page == nullptr ? 0 : page->size;
  if (size < closed.size || (changed.empty() && page->root() != closed.root())) {
    return fail(Code::CORRUPT, "chain map: " + std::to_string(size) +
                                   " rows are not those that a closed page was made from");
  }
  return page;
}

Result<ChainMap> ChainMap::build(const MapRows& rows, Pages pages) {
  RowStream stream(rows, KeyRange{});
  ChainMap map;
  SUYUAN_TRY(page, build_page(stream, KeyRange{}, pages));
  map.top_ = std::move(page);
  return map;
}

Result<ChainMap> ChainMap::fold(const MapRows& rows, std::span<const MapEntry> changed) const {
  check_ascending(changed);
  ChainMap map;
  SUYUAN_TRY(page, Folding(rows).page(top_, KeyRange{}, changed));
  map.top_ = std::move(page);
  return map;
}

Hash ChainMap::root() const { return top_ == nullptr ? empty_map_root() : top_->root(); }

uint64_t ChainMap::size() const { return top_ == nullptr ? 0 : top_->size; }

size_t ChainMap::memory_bytes() const { return top_ == nullptr ? 0 : top_->bytes; }

ChainMap ChainMap::closed_to(size_t bytes) const {
  ChainMap map;
  if (top_ != nullptr) map.top_ = close_to(top_, bytes);
  return map;
}

Result<ChainMap::Part> ChainMap::build_part(const MapRows& rows, unsigned part, size_t bytes) {
  const KeyRange range = KeyRange{}.below(part, kPageLevels);
  RowStream stream(rows, range);
  Part built;
  SUYUAN_TRY(page, build_page(stream, range, Pages::open, bytes / kPageSlots));
  built.page_ = std::move(page);
  return built;
}

Result<ChainMap::Part> ChainMap::fold_part(const MapRows& rows, unsigned part,
                                           std::span<const MapEntry> changed) const {
  check_ascending(changed);
  for (const auto& row : changed) SUYUAN_CHECK(part_of(row.key) == part);
  // A map of one page has no parts to share.
  if (top_ == nullptr || top_->below.empty()) return build_part(rows, part);
  Part folded;
  const KeyRange range = KeyRange{}.below(part, kPageLevels);
  SUYUAN_TRY(page, Folding(rows).page(top_->below.at(part), range, changed));
  folded.page_ = std::move(page);
  return folded;
}

ChainMap ChainMap::join(const Parts& parts) {
  std::array<PagePointer, kPageSlots> pages;
  for (unsigned i = 0; i < kParts; ++i) pages.at(i) = parts.at(i).page_;
  ChainMap map;
  map.top_ = join_pages(0, pages);
  return map;
}

}  // namespace suyuan
