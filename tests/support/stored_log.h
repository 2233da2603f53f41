// What must hold of a store at any time, from every row of its log against every other.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/store/store.h"

namespace suyuan::testing {

struct StoredLog {
  std::string wrong;                 // the first thing that is; empty: nothing
  std::map<Hash, uint64_t> batches;  // id to leaf
  Hash root;                         // of the whole tree
  uint64_t leaves = 0;
  uint64_t events = 0;
  uint64_t links = 0;
};

// Leaves without a gap, the tree's edge and its stored nodes; each batch once, with all its records
// and payloads; each code's chain from its first link to its head, as the records say; the newest
// receipt; each seal's counts, and from leaf `maps_from` on its map, made from the records alone.
// Nullopt: the last seal's map.
StoredLog check_log(const Reader& store, std::optional<uint64_t> maps_from = std::nullopt);

}  // namespace suyuan::testing
