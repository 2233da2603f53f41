// SHA-256, the ledger's one hash: in one go, over several parts, or as a stream.
#pragma once

#include <array>
#include <initializer_list>

#include "ledger/base/bytes.h"

namespace suyuan {

// A stream. A value: a copy goes on from the same place, so a common beginning is hashed once.
class Sha256 {
 public:
  Sha256();
  void update(BytesView bytes);
  void update(uint8_t byte);
  // The hash of all bytes so far; only a new stream may follow.
  Hash finish();

 private:
  // OpenSSL's SHA256_CTX, so that its headers stay inside this room.
  alignas(8) std::array<unsigned char, 112> state_;
};

Hash sha256(BytesView bytes);
// Of the parts joined, without joining them.
Hash sha256(std::initializer_list<BytesView> parts);
// H(tag ‖ parts): the tag, "suyuan/code/v1\n" say, keeps one use of the hash from being taken for
// another.
Hash domain_hash(std::string_view tag, std::initializer_list<BytesView> parts);

}  // namespace suyuan
