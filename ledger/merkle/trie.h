// The hashing of a path-compressed binary Merkle trie, torchwood's `mpt` (formats.md 6), over keys
// of any length. What the ledger proves with it stands in map_proof.h.
//
//   leaf     = H(0x00 ‖ uv(length of key) ‖ key ‖ uv(length of val) ‖ val)
//   inner(b) = H(0x01 ‖ uv(b) ‖ left ‖ right)    b: the first bit in which the two sides differ
//   path     = (uv(b) ‖ sibling) for each inner node, from the leaf's up to the root
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

// Of a key as if 0x00 and then 0xff without end followed it, so that keys of different lengths
// differ somewhere too. The most significant bit of the first byte is bit 0.
bool trie_bit(BytesView key, size_t bit);
// REQUIRES: a != b.
size_t first_difference(BytesView a, BytesView b);

Hash trie_leaf(BytesView key, BytesView value);
Hash trie_node(size_t bit, const Hash& left, const Hash& right);

struct TrieStep {
  uint32_t bit = 0;
  Hash sibling;
  friend bool operator==(const TrieStep&, const TrieStep&) = default;
};

// An unsigned LEB128 number in its shortest form, taken off the front; nullopt for anything else,
// and above 32 bits.
std::optional<uint32_t> take_uv(BytesView& bytes);
void put_uv(Bytes& out, uint32_t value);

// All of `bytes`: every bit below `bits`, each smaller than the one before, so a path has at most
// `bits` steps. nullopt for anything else.
std::optional<std::vector<TrieStep>> decode_trie_path(BytesView bytes, uint32_t bits);
void put_trie_path(Bytes& out, std::span<const TrieStep> path);

// The root that a key's leaf and path lead to.
Hash climb(BytesView key, const Hash& leaf, std::span<const TrieStep> path);
// The search for `key` ends where the search for `other` does: at every step their bits agree.
bool same_way(BytesView key, BytesView other, std::span<const TrieStep> path);

}  // namespace suyuan
