#include "ledger/merkle/proof.h"

#include <algorithm>
#include <bit>

#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

// A position on a level of the tree, climbing together with the level's last position.
struct Climb {
  uint64_t place;
  uint64_t last;

  bool has_left_sibling() const { return place % 2 == 1; }
  // There is no sibling to its right either: the level ends here.
  bool is_last() const { return place == last; }
  bool at_root() const { return last == 0; }
  void up() {
    place /= 2;
    last /= 2;
  }
  // A last node without a left sibling moves up unchanged until it is a right sibling.
  void skip_lone_levels() {
    while (place % 2 == 0 && place != 0) up();
  }
};

// The hash over leaves [begin, end). REQUIRES: begin < end; begin is a multiple of a power of two
// >= end - begin. So the leaves form a subtree of the tree of `end` leaves, or of a larger tree if
// end - begin is that power.
Result<Hash> subtree(const NodeSource& nodes, uint64_t begin, uint64_t end) {
  std::vector<Hash> peaks;
  while (begin < end) {
    const auto level = static_cast<unsigned>(std::bit_width(end - begin) - 1);
    SUYUAN_TRY(peak, nodes.node(level, begin >> level));
    peaks.push_back(peak);
    begin += uint64_t{1} << level;
  }
  Hash node = peaks.back();
  for (size_t i = peaks.size() - 1; i > 0; --i) node = node_hash(peaks[i - 1], node);
  return node;
}

}  // namespace

bool includes(const TreeHead& head, uint64_t index, const Hash& leaf_hash,
              std::span<const Hash> path) {
  if (index >= head.size) return false;
  Hash node = leaf_hash;
  Climb at{.place = index, .last = head.size - 1};
  for (const Hash& sibling : path) {
    if (at.at_root()) return false;  // The path is longer than the tree is high.
    if (at.has_left_sibling() || at.is_last()) {
      node = node_hash(sibling, node);
      if (!at.has_left_sibling()) at.skip_lone_levels();
    } else {
      node = node_hash(node, sibling);
    }
    at.up();
  }
  return at.at_root() && node == head.root;  // Both are required: a short path must not pass.
}

bool consistent(const TreeHead& older, const TreeHead& newer, std::span<const Hash> path) {
  if (older.size > newer.size) return false;
  if (older.size == 0) {
    const bool newer_fits = newer.size > 0 || newer.root == empty_root();
    return path.empty() && older.root == empty_root() && newer_fits;
  }
  if (older.size == newer.size) return path.empty() && older.root == newer.root;

  Climb at{.place = older.size - 1, .last = newer.size - 1};
  while (at.has_left_sibling()) at.up();
  // If the older tree has 2^k leaves, it is itself a node of the newer one, and the path does not
  // repeat its root.
  const bool older_is_node = at.place == 0;
  if (!older_is_node && path.empty()) return false;
  Hash old_node = older_is_node ? older.root : path.front();
  Hash new_node = old_node;
  for (const Hash& sibling : older_is_node ? path : path.subspan(1)) {
    if (at.at_root()) return false;
    if (at.has_left_sibling() || at.is_last()) {
      old_node = node_hash(sibling, old_node);
      new_node = node_hash(sibling, new_node);
      if (!at.has_left_sibling()) at.skip_lone_levels();
    } else {
      new_node = node_hash(new_node, sibling);
    }
    at.up();
  }
  return at.at_root() && old_node == older.root && new_node == newer.root;
}

Result<Hash> root_of(const NodeSource& nodes, uint64_t size) {
  if (size == 0) return empty_root();
  return subtree(nodes, 0, size);
}

Result<std::vector<Hash>> inclusion_proof(const NodeSource& nodes, uint64_t index, uint64_t size) {
  if (index >= size) {
    return fail(Code::INVALID_FIELD, "leaf " + std::to_string(index) + " is not in a tree of " +
                                         std::to_string(size) + " leaves");
  }
  std::vector<Hash> path;
  uint64_t begin = 0;
  uint64_t end = size;
  // Goes down and keeps the half that is left aside: RFC 9162 2.1.3.1, with the last step first.
  while (end - begin > 1) {
    const uint64_t split = begin + std::bit_floor(end - begin - 1);
    const bool right = index >= split;
    SUYUAN_TRY(sibling, right ? subtree(nodes, begin, split) : subtree(nodes, split, end));
    path.push_back(sibling);
    (right ? begin : end) = split;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Result<std::vector<Hash>> consistency_proof(const NodeSource& nodes, uint64_t older_size,
                                            uint64_t newer_size) {
  if (older_size > newer_size) {
    return fail(Code::INVALID_FIELD, "a tree of " + std::to_string(older_size) +
                                         " leaves is not a prefix of one of " +
                                         std::to_string(newer_size));
  }
  std::vector<Hash> path;
  if (older_size == 0 || older_size == newer_size) return path;
  uint64_t begin = 0;
  uint64_t end = newer_size;
  // Goes down to the subtree that ends where the older tree does: RFC 9162 2.1.4.1.
  while (end != older_size) {
    const uint64_t split = begin + std::bit_floor(end - begin - 1);
    const bool right = older_size > split;
    SUYUAN_TRY(sibling, right ? subtree(nodes, begin, split) : subtree(nodes, split, end));
    path.push_back(sibling);
    (right ? begin : end) = split;
  }
  if (begin > 0) {
    SUYUAN_TRY(last, subtree(nodes, begin, end));
    path.push_back(last);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace suyuan
