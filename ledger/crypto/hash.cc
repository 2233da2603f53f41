// The low-level functions of OpenSSL are deprecated in favour of EVP, and still right here: their
// state lives in the object, they cannot fail, and a tree node (65 bytes) takes 114 ns instead of
// 155 (EVP with its context reused) or 445 (one-shot, which looks the algorithm up each time).
// Both run the same SHA-NI code.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ledger/crypto/hash.h"

#include <openssl/sha.h>

#include <new>
#include <type_traits>

#include "ledger/base/check.h"

namespace suyuan {
namespace {

static_assert(std::is_trivially_copyable_v<SHA256_CTX>);
static_assert(std::is_trivially_destructible_v<SHA256_CTX>);

SHA256_CTX* context(unsigned char* state) {
  return std::launder(reinterpret_cast<SHA256_CTX*>(state));
}

}  // namespace

Sha256::Sha256() {
  static_assert(sizeof(SHA256_CTX) <= sizeof(state_) && alignof(SHA256_CTX) <= 8);
  SUYUAN_CHECK(SHA256_Init(new (state_.data()) SHA256_CTX) == 1);
}

void Sha256::update(BytesView bytes) {
  SHA256_Update(context(state_.data()), bytes.data(), bytes.size());
}

void Sha256::update(uint8_t byte) { SHA256_Update(context(state_.data()), &byte, 1); }

Hash Sha256::finish() {
  Hash hash;
  SHA256_Final(hash.data.data(), context(state_.data()));
  return hash;
}

Hash sha256(BytesView bytes) {
  Sha256 stream;
  stream.update(bytes);
  return stream.finish();
}

Hash sha256(std::initializer_list<BytesView> parts) {
  Sha256 stream;
  for (const BytesView part : parts) stream.update(part);
  return stream.finish();
}

Hash domain_hash(std::string_view tag, std::initializer_list<BytesView> parts) {
  Sha256 stream;
  stream.update(tag);
  for (const BytesView part : parts) stream.update(part);
  return stream.finish();
}

}  // namespace suyuan
