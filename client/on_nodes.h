// Acknowledged by k of n nodes. A receipt is one node's word: the batch is synced there. That
// others have it too is proven by a checkpoint that covers it and that they signed, each by its own
// key: a node signs a tree only once its rows are synced. So no answer has to be believed for it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "client/memory.h"
#include "client/trust.h"

namespace suyuan {

struct OnNodes {
  uint64_t size = 0;               // of the tree that they signed
  std::vector<std::string> nodes;  // at least as many as were asked for
};
struct OnNodesAsked {
  size_t nodes = 1;
  uint64_t size = 0;  // leaves that are to be covered
  std::chrono::milliseconds time{30'000};
  std::chrono::milliseconds pause{100};
};
// INVALID_FIELD: more nodes than the ledger has; BUSY: not yet, with what holds; errors of `ask`;
// SIGNATURE_INVALID and other refusals of a checkpoint that is not this ledger's.
Result<OnNodes> wait_for_nodes(const PinnedLedger& ledger, const OnNodesAsked& asked,
                               const Memory::Ask& ask);

}  // namespace suyuan
