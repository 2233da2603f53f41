#include "ledger/crypto/ed25519.h"

#include <sodium.h>

#include <utility>

#include "ledger/base/check.h"

namespace suyuan {
namespace {

const unsigned char* raw(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

void init_crypto() {
  static const bool kReady = sodium_init() >= 0;
  SUYUAN_CHECK(kReady);
}

void wipe(void* bytes, size_t size) { sodium_memzero(bytes, size); }

void wipe(Bytes& bytes) {
  sodium_memzero(bytes.data(), bytes.size());
  bytes.clear();
}

SecretKey::SecretKey(SecretKey&& other) noexcept : data_(other.data_) {
  sodium_memzero(other.data_.data(), other.data_.size());
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    data_ = other.data_;
    sodium_memzero(other.data_.data(), other.data_.size());
  }
  return *this;
}

SecretKey::~SecretKey() { sodium_memzero(data_.data(), data_.size()); }

KeyPair key_from_seed(BytesView seed) {
  static_assert(kSeedBytes == crypto_sign_SEEDBYTES);
  SUYUAN_CHECK(seed.size() == kSeedBytes);
  init_crypto();
  SecretKey secret;
  PublicKey key;
  SUYUAN_CHECK(crypto_sign_seed_keypair(key.data.data(), secret.data_.data(), raw(seed)) == 0);
  return {.secret = std::move(secret), .key = key};
}

Signature sign(const SecretKey& secret, BytesView message) {
  static_assert(sizeof(secret.data_) == crypto_sign_SECRETKEYBYTES);
  // A moved-from key is all zero: a key that everybody knows.
  SUYUAN_CHECK(!sodium_is_zero(secret.data_.data() + kSeedBytes, PublicKey::kSize));
  init_crypto();
  Signature signature;
  SUYUAN_CHECK(crypto_sign_detached(signature.data.data(), nullptr, raw(message), message.size(),
                                    secret.data_.data()) == 0);
  return signature;
}

bool verify(const PublicKey& key, BytesView message, const Signature& signature) {
  init_crypto();
  return crypto_sign_verify_detached(signature.data.data(), raw(message), message.size(),
                                     key.data.data()) == 0;
}

bool is_prime_order_point(const PublicKey& key) {
  init_crypto();
  return crypto_core_ed25519_is_valid_point(key.data.data()) == 1;
}

}  // namespace suyuan
