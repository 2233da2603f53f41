// Checks the invariants of a store: compares every row of its log with every other.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/store/store.h"

namespace suyuan::testing {

struct StoredLog {
  std::string wrong;                 // the first fault; empty: none
  std::map<Hash, uint64_t> batches;  // id to leaf
  Hash root;                         // of the whole tree
  uint64_t leaves = 0;
  uint64_t events = 0;
  uint64_t links = 0;
};

// Verifies leaves without a gap, the tree's edge and its stored nodes; each batch once, with all
// its records and payloads; each code's chain from its first link to its head, against the records;
// the newest receipt; each seal's counts, and from leaf `maps_from` on its map, computed from the
// records alone. Nullopt: only the last seal's map.
StoredLog check_log(const Reader& store, std::optional<uint64_t> maps_from = std::nullopt);

}  // namespace suyuan::testing
