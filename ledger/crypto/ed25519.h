// Ed25519 (RFC 8032) with one verdict everywhere: cofactorless, A and R canonical and not of small
// order, S < L. That is what libsodium 1.0.18 accepts; tests/vectors/ed25519.json pins it.
#pragma once

#include <memory>

#include "ledger/base/bytes.h"

namespace suyuan {

// Initialises libsodium. Idempotent and thread-safe; the functions below call it themselves. Aborts
// if libsodium cannot run.
void init_crypto();

// Overwrites memory in a way that no optimiser removes: for seeds, key files, passphrases.
void wipe(void* bytes, size_t size);
void wipe(Bytes& bytes);

// A secret key: movable, not copyable. Its memory is kept out of swap and core dumps as far as the
// system allows, lies between guard pages, and is wiped at destruction. It has no view, text or
// comparison on purpose. Key files store the seed.
class SecretKey {
 public:
  SecretKey(SecretKey&&) noexcept = default;
  SecretKey& operator=(SecretKey&&) noexcept = default;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey() = default;

 private:
  friend struct KeyPair key_from_seed(BytesView seed);
  friend Signature sign(const SecretKey& secret, BytesView message);
  friend bool is_locked(const SecretKey& secret);
  SecretKey();
  struct Free {
    void operator()(uint8_t* bytes) const noexcept;  // wipes them first
  };
  std::unique_ptr<uint8_t, Free> data_;  // libsodium's form, 64 bytes: seed ‖ public key
};

struct KeyPair {
  SecretKey secret;
  PublicKey key;
};

inline constexpr size_t kSeedBytes = 32;

// Derives a key pair (RFC 8032 5.1.5); the same seed gives the same pair. The caller wipes the
// seed.
// Requires: seed.size() == kSeedBytes.
KeyPair key_from_seed(BytesView seed);

// Requires: not moved from.
Signature sign(const SecretKey& secret, BytesView message);

// Returns whether the system keeps the key out of swap: RLIMIT_MEMLOCK may be too low.
// Requires: not moved from.
bool is_locked(const SecretKey& secret);

// Verifies a signature. Safe on hostile input.
bool verify(const PublicKey& key, BytesView message, const Signature& signature);

// Returns whether the key is the canonical encoding of a point in the group of prime order, except
// its neutral element. For registration: with any other key one signature could fit several
// messages, or two keys could stand for the same signer.
bool is_prime_order_point(const PublicKey& key);

}  // namespace suyuan
