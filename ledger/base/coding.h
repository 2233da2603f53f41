// Fixed-width big-endian integers and length-prefixed strings, for hashed bytes and store rows.
#pragma once

#include <cstdint>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

void put_u8(Bytes& out, uint8_t value);
void put_u16(Bytes& out, uint16_t value);
void put_u32(Bytes& out, uint32_t value);
void put_u64(Bytes& out, uint64_t value);
// Signed, biased by 2^63 so that the bytes sort as the numbers do.
void put_i64(Bytes& out, int64_t value);
void put_string(Bytes& out, BytesView value);  // u32 length, bytes

// Reads what put_* wrote. Each get_* returns false if the bytes end too soon, and then consumes
// nothing.
class Decoder {
 public:
  explicit Decoder(BytesView bytes) : rest_(bytes) {}
  bool get_u8(uint8_t& value);
  bool get_u16(uint16_t& value);
  bool get_u32(uint32_t& value);
  bool get_u64(uint64_t& value);
  bool get_i64(int64_t& value);
  bool get_string(Bytes& value);
  bool get_view(BytesView& value);  // As get_string, without a copy.
  template <size_t N, class Tag>
  bool get_fixed(Fixed<N, Tag>& value) {
    if (rest_.size() < N) return false;
    value = Fixed<N, Tag>::from(rest_.substr(0, N));
    rest_.remove_prefix(N);
    return true;
  }
  bool done() const { return rest_.empty(); }
  BytesView rest() const { return rest_; }

 private:
  template <class T>
  bool get_be(T& value);
  BytesView rest_;
};

}  // namespace suyuan
