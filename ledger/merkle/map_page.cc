#include "ledger/merkle/map_page.h"

#include <algorithm>
#include <bit>

namespace suyuan {
namespace {

MapPage empty_page(unsigned levels) {
  MapPage page;
  page.levels = levels;
  page.nodes.assign((size_t{2} << levels) - 1, kNothing);
  return page;
}

}  // namespace

Hash KeyRange::last() const {
  Hash key = first;
  const size_t byte = bits / 8;
  if (byte < Hash::kSize) key.data[byte] |= static_cast<uint8_t>(0xff >> bits % 8);
  for (size_t i = byte + 1; i < Hash::kSize; ++i) key.data[i] = 0xff;
  return key;
}

KeyRange KeyRange::below(unsigned value, unsigned width) const {
  SUYUAN_CHECK(bits % 4 == 0 && width <= 4 && value < (1U << width));
  if (width == 0) return *this;
  KeyRange part{.first = first, .bits = bits + width};
  const unsigned shift = 8 - bits % 8 - width;
  part.first.data.at(bits / 8) |= static_cast<uint8_t>(value << shift);
  return part;
}

unsigned KeyRange::slot_of(const Hash& key, unsigned width) const {
  if (width == 0) return 0;
  const unsigned half = bits % 8 == 0 ? key.data.at(bits / 8) >> 4 : key.data.at(bits / 8) & 15U;
  return half >> (4 - width);
}

unsigned levels_for(uint64_t keys) {
  SUYUAN_CHECK(keys <= kBottomKeys);
  const uint64_t buckets = (keys + kBucketKeys - 1) / kBucketKeys;
  return buckets <= 1 ? 0 : static_cast<unsigned>(std::bit_width(buckets - 1));
}

Hash join_nodes(size_t bit, const Hash& left, const Hash& right) {
  if (left == kNothing) return right;
  if (right == kNothing) return left;
  return trie_node(bit, left, right);
}

void MapPage::refresh(unsigned depth, uint32_t dirty) {
  for (unsigned level = levels; level-- > 0;) {
    uint32_t above = 0;
    const size_t row = (size_t{1} << level) - 1;
    for (unsigned i = 0; i < (1U << level); ++i) {
      if ((dirty >> (2 * i) & 3) == 0) continue;
      const size_t children = 2 * (row + i) + 1;
      nodes[row + i] = join_nodes(depth + level, nodes[children], nodes[children + 1]);
      above |= 1U << i;
    }
    dirty = above;
  }
}

Fork fork_of(std::span<const MapEntry> rows) {
  const size_t bit = first_difference(rows.front().key.view(), rows.back().key.view());
  const auto right = std::partition_point(rows.begin(), rows.end(), [bit](const MapEntry& row) {
    return !trie_bit(row.key.view(), bit);
  });
  return {.bit = bit, .left = static_cast<size_t>(right - rows.begin())};
}

// At most as deep as a key has bits.
Hash hash_rows(std::span<const MapEntry> rows) {
  if (rows.empty()) return kNothing;
  if (rows.size() == 1) return map_leaf(rows.front());
  const Fork fork = fork_of(rows);
  return trie_node(fork.bit, hash_rows(rows.first(fork.left)), hash_rows(rows.subspan(fork.left)));
}

MapPage bottom_page(const KeyRange& range, std::span<const MapEntry> rows) {
  const unsigned levels = levels_for(rows.size());
  MapPage page = empty_page(levels);
  page.size = rows.size();
  for (size_t begin = 0; begin < rows.size();) {
    const unsigned slot = range.slot_of(rows[begin].key, levels);
    size_t end = begin + 1;
    while (end < rows.size() && range.slot_of(rows[end].key, levels) == slot) ++end;
    page.slot(slot) = hash_rows(rows.subspan(begin, end - begin));
    page.held.at(slot) = static_cast<uint16_t>(end - begin);
    begin = end;
  }
  page.refresh(range.bits, ~uint32_t{0});
  return page;
}

PagePointer finish_page(MapPage page) {
  page.bytes = sizeof(MapPage) + page.nodes.capacity() * sizeof(Hash) +
               page.below.capacity() * sizeof(PagePointer);
  for (const auto& below : page.below) page.bytes += below == nullptr ? 0 : below->bytes;
  return std::make_shared<const MapPage>(std::move(page));
}

PagePointer close_page(const MapPage& page) {
  MapPage closed = empty_page(0);
  closed.size = page.size;
  closed.nodes[0] = page.root();
  closed.closed = true;
  return finish_page(std::move(closed));
}

PagePointer join_pages(unsigned depth, std::span<const PagePointer, kPageSlots> below) {
  MapPage page = empty_page(kPageLevels);
  for (unsigned i = 0; i < kPageSlots; ++i) {
    if (below[i] == nullptr) continue;
    page.size += below[i]->size;
    page.slot(i) = below[i]->root();
  }
  if (page.size == 0) return nullptr;
  page.refresh(depth, ~uint32_t{0});
  if (page.size > kBottomKeys) {
    page.below.assign(below.begin(), below.end());
    return finish_page(std::move(page));
  }
  // Few enough for one bottom page: its nodes are the first of the page's.
  page.levels = levels_for(page.size);
  page.nodes.resize((size_t{2} << page.levels) - 1);
  page.nodes.shrink_to_fit();
  for (unsigned i = 0; i < kPageSlots; ++i) {
    if (below[i] == nullptr) continue;
    page.held.at(i >> (kPageLevels - page.levels)) += static_cast<uint16_t>(below[i]->size);
  }
  return finish_page(std::move(page));
}

}  // namespace suyuan
