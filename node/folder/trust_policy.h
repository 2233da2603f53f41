// The trust policy that this node uses and shows to readers (docs/bundle.md, Policy).
#pragma once

#include <string>

#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"
#include "node/options.h"

namespace suyuan {

// What a reader needs to check bundles of this ledger; witnesses are added by hand.
std::string first_policy(const LedgerId& ledger, const PublicKey& log_key);

// The policy in the file of --policy; without it, the one that init left in the data folder, or a
// new one. Errors: INVALID_FIELD (not a policy, or one for other logs, whose readers would count no
// cosignature gathered here), IO, TOO_LARGE.
Result<std::string> read_trust_policy(const ServeOptions& options, const LedgerId& ledger,
                                      const NamedKeyPair& log_key);

}  // namespace suyuan
