// On which nodes a batch is. A receipt is one node's word: the batch is synced there. That others
// have it too is proven by a checkpoint of a tree that has it and that they signed, each by its own
// key: a node signs a tree only once its rows are synced. So no answer has to be believed for it.
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
  TreeHead tree = {};  // of a receipt: a tree that begins with it has all that it has
  std::chrono::milliseconds time{30'000};
  std::chrono::milliseconds pause{100};
};
// As many as are asked for, at least. INVALID_FIELD: more nodes than the ledger has; BUSY: not yet,
// with what holds; errors of `ask`; SIGNATURE_INVALID and other refusals of a checkpoint that is
// not this ledger's; ROOT_MISMATCH: of one whose tree does not begin with the receipt's.
Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask);

}  // namespace suyuan
