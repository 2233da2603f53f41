#include "ledger/crypto/ed25519.h"

#include <sodium.h>

#include <utility>

#include "ledger/base/check.h"
#include "ledger/crypto/raw.h"

namespace suyuan {

void init_crypto() {
  static const bool kReady = sodium_init() >= 0;
  SUYUAN_CHECK(kReady);
}

void wipe(void* bytes, size_t size) { sodium_memzero(bytes, size); }

void wipe(Bytes& bytes) {
  sodium_memzero(bytes.data(), bytes.size());
  bytes.clear();
}

// sodium_malloc returns memory even if it may not be locked: RLIMIT_MEMLOCK is the operator's
// choice, and is_locked() tells.
SecretKey::SecretKey() {
  init_crypto();
  data_.reset(static_cast<uint8_t*>(sodium_malloc(crypto_sign_SECRETKEYBYTES)));
  SUYUAN_CHECK(data_ != nullptr);
}

void SecretKey::Free::operator()(uint8_t* bytes) const noexcept { sodium_free(bytes); }

KeyPair key_from_seed(BytesView seed) {
  static_assert(kSeedBytes == crypto_sign_SEEDBYTES);
  SUYUAN_CHECK(seed.size() == kSeedBytes);
  init_crypto();
  SecretKey secret;
  PublicKey key;
  SUYUAN_CHECK(crypto_sign_seed_keypair(key.data.data(), secret.data_.get(), raw(seed)) == 0);
  return {.secret = std::move(secret), .key = key};
}

Signature sign(const SecretKey& secret, BytesView message) {
  SUYUAN_CHECK(secret.data_ != nullptr);
  init_crypto();
  Signature signature;
  SUYUAN_CHECK(crypto_sign_detached(signature.data.data(), nullptr, raw(message), message.size(),
                                    secret.data_.get()) == 0);
  return signature;
}

// sodium_malloc does not say whether it could lock. Locking twice counts once: asking again tells.
bool is_locked(const SecretKey& secret) {
  SUYUAN_CHECK(secret.data_ != nullptr);
  return sodium_mlock(secret.data_.get(), crypto_sign_SECRETKEYBYTES) == 0;
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
