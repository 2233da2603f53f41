// The trust policy of who believes a ledger's nodes only together: its checkpoints count where k of
// the nodes that genesis names signed them, each by its own key, as cosigners
// (node/peers/node_cosigners.h). Who took the log's key alone meets none.
#pragma once

#include "ledger/proof/policy.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// "node:customs": a node's name in such a policy.
std::string node_witness_name(std::string_view node);

// Each node replays what it signs, so with two or more asked for all are named replayers: at least
// one that did not lie compared the map. INVALID_FIELD: `k` is not 1 to the number of nodes.
Result<Policy> policy_of_nodes(const Genesis& genesis, const LedgerId& ledger, size_t k);

}  // namespace suyuan
