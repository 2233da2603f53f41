// The map by its own words, to compare with: the trie's hash and proofs by plain recursion over a
// sorted set; rows in memory; random keys.
#pragma once

#include <algorithm>
#include <map>
#include <random>

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/chain_map.h"

namespace suyuan::testing {

using Pairs = std::vector<std::pair<Bytes, Bytes>>;  // key, val

// Bits as text, long enough that any two keys differ in it.
inline std::string naive_bits(BytesView key, size_t bytes) {
  std::string padded(key);
  padded.push_back('\x00');
  padded.resize(bytes + 2, '\xff');
  std::string bits;
  for (const char c : padded) {
    const auto byte = static_cast<uint8_t>(c);
    for (int i = 7; i >= 0; --i) bits.push_back((byte >> i & 1) != 0 ? '1' : '0');
  }
  return bits;
}

inline Bytes naive_uv(size_t value) {
  Bytes out;
  for (; value >= 128; value /= 128) out.push_back(static_cast<char>(128 + value % 128));
  out.push_back(static_cast<char>(value));
  return out;
}

// In the order of their bits.
struct NaiveTrie {
  struct Leaf {
    std::string bits;
    Bytes key;
    Bytes value;
  };
  std::vector<Leaf> leaves;

  explicit NaiveTrie(const Pairs& pairs) {
    size_t longest = 0;
    for (const auto& [key, value] : pairs) longest = std::max(longest, key.size());
    for (const auto& [key, value] : pairs) leaves.push_back({naive_bits(key, longest), key, value});
    std::sort(leaves.begin(), leaves.end(),
              [](const Leaf& a, const Leaf& b) { return a.bits < b.bits; });
  }

  Hash root() const { return leaves.empty() ? sha256("") : hash(0, leaves.size(), 0); }

  Hash hash(size_t begin, size_t end, size_t bit) const {
    if (end - begin == 1) {
      const Leaf& leaf = leaves[begin];
      return sha256({BytesView("\0", 1), naive_uv(leaf.key.size()), leaf.key,
                     naive_uv(leaf.value.size()), leaf.value});
    }
    size_t middle = begin;
    while (middle < end && leaves[middle].bits[bit] == '0') ++middle;
    if (middle == begin || middle == end) return hash(begin, end, bit + 1);
    const Hash left = hash(begin, middle, bit + 1);
    const Hash right = hash(middle, end, bit + 1);
    return sha256({"\x01", naive_uv(bit), left.view(), right.view()});
  }

  // The leaf at which the search for `bits` ends, and the path to it, encoded.
  std::pair<const Leaf*, Bytes> search(const std::string& bits) const {
    size_t begin = 0;
    size_t end = leaves.size();
    Bytes path;
    for (size_t bit = 0; end - begin > 1; ++bit) {
      size_t middle = begin;
      while (middle < end && leaves[middle].bits[bit] == '0') ++middle;
      if (middle == begin || middle == end) continue;
      const bool right = bits[bit] == '1';
      const Hash sibling = right ? hash(begin, middle, bit + 1) : hash(middle, end, bit + 1);
      path.insert(0, naive_uv(bit) + sibling.bytes());
      (right ? begin : end) = middle;
    }
    return {&leaves[begin], path};
  }
};

class MemoryRows final : public MapRows {
 public:
  std::map<Hash, MapEntry> rows;

  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override {
    for (auto row = rows.lower_bound(first); row != rows.end() && row->first <= last; ++row) {
      ++rows_read;
      if (!visit(row->second)) break;
    }
    return Done{};
  }
  void put(const MapEntry& entry) { rows[entry.key] = entry; }

  mutable uint64_t rows_read = 0;
};

inline Bytes naive_value(const MapEntry& entry) {
  Bytes value;
  for (int shift = 56; shift >= 0; shift -= 8) {
    value.push_back(static_cast<char>(entry.count >> shift));
  }
  return value + entry.link.bytes();
}

inline NaiveTrie naive_map(const MemoryRows& rows) {
  Pairs pairs;
  for (const auto& [key, entry] : rows.rows) pairs.emplace_back(key.bytes(), naive_value(entry));
  return NaiveTrie(pairs);
}

inline MapEntry entry_of(const Hash& key, uint64_t count = 1) {
  return {.key = key, .count = count, .link = sha256({"link", key.view(), std::to_string(count)})};
}

// Keys with a given number of random bits behind a common beginning.
class Keys {
 public:
  explicit Keys(uint32_t seed) : random_(seed) {}
  Hash any() {
    Hash key;
    for (auto& byte : key.data) byte = static_cast<uint8_t>(random_());
    return key;
  }
  // Alike in the first `bits` bits.
  Hash near(const Hash& to, unsigned bits) {
    Hash key = any();
    for (unsigned bit = 0; bit < bits; ++bit) {
      const auto mask = static_cast<uint8_t>(0x80 >> bit % 8);
      auto& byte = key.data.at(bit / 8);
      byte = static_cast<uint8_t>((byte & ~mask) | (to.data.at(bit / 8) & mask));
    }
    return key;
  }
  uint64_t below(uint64_t end) { return random_() % end; }

 private:
  std::mt19937_64 random_;
};

}  // namespace suyuan::testing
