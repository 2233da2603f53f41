// Ed25519 (RFC 8032) with one verdict everywhere: cofactorless, A and R canonical and not of small
// order, S < L. That is what libsodium 1.0.18 accepts; tests/vectors/ed25519.json pins it.
#pragma once

#include <memory>

#include "ledger/base/bytes.h"

namespace suyuan {

// Idempotent and safe from any thread; what follows calls it itself. Aborts where libsodium cannot
// run.
void init_crypto();

// Overwrites in a way that no optimiser removes: for seeds, key files, passphrases.
void wipe(void* bytes, size_t size);
void wipe(Bytes& bytes);

// A secret key: moved but never copied, in memory of its own that is kept out of swap and of core
// dumps as far as the system lets us, stands between guard pages, and is wiped when it dies. It has
// no view, no text and no comparison on purpose; what is kept in a key file is the seed.
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

// RFC 8032 5.1.5. The same seed gives the same pair; the caller wipes it. REQUIRES: seed.size() ==
// kSeedBytes.
KeyPair key_from_seed(BytesView seed);

// REQUIRES: not moved from.
Signature sign(const SecretKey& secret, BytesView message);

// Total on hostile input.
bool verify(const PublicKey& key, BytesView message, const Signature& signature);

// A canonical encoding of a point in the group of prime order, not its neutral element. For
// registration: under any other key one signature could fit several messages, or two keys stand
// for the same signer.
bool is_prime_order_point(const PublicKey& key);

}  // namespace suyuan
