#include "client/on_nodes.h"

#include <algorithm>
#include <thread>

#include "ledger/merkle/tree.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"

namespace suyuan {
namespace {

struct SignedByNodes {
  TreeHead tree;
  std::vector<std::string> nodes;
};

// Which nodes signed the checkpoint. `policy` names them all, in the order of genesis.
Result<SignedByNodes> signers_of(const std::string& note, const Genesis& genesis, Policy policy) {
  policy.quorum.reset();
  const auto accepted = accept_checkpoint(note, policy);
  if (!accepted) {
    return fail(Code::SIGNATURE_INVALID,
                "the node's checkpoint is not this ledger's: " + accepted.error().message);
  }
  SignedByNodes found{.tree = accepted->opened.checkpoint.head, .nodes = {}};
  for (size_t i = 0; i < genesis.nodes.size(); ++i) {
    if (accepted->witnessed.times_s[i]) found.nodes.push_back(genesis.nodes[i].name);
  }
  return found;
}

// REQUIRES: check_answer took the receipt, so its only line is a node's.
std::string signer_of_receipt(const Receipt& receipt) {
  return receipt.note.signatures.front().name;
}

}  // namespace

Result<OnNodes> proven_nodes(const PinnedLedger& ledger, const std::string& note,
                             const BatchReceipt& receipt) {
  SUYUAN_TRY(checked, check_answer(ledger, note, receipt));
  OnNodes proven{.size = checked.text.size, .nodes = {signer_of_receipt(checked)}};
  const Held& held = receipt.held;
  if (held.checkpoint.empty()) return proven;
  SUYUAN_TRY(policy, policy_of_nodes(ledger.genesis, ledger.id, 1));
  SUYUAN_TRY(by, signers_of(held.checkpoint, ledger.genesis, std::move(policy)));
  const Hash leaf = leaf_hash(write_leaf(LeafKind::batch, receipt.time_ms, note));
  if (!includes(by.tree, receipt.leaf, leaf, held.path)) {
    return fail(Code::ROOT_MISMATCH, "the checkpoint beside the receipt does not have the batch");
  }
  proven.size = by.tree.size;
  for (std::string& name : by.nodes) {
    if (name != proven.nodes.front()) proven.nodes.push_back(std::move(name));
  }
  std::ranges::sort(proven.nodes);
  return proven;
}

Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask) {
  SUYUAN_TRY(policy, policy_of_nodes(ledger.genesis, ledger.id, asked.nodes));
  const auto give_up = std::chrono::steady_clock::now() + asked.time;
  for (;;) {
    const auto answer = ask(asked.tree.size);
    if (!answer.value && answer.value.error().code != Code::SIZE_NOT_REACHED) {
      return Unexpected(answer.value.error());
    }
    SignedByNodes found;
    if (answer.value) {
      SUYUAN_TRY(signers, signers_of(answer.value->note, ledger.genesis, policy));
      found = std::move(signers);
    }
    const bool covers = answer.value && found.tree.size >= asked.tree.size;
    if (covers && !consistent(asked.tree, found.tree, answer.value->path)) {
      return fail(Code::ROOT_MISMATCH, "the checkpoint's tree does not begin with the receipt's");
    }
    if (covers && found.nodes.size() >= asked.nodes) {
      return OnNodes{.size = found.tree.size, .nodes = std::move(found.nodes)};
    }
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
