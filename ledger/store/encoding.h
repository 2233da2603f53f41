// What the keys (schema.cc) and the values (rows.cc) of the store encode alike.
#pragma once

#include "ledger/store/schema.h"

namespace suyuan {

inline constexpr size_t kPlaceBytes = 12;

inline void put_place(Bytes& out, Place place) {
  put_u64(out, place.leaf);
  put_u32(out, place.event);
}

// Empty, with room for `bytes`.
inline Bytes sized(size_t bytes) {
  Bytes out;
  out.reserve(bytes);
  return out;
}

}  // namespace suyuan
