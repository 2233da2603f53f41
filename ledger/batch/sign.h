// Makes a signed submission from payloads, as a supplier's program does. Randomness is an argument.
#pragma once

#include "ledger/batch/batch.h"
#include "ledger/crypto/ed25519.h"

namespace suyuan {

struct Signer {
  std::string party;
  const SecretKey& secret;  // outlives the Signer
  PublicKey key;
};

struct UnsignedEvent {
  EventBody body;
  std::vector<std::string> codes;  // canonical: codes_of(event), or code_of(registry event)
};

struct BatchDraft {
  LedgerId ledger;
  PayloadType type = PayloadType::event_capnp;
  std::vector<UnsignedEvent> events;
  uint64_t until_ms = 0;
  Nonce nonce;
  // The party that a gateway signs for; empty if the signer is the party.
  std::string on_behalf_of = {};
};

// Returns the signed submission.
// Requires: at least 1 event, each with 1 to 4,096 codes; valid party ids; cosigners ascending by
// party, distinct, none of them the party or the signer.
// Errors: TOO_LARGE, TOO_MANY.
Result<Submission> sign_batch(BatchDraft draft, const Signer& signer,
                              const std::vector<Signer>& cosigners = {});
// As above, for a party that signs for itself.
Result<Submission> sign_batch(const LedgerId& ledger, PayloadType type,
                              std::vector<UnsignedEvent> events, uint64_t until_ms,
                              const Nonce& nonce, const Signer& signer,
                              const std::vector<Signer>& cosigners = {});

}  // namespace suyuan
