#include "ledger/merkle/trie.h"

#include <bit>

#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr char kLeafTag = 0x00;
constexpr char kNodeTag = 0x01;

uint8_t padded(BytesView key, size_t byte) {
  if (byte < key.size()) return static_cast<uint8_t>(key[byte]);
  return byte == key.size() ? 0x00 : 0xff;
}

}  // namespace

bool trie_bit(BytesView key, size_t bit) {
  return (padded(key, bit / 8) >> (7 - bit % 8) & 1) != 0;
}

size_t first_difference(BytesView a, BytesView b) {
  // After the longer key and one more byte only padding follows, the same for both.
  const size_t end = std::max(a.size(), b.size()) + 2;
  for (size_t byte = 0; byte < end; ++byte) {
    const auto differing = static_cast<uint8_t>(padded(a, byte) ^ padded(b, byte));
    if (differing != 0) return byte * 8 + static_cast<size_t>(std::countl_zero(differing));
  }
  SUYUAN_CHECK(a != b);
  return end * 8;
}

Hash trie_leaf(BytesView key, BytesView value) {
  Bytes data(1, kLeafTag);
  put_uv(data, static_cast<uint32_t>(key.size()));
  data.append(key);
  put_uv(data, static_cast<uint32_t>(value.size()));
  data.append(value);
  return sha256(data);
}

Hash trie_node(size_t bit, const Hash& left, const Hash& right) {
  // Every update and proof needs tens of these: no allocation, one call of the hash.
  constexpr size_t kUvMax = 5;
  std::array<char, 1 + kUvMax + 2 * Hash::kSize> data;
  size_t size = 0;
  data[size++] = kNodeTag;
  for (; bit >= 0x80; bit >>= 7) data[size++] = static_cast<char>(0x80 | (bit & 0x7f));
  data[size++] = static_cast<char>(bit);
  std::memcpy(data.data() + size, left.data.data(), Hash::kSize);
  std::memcpy(data.data() + size + Hash::kSize, right.data.data(), Hash::kSize);
  return sha256(BytesView(data.data(), size + 2 * Hash::kSize));
}

std::optional<uint32_t> take_uv(BytesView& bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < 5 && i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    value |= uint64_t{byte & 0x7fU} << (7 * i);
    if ((byte & 0x80) != 0) continue;
    // A last byte of zero adds nothing: a shorter form exists.
    if ((byte == 0 && i > 0) || value > UINT32_MAX) return std::nullopt;
    bytes.remove_prefix(i + 1);
    return static_cast<uint32_t>(value);
  }
  return std::nullopt;
}

void put_uv(Bytes& out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(0x80 | (value & 0x7f)));
  out.push_back(static_cast<char>(value));
}

std::optional<std::vector<TrieStep>> decode_trie_path(BytesView bytes, uint32_t bits) {
  std::vector<TrieStep> path;
  uint32_t above = bits;
  while (!bytes.empty()) {
    const auto bit = take_uv(bytes);
    if (!bit || *bit >= above || bytes.size() < Hash::kSize) return std::nullopt;
    path.push_back({.bit = *bit, .sibling = Hash::from(bytes.substr(0, Hash::kSize))});
    bytes.remove_prefix(Hash::kSize);
    above = *bit;
  }
  return path;
}

void put_trie_path(Bytes& out, std::span<const TrieStep> path) {
  for (const auto& step : path) {
    put_uv(out, step.bit);
    out.append(step.sibling.view());
  }
}

Hash climb(BytesView key, const Hash& leaf, std::span<const TrieStep> path) {
  Hash node = leaf;
  for (const auto& step : path) {
    node = trie_bit(key, step.bit) ? trie_node(step.bit, step.sibling, node)
                                   : trie_node(step.bit, node, step.sibling);
  }
  return node;
}

bool same_way(BytesView key, BytesView other, std::span<const TrieStep> path) {
  for (const auto& step : path) {
    if (trie_bit(key, step.bit) != trie_bit(other, step.bit)) return false;
  }
  return true;
}

}  // namespace suyuan
