// Proof that the registrant of a key holds it: a signature with the key itself over this text
// (formats.md 9).
//
//   suyuan/key/v1
//   ledger <origin> <base64 of genesis hash>
//   party <party id>
//   key <base64 of public key>
#pragma once

#include "ledger/crypto/ed25519.h"
#include "ledger/registry/genesis.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

std::string possession_text(const LedgerId& ledger, std::string_view party, const PublicKey& key);
// Requires: `key` is the public key of `secret`.
KeyEntry prove_possession(const LedgerId& ledger, std::string_view party, const SecretKey& secret,
                          const PublicKey& key);
// Errors: KEY_WEAK, POSSESSION_INVALID.
Result<Done> check_possession(const LedgerId& ledger, std::string_view party,
                              const KeyEntry& entry);

}  // namespace suyuan
