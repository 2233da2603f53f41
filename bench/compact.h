// Compacts a store so that all rows are on the lowest level, where most rows of a growing store
// are.
#pragma once

#include <string>
#include <vector>

#include "ledger/store/rocks/rocks_store.h"

namespace suyuan::bench {

struct TableSize {
  std::string name;
  uint64_t bytes = 0;
  uint64_t entries = 0;
};
// Returns bytes and rows of each table afterwards.
// Requires: nobody else has the store open.
std::vector<TableSize> compact_all(const RocksOptions& options);

}  // namespace suyuan::bench
