// A store whose rows all lie where most rows of a store that grows lie: on the lowest level.
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
// Nobody else has it open. Bytes and rows of each table afterwards.
std::vector<TableSize> compact_all(const RocksOptions& options);

}  // namespace suyuan::bench
