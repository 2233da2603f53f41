#include "client/on_nodes.h"

#include <algorithm>
#include <functional>
#include <thread>

#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"

namespace suyuan {
namespace {

struct Signers {
  TreeHead head;
  std::vector<std::string> nodes;
};

// Returns the nodes that signed the checkpoint. `policy` names all nodes, in the order of genesis.
Result<Signers> signers_of(const std::string& note, const Genesis& genesis, Policy policy) {
  policy.quorum.reset();
  const auto accepted = accept_checkpoint(note, policy);
  if (!accepted) {
    return fail(Code::SIGNATURE_INVALID,
                "the node's checkpoint is not this ledger's: " + accepted.error().message);
  }
  Signers found{.head = accepted->opened.checkpoint.head, .nodes = {}};
  for (size_t i = 0; i < genesis.nodes.size(); ++i) {
    if (accepted->witnessed.times_s[i]) found.nodes.push_back(genesis.nodes[i].name);
  }
  return found;
}

// Requires: check_answer accepted the receipt, so its only line is a node's.
std::string signer_of_receipt(const Receipt& receipt) {
  return receipt.note.signatures.front().name;
}

// Waits until enough nodes signed a checkpoint that extends the tree.
Result<OnNodes> wait_for_tree(const PinnedLedger& ledger, const Policy& policy,
                              const OnNodesAsked& asked, const TreeHead& tree,
                              std::chrono::steady_clock::time_point give_up,
                              const Memory::Ask& ask) {
  for (;;) {
    const auto answer = ask(tree.size);
    if (!answer.value && answer.value.error().code != Code::SIZE_NOT_REACHED) {
      return Unexpected(answer.value.error());
    }
    Signers found;
    if (answer.value) {
      SUYUAN_TRY(signers, signers_of(answer.value->note, ledger.genesis, policy));
      found = std::move(signers);
    }
    const bool covers = found.head.size >= tree.size;
    if (covers && !consistent(tree, found.head, answer.value->path)) {
      return fail(Code::ROOT_MISMATCH,
                  "the node's checkpoint of " + std::to_string(found.head.size) +
                      " leaves does not begin with the " + std::to_string(tree.size) +
                      " that its receipt names: no node signed a tree that has what was posted");
    }
    if (covers && found.nodes.size() >= asked.nodes) {
      return OnNodes{.size = found.head.size, .nodes = std::move(found.nodes)};
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

}  // namespace

Result<OnNodes> proven_nodes(const PinnedLedger& ledger, const std::string& note,
                             const BatchReceipt& receipt) {
  const Held& held = receipt.held;
  // A former node proves nothing; the current nodes that signed the tree do.
  const auto by_now = check_answer(ledger, note, receipt);
  if (!by_now && (by_now.error().code != Code::KEY_UNKNOWN || held.checkpoint.empty()))
    return Unexpected(by_now.error());
  SUYUAN_TRY(checked, check_signed_by(ledger.all_signers(), ledger.id, note, receipt));
  OnNodes proven{.size = checked.text.size, .nodes = {}};
  if (by_now) proven.nodes.push_back(signer_of_receipt(checked));
  if (held.checkpoint.empty()) return proven;
  SUYUAN_TRY(policy, policy_of_nodes(ledger.genesis, ledger.id, 1));
  SUYUAN_TRY(by, signers_of(held.checkpoint, ledger.genesis, std::move(policy)));
  if (!by_now && by.nodes.empty()) return Unexpected(by_now.error());  // only the log's key
  const Hash leaf = leaf_hash(write_leaf(kind_of_note(note), receipt.time_ms, note));
  if (!includes(by.head, receipt.leaf, leaf, held.path)) {
    return fail(Code::ROOT_MISMATCH,
                "the checkpoint next to the receipt does not cover what the receipt is for");
  }
  proven.size = by.head.size;
  for (std::string& name : by.nodes) {
    const bool is_there = std::ranges::find(proven.nodes, name) != proven.nodes.end();
    if (!is_there) proven.nodes.push_back(std::move(name));
  }
  std::ranges::sort(proven.nodes);
  return proven;
}

// The largest first: a checkpoint that covers it usually covers the others without a wait.
Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask) {
  SUYUAN_TRY(policy, policy_of_nodes(ledger.genesis, ledger.id, asked.nodes));
  const auto give_up = std::chrono::steady_clock::now() + asked.time;
  auto trees = asked.trees;
  std::ranges::sort(trees, std::ranges::greater(), &TreeHead::size);
  OnNodes of_largest;
  for (const TreeHead& tree : trees) {
    SUYUAN_TRY(held, wait_for_tree(ledger, policy, asked, tree, give_up, ask));
    if (of_largest.nodes.empty()) of_largest = std::move(held);
  }
  return of_largest;
}

}  // namespace suyuan
