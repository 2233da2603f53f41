// On which nodes a batch is. A receipt is one node's word: the batch is synced there. That others
// have it too is proven by a checkpoint that they signed, each by its own key, and that provably
// begins with the receipt's tree: a node signs a tree only once its rows are synced. So no answer
// has to be believed for it.
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
  std::vector<std::string> nodes;  // whose signatures prove it
};

// Those that the answer proves: who signed the receipt, and who signed the checkpoint beside it
// whose tree has the batch. What check_answer refuses; SIGNATURE_INVALID, ROOT_MISMATCH: of what is
// beside it.
Result<OnNodes> proven_nodes(const PinnedLedger& ledger, const std::string& note,
                             const BatchReceipt& receipt);

struct OnNodesAsked {
  size_t nodes = 1;
  std::vector<TreeHead> trees = {};  // that receipts name, each of which must be covered
  std::chrono::milliseconds time{30'000};
  std::chrono::milliseconds pause{100};
};
// Of the largest tree. INVALID_FIELD: more nodes than the ledger has; BUSY: not yet, with what
// holds; errors of `ask`; SIGNATURE_INVALID and other refusals of a checkpoint that is not this
// ledger's; ROOT_MISMATCH: one that does not begin with a receipt's tree.
Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask);

}  // namespace suyuan
