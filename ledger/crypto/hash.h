// SHA-256, the ledger's only hash: in one call, over several parts, or as a stream.
#pragma once

#include <array>
#include <initializer_list>

#include "ledger/base/bytes.h"

namespace suyuan {

// A stream. Copyable: a copy continues from the same state, so a common prefix is hashed once.
class Sha256 {
 public:
  Sha256();
  void update(BytesView bytes);
  void update(uint8_t byte);
  // Returns the hash of all bytes so far. Do not use the stream afterwards.
  Hash finish();

 private:
  // OpenSSL's SHA256_CTX, so that its headers stay inside this module.
  alignas(8) std::array<unsigned char, 112> state_;
};

Hash sha256(BytesView bytes);
// Hashes the concatenation of the parts without building it.
Hash sha256(std::initializer_list<BytesView> parts);
// Returns H(tag ‖ parts). The tag, "suyuan/code/v1\n" for example, separates the uses of the hash.
Hash domain_hash(std::string_view tag, std::initializer_list<BytesView> parts);

}  // namespace suyuan
