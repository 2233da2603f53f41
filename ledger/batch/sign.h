// Making a batch, as a supplier's program does: payloads in, signed submission out. Randomness comes in as arguments.
#pragma once

#include <functional>

#include "ledger/batch/batch.h"
#include "ledger/crypto/ed25519.h"

namespace suyuan {

struct Signer {
  std::string party;
  const SecretKey& secret;
  PublicKey key;
};

struct UnsignedEvent {
  EventBody body;
  std::vector<std::string> codes;  // canonical: codes_of(event), or code_of(registry event)
};

// REQUIRES: 1 to 4,096 events; cosigners ascending by party. TOO_LARGE, TOO_MANY.
Result<Submission> sign_batch(const LedgerId& ledger, PayloadType type, std::vector<UnsignedEvent> events,
                              uint64_t until_ms, const Nonce& nonce, const Signer& signer,
                              const std::vector<Signer>& cosigners = {});

}  // namespace suyuan
