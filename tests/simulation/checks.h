// What must hold of a store at any time, from every row of its log.
#pragma once

#include <map>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/store/store.h"

namespace suyuan::sim {

struct LookedAt {
  std::string wrong;                 // empty: nothing is
  std::map<Hash, uint64_t> batches;  // id to leaf
  Hash root;                         // of the whole tree
  uint64_t leaves = 0;
};

// Leaves without a gap, the tree's edge and its stored nodes; each batch once, with all its records
// and payloads; each code's chain from its first link to its head, as the records say; each seal's
// counts, and the map of the last one made from scratch.
LookedAt look_at(const Reader& store);

}  // namespace suyuan::sim
