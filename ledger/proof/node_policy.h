// The trust policy of a reader who trusts a ledger's nodes only together. A checkpoint counts if k
// of the nodes in genesis signed it, each with its own key, as cosigners
// (node/peers/node_cosigners.h). An attacker with only the log's key cannot satisfy it.
#pragma once

#include "ledger/proof/policy.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// Returns a node's name in such a policy, as "node:customs".
std::string node_witness_name(std::string_view node);

// Returns the policy. Each node replays what it signs, so for k >= 2 all are named replayers: at
// least one honest node compared the map. Errors: INVALID_FIELD (`k` is not 1 to the number of
// nodes).
Result<Policy> policy_of_nodes(const Genesis& genesis, const LedgerId& ledger, size_t k);

}  // namespace suyuan
