// Proofs of the chain map (formats.md 6): that a code's chain has exactly this head as of a seal,
// or that there is no such code. Anyone can verify them from the bytes.
//
//   presence = path
//   absence  = uv(32) ‖ other key ‖ uv(40) ‖ other val ‖ path of the other; of an empty map: ""
//   val      = u64 count ‖ link (32)
//
// The bytes do not say which of the two they are; the claim does.
#pragma once

#include "ledger/merkle/trie.h"

namespace suyuan {

// A row of the map: the head of a code's chain. count >= 1, because a chain begins with a link.
struct MapEntry {
  Hash key;  // code_key
  uint64_t count = 0;
  Hash link;
  friend bool operator==(const MapEntry&, const MapEntry&) = default;
};

Hash map_leaf(const MapEntry& entry);
// H(""): the root of a map without codes.
const Hash& empty_map_root();

struct MapProof {
  std::optional<MapEntry> other = {};  // for absence: the leaf where the search ends
  std::vector<TrieStep> path = {};     // from the leaf up to the root
  friend bool operator==(const MapProof&, const MapProof&) = default;
};

Bytes encode(const MapProof& proof);
// Strict: accept only bytes that encode writes. Return nullopt for anything else: a count of 0,
// lengths other than 32 and 40, a bit above 255 or not below the one before, trailing bytes.
std::optional<MapProof> decode_presence(BytesView bytes);
std::optional<MapProof> decode_absence(BytesView bytes);

// Verify a proof. Safe on hostile bytes; at most 256 steps. `root` comes from the seal, never from
// the sender of the proof.
bool proves_presence(const Hash& root, const MapEntry& entry, BytesView proof);
bool proves_absence(const Hash& root, const Hash& key, BytesView proof);

}  // namespace suyuan
