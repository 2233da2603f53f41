#include "client/on_nodes.h"

#include <thread>

#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"

namespace suyuan {
namespace {

// Which nodes signed the checkpoint. `policy` names them all, in the order of genesis.
Result<OnNodes> signers_of(const std::string& note, const Genesis& genesis, Policy policy) {
  policy.quorum.reset();
  const auto accepted = accept_checkpoint(note, policy);
  if (!accepted) {
    return fail(Code::SIGNATURE_INVALID,
                "the node's checkpoint is not this ledger's: " + accepted.error().message);
  }
  OnNodes found{.size = accepted->opened.checkpoint.head.size, .nodes = {}};
  for (size_t i = 0; i < genesis.nodes.size(); ++i) {
    if (accepted->witnessed.times_s[i]) found.nodes.push_back(genesis.nodes[i].name);
  }
  return found;
}

}  // namespace

Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask) {
  SUYUAN_TRY(policy, policy_of_nodes(ledger.genesis, ledger.id, asked.nodes));
  const auto give_up = std::chrono::steady_clock::now() + asked.time;
  for (;;) {
    const auto answer = ask(0);
    if (!answer.value && answer.value.error().code != Code::SIZE_NOT_REACHED) {
      return Unexpected(answer.value.error());
    }
    OnNodes found;
    if (answer.value) {
      SUYUAN_TRY(signers, signers_of(answer.value->note, ledger.genesis, policy));
      found = std::move(signers);
    }
    const bool covers = found.size >= asked.size;
    if (covers && found.nodes.size() >= asked.nodes) return found;
    if (std::chrono::steady_clock::now() >= give_up) {
      return fail(Code::BUSY,
                  "it is acknowledged by the node that was asked, but not yet by " +
                      std::to_string(asked.nodes) + " nodes: " +
                      (covers ? std::to_string(found.nodes.size()) + " signed a tree that has it"
                              : std::string("no checkpoint covers it yet")));
    }
    std::this_thread::sleep_for(asked.pause);
  }
}

}  // namespace suyuan
