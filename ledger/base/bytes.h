// Bytes and hashes. Owned bytes are std::string, borrowed ones std::string_view, as in
// RocksDB.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "ledger/base/check.h"

namespace suyuan {

using Bytes = std::string;
using BytesView = std::string_view;

// A value of N bytes. Tag makes a hash, a public key and a nonce distinct types.
template <size_t N, class Tag>
struct Fixed {
  static constexpr size_t kSize = N;
  std::array<uint8_t, N> data{};

  BytesView view() const { return {reinterpret_cast<const char*>(data.data()), N}; }
  Bytes bytes() const { return Bytes(view()); }
  // Requires: bytes.size() == N.
  static Fixed from(BytesView bytes) {
    SUYUAN_CHECK(bytes.size() == N);
    Fixed value;
    std::memcpy(value.data.data(), bytes.data(), N);
    return value;
  }
  friend auto operator<=>(const Fixed&, const Fixed&) = default;
};

using Hash = Fixed<32, struct HashTag>;            // SHA-256
using Salt = Fixed<32, struct SaltTag>;            // fresh for each event or section
using Nonce = Fixed<16, struct NonceTag>;
using PublicKey = Fixed<32, struct PublicKeyTag>;  // Ed25519
using Signature = Fixed<64, struct SignatureTag>;  // Ed25519

}  // namespace suyuan
