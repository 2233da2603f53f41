// The hashing of a path-compressed binary Merkle trie, torchwood's `mpt` (formats.md 6), over keys
// of any length. map_proof.h says what the ledger proves with it.
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

// Returns a bit of the key as if 0x00 and then endless 0xff followed it, so that keys of different
// lengths differ too. Bit 0 is the most significant bit of the first byte.
bool trie_bit(BytesView key, size_t bit);
// Requires: a != b.
size_t first_difference(BytesView a, BytesView b);

Hash trie_leaf(BytesView key, BytesView value);
Hash trie_node(size_t bit, const Hash& left, const Hash& right);

struct TrieStep {
  uint32_t bit = 0;
  Hash sibling;
  friend bool operator==(const TrieStep&, const TrieStep&) = default;
};

// Takes an unsigned LEB128 number in its shortest form off the front. Returns nullopt for anything
// else, and for numbers above 32 bits.
std::optional<uint32_t> take_uv(BytesView& bytes);
void put_uv(Bytes& out, uint32_t value);

// Decodes all of `bytes`: every bit below `bits`, each smaller than the one before, so a path has
// at most `bits` steps. Returns nullopt for anything else.
std::optional<std::vector<TrieStep>> decode_trie_path(BytesView bytes, uint32_t bits);
void put_trie_path(Bytes& out, std::span<const TrieStep> path);

// Returns the root that a key's leaf and path lead to.
Hash climb(BytesView key, const Hash& leaf, std::span<const TrieStep> path);
// Returns whether the search for `key` ends where that for `other` does: their bits agree at every
// step.
bool same_way(BytesView key, BytesView other, std::span<const TrieStep> path);

}  // namespace suyuan
