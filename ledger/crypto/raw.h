// Bytes as libsodium takes them.
#pragma once

#include "ledger/base/bytes.h"

namespace suyuan {

inline const unsigned char* raw(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace suyuan
