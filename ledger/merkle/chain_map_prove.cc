// Proving: down the pages to the bucket, then the rest of the path is rebuilt from its rows.
#include "ledger/merkle/row_stream.h"

namespace suyuan {
namespace {

// The path of a search from the top: the siblings passed, and the bucket at its end.
struct Descent {
  KeyRange bucket;
  Hash hash;      // of the bucket, as the page has it
  size_t held = 0;
  std::vector<TrieStep> passed;
};

Result<Descent> descend(const MapRows& rows, const PagePointer& top, const Hash& key) {
  Descent way;
  PagePointer page = top;
  KeyRange range;
  for (;;) {
    if (page->closed) {
      SUYUAN_TRY(opened, open_page(rows, range, *page));
      page = std::move(opened);
    }
    size_t node = 0;
    unsigned slot = 0;
    for (unsigned level = 0; level < page->levels; ++level) {
      const size_t left = 2 * node + 1;
      const unsigned bit = range.bits + level;
      bool right = trie_bit(key.view(), bit);
      const bool forks = page->nodes[left] != kNothing && page->nodes[left + 1] != kNothing;
      if (forks) {
        way.passed.push_back({.bit = bit, .sibling = page->nodes[right ? left : left + 1]});
      } else {
        // No node at this bit: the search goes where the keys are, whatever its own bit is.
        right = page->nodes[left] == kNothing;
      }
      node = right ? left + 1 : left;
      slot = 2 * slot + (right ? 1 : 0);
    }
    range = range.below(slot, page->levels);
    if (page->is_bottom()) {
      way.bucket = range;
      way.hash = page->nodes[node];
      way.held = page->held.at(slot);
      return way;
    }
    page = PagePointer(page->below.at(slot));
  }
}

}  // namespace

Result<MapAnswer> ChainMap::prove(const MapRows& rows, const Hash& key) const {
  if (top_ == nullptr) return MapAnswer{};
  SUYUAN_TRY(way, descend(rows, top_, key));
  RowStream stream(rows, way.bucket);
  SUYUAN_TRY_DONE(stream.fill(way.held + 1));
  auto bucket = stream.rows();
  // A proof over other rows would be worthless, so the whole bucket is checked.
  const size_t passed_above = way.passed.size();
  while (bucket.size() > 1) {
    const Fork fork = fork_of(bucket);
    const auto left = bucket.first(fork.left);
    const auto right = bucket.subspan(fork.left);
    const bool goes_right = trie_bit(key.view(), fork.bit);
    way.passed.push_back({.bit = static_cast<uint32_t>(fork.bit),
                          .sibling = hash_rows(goes_right ? left : right)});
    bucket = goes_right ? right : left;
  }
  std::vector<TrieStep> path(way.passed.rbegin(), way.passed.rend());
  const size_t inside = path.size() - passed_above;
  if (bucket.empty() || climb(bucket.front().key.view(), map_leaf(bucket.front()),
                              std::span(path).first(inside)) != way.hash) {
    return fail(Code::CORRUPT, "chain map: the rows are not those that the map was made from");
  }
  const MapEntry& end = bucket.front();
  if (end.key == key) return MapAnswer{.entry = end, .proof = encode({.path = std::move(path)})};
  return MapAnswer{.entry = {}, .proof = encode({.other = end, .path = std::move(path)})};
}

}  // namespace suyuan
