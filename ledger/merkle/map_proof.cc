#include "ledger/merkle/map_proof.h"

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

constexpr uint32_t kKeyBits = 8 * Hash::kSize;
constexpr size_t kValueBytes = 8 + Hash::kSize;

// A leaf's bytes after the tag. An absence proof names the other leaf in this form too.
using LeafBytes = std::array<char, 1 + Hash::kSize + 1 + kValueBytes>;

LeafBytes leaf_bytes(const MapEntry& entry) {
  LeafBytes bytes;
  char* at = bytes.data();
  *at++ = static_cast<char>(Hash::kSize);
  std::memcpy(at, entry.key.data.data(), Hash::kSize);
  at += Hash::kSize;
  *at++ = static_cast<char>(kValueBytes);
  for (int shift = 56; shift >= 0; shift -= 8) *at++ = static_cast<char>(entry.count >> shift);
  std::memcpy(at, entry.link.data.data(), Hash::kSize);
  return bytes;
}

std::optional<MapEntry> take_leaf(BytesView& bytes) {
  const auto key_bytes = take_uv(bytes);
  if (key_bytes != Hash::kSize || bytes.size() < Hash::kSize) return std::nullopt;
  MapEntry entry;
  Decoder in(bytes);
  if (!in.get_fixed(entry.key)) return std::nullopt;
  bytes = in.rest();
  const auto value_bytes = take_uv(bytes);
  if (value_bytes != kValueBytes) return std::nullopt;
  Decoder value(bytes);
  if (!value.get_u64(entry.count) || entry.count == 0 || !value.get_fixed(entry.link)) {
    return std::nullopt;
  }
  bytes = value.rest();
  return entry;
}

}  // namespace

Hash map_leaf(const MapEntry& entry) {
  // Building a map hashes millions of rows: one buffer, one call of the hash.
  std::array<char, 1 + sizeof(LeafBytes)> data;
  data[0] = 0x00;
  const LeafBytes bytes = leaf_bytes(entry);
  std::memcpy(data.data() + 1, bytes.data(), bytes.size());
  return sha256(BytesView(data.data(), data.size()));
}

const Hash& empty_map_root() { return empty_root(); }

Bytes encode(const MapProof& proof) {
  Bytes out;
  if (proof.other) {
    const LeafBytes bytes = leaf_bytes(*proof.other);
    out.append(bytes.data(), bytes.size());
  }
  put_trie_path(out, proof.path);
  return out;
}

std::optional<MapProof> decode_presence(BytesView bytes) {
  auto path = decode_trie_path(bytes, kKeyBits);
  if (!path) return std::nullopt;
  return MapProof{.path = *std::move(path)};
}

std::optional<MapProof> decode_absence(BytesView bytes) {
  if (bytes.empty()) return MapProof{};
  const auto other = take_leaf(bytes);
  if (!other) return std::nullopt;
  auto path = decode_trie_path(bytes, kKeyBits);
  if (!path) return std::nullopt;
  return MapProof{.other = other, .path = *std::move(path)};
}

bool proves_presence(const Hash& root, const MapEntry& entry, BytesView proof) {
  if (entry.count == 0) return false;
  const auto decoded = decode_presence(proof);
  return decoded && climb(entry.key.view(), map_leaf(entry), decoded->path) == root;
}

bool proves_absence(const Hash& root, const Hash& key, BytesView proof) {
  const auto decoded = decode_absence(proof);
  if (!decoded) return false;
  if (!decoded->other) return root == empty_map_root();
  const MapEntry& other = *decoded->other;
  // Another key, but the search for ours ends at its leaf: so there is no leaf for ours.
  return other.key != key && same_way(key.view(), other.key.view(), decoded->path) &&
         climb(other.key.view(), map_leaf(other), decoded->path) == root;
}

}  // namespace suyuan
