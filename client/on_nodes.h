// Finds out which nodes have a batch. A receipt is one node's word that the batch is synced there.
// That other nodes have it too is proven by a checkpoint that they signed, each with its own key,
// and that provably extends the receipt's tree: a node signs a tree only once its rows are synced.
// So no answer has to be trusted for it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "client/memory.h"
#include "client/trust.h"
#include "ledger/merkle/proof.h"

namespace suyuan {

struct OnNodes {
  uint64_t size = 0;               // of the tree that they signed
  std::vector<std::string> nodes;  // those whose signatures prove it
};

// Returns the nodes that the answer proves: the signer of the receipt, and the signers of the
// attached checkpoint whose tree has the batch.
// Errors: those of check_answer; SIGNATURE_INVALID, ROOT_MISMATCH (of the attached checkpoint).
Result<OnNodes> proven_nodes(const PinnedLedger& ledger, const std::string& note,
                             const BatchReceipt& receipt);

struct OnNodesAsked {
  size_t nodes = 1;
  std::vector<TreeHead> trees = {};  // trees that receipts name; each must be covered
  std::chrono::milliseconds time{30'000};
  std::chrono::milliseconds pause{100};
};
// Returns the nodes for the largest tree.
// Errors: INVALID_FIELD (more nodes than the ledger has); BUSY (not yet; says what holds so far);
// errors of `ask`; SIGNATURE_INVALID and others (a checkpoint that is not this ledger's);
// ROOT_MISMATCH (one that does not extend a receipt's tree).
Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask);

}  // namespace suyuan
