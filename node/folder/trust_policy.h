// The trust policy that this node goes by and shows to readers (docs/bundle.md, Policy).
#pragma once

#include <string>

#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"
#include "node/options.h"

namespace suyuan {

// What a reader needs to check bundles of this ledger; witnesses are added by hand.
std::string first_policy(const LedgerId& ledger, const PublicKey& log_key);

// The file of --policy; without it the one that init left in the data folder, or one made anew.
// INVALID_FIELD: it is no policy, or one of other logs, whose readers would count no cosignature
// that is gathered here. IO, TOO_LARGE.
Result<std::string> read_trust_policy(const ServeOptions& options, const LedgerId& ledger,
                                      const NamedKeyPair& log_key);

}  // namespace suyuan
