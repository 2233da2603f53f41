#include "ledger/crypto/hmac.h"

#include "ledger/crypto/hash.h"

namespace suyuan {

Hash hmac_sha256(BytesView key, BytesView message) {
  constexpr size_t kBlock = 64;
  Bytes block = key.size() > kBlock ? sha256(key).bytes() : Bytes(key);
  block.resize(kBlock, '\0');
  Bytes inner = block;
  Bytes outer = block;
  for (size_t i = 0; i < kBlock; ++i) {
    inner[i] = static_cast<char>(static_cast<unsigned char>(block[i]) ^ 0x36U);
    outer[i] = static_cast<char>(static_cast<unsigned char>(block[i]) ^ 0x5cU);
  }
  return sha256({outer, sha256({inner, message}).view()});
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i])) ^
                  static_cast<unsigned>(static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

}  // namespace suyuan
