#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr uint64_t kSignBias = uint64_t{1} << 63;

template <class T>
void put_be(Bytes& out, T value) {
  for (size_t shift = sizeof(T) * 8; shift > 0;) {
    shift -= 8;
    out.push_back(static_cast<char>(static_cast<uint8_t>(value >> shift)));
  }
}

}  // namespace

void put_u8(Bytes& out, uint8_t value) { out.push_back(static_cast<char>(value)); }
void put_u16(Bytes& out, uint16_t value) { put_be(out, value); }
void put_u32(Bytes& out, uint32_t value) { put_be(out, value); }
void put_u64(Bytes& out, uint64_t value) { put_be(out, value); }
void put_i64(Bytes& out, int64_t value) { put_be(out, static_cast<uint64_t>(value) ^ kSignBias); }

void put_string(Bytes& out, BytesView value) {
  SUYUAN_CHECK(value.size() <= UINT32_MAX);
  put_u32(out, static_cast<uint32_t>(value.size()));
  out.append(value);
}

template <class T>
bool Decoder::get_be(T& value) {
  if (rest_.size() < sizeof(T)) return false;
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(T); ++i) number = number << 8 | static_cast<uint8_t>(rest_[i]);
  value = static_cast<T>(number);
  rest_.remove_prefix(sizeof(T));
  return true;
}

bool Decoder::get_u8(uint8_t& value) { return get_be(value); }
bool Decoder::get_u16(uint16_t& value) { return get_be(value); }
bool Decoder::get_u32(uint32_t& value) { return get_be(value); }
bool Decoder::get_u64(uint64_t& value) { return get_be(value); }

bool Decoder::get_i64(int64_t& value) {
  uint64_t biased = 0;
  if (!get_be(biased)) return false;
  value = static_cast<int64_t>(biased ^ kSignBias);
  return true;
}

bool Decoder::get_view(BytesView& value) {
  const BytesView before = rest_;
  uint32_t size = 0;
  if (!get_be(size) || rest_.size() < size) {
    rest_ = before;
    return false;
  }
  value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool Decoder::get_string(Bytes& value) {
  BytesView view;
  if (!get_view(view)) return false;
  value = Bytes(view);
  return true;
}

}  // namespace suyuan
