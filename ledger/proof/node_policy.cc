#include "ledger/proof/node_policy.h"

namespace suyuan {

std::string node_witness_name(std::string_view node) { return "node:" + std::string(node); }

Result<Policy> policy_of_nodes(const Genesis& genesis, const LedgerId& ledger, size_t k) {
  if (k == 0 || k > genesis.nodes.size()) {
    return fail(Code::INVALID_FIELD,
                "this ledger has " + std::to_string(genesis.nodes.size()) +
                    " nodes: ask for a number from 1 to that, not for " + std::to_string(k),
                "nodes");
  }
  Policy policy = policy_of_log(genesis.origin, genesis.log_key);
  PolicyGroup all{.name = "nodes", .threshold = k, .members = {}};
  for (const NamedKey& node : genesis.nodes) {
    all.members.push_back({.is_group = false, .index = policy.witnesses.size()});
    policy.witnesses.push_back(
        {.name = node_witness_name(node.name),
         .key = {.name = node.name, .type = NoteKeyType::cosignature, .key = node.key},
         .replayer = k > 1});
  }
  policy.groups.push_back(std::move(all));
  policy.quorum = PolicyMember{.is_group = true, .index = 0};
  policy.genesis = {ledger.genesis};
  return policy;
}

}  // namespace suyuan
