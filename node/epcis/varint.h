// Integers of variable length in the rows of the index: 7 bits in a byte, the lowest first.
#pragma once

#include <cstdint>

#include "ledger/base/bytes.h"

namespace suyuan::epcis {

inline void put_varint(Bytes& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

// A difference modulo 2^64 as a number that is small if the difference is, of either sign.
inline uint64_t zigzag(uint64_t difference) {
  return (difference << 1) ^ (uint64_t{0} - (difference >> 63));
}
inline uint64_t unzigzag(uint64_t number) { return (number >> 1) ^ (uint64_t{0} - (number & 1)); }

// Reads what put_varint wrote, and nothing else: a number has one form.
class VarintReader {
 public:
  explicit VarintReader(BytesView bytes) : rest_(bytes) {}
  // Returns false if the bytes end too soon, or are longer than their number needs.
  bool get(uint64_t& value) {
    value = 0;
    for (size_t i = 0; i < rest_.size() && i < kBytesMax; ++i) {
      const uint64_t byte = static_cast<uint8_t>(rest_[i]);
      value |= (byte & 0x7F) << (7 * i);
      if (byte >= 0x80) continue;
      if (i > 0 && (byte == 0 || (i == kBytesMax - 1 && byte > 1))) return false;
      rest_.remove_prefix(i + 1);
      return true;
    }
    return false;
  }
  bool get_bytes(uint64_t size, BytesView& bytes) {
    if (size > rest_.size()) return false;
    bytes = rest_.substr(0, static_cast<size_t>(size));
    rest_.remove_prefix(static_cast<size_t>(size));
    return true;
  }
  bool done() const { return rest_.empty(); }
  BytesView rest() const { return rest_; }

 private:
  static constexpr size_t kBytesMax = 10;
  BytesView rest_;
};

}  // namespace suyuan::epcis
