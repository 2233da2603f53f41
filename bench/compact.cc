#include "bench/compact.h"

#include <rocksdb/db.h>

#include "bench/must.h"
#include "ledger/store/rocks/open.h"

namespace suyuan::bench {

std::vector<TableSize> compact_all(const RocksOptions& options) {
  const auto opened = must(open_database(options));
  std::vector<TableSize> sizes;
  for (size_t i = 0; i < kTableCount; ++i) {
    auto* family = opened.families.at(i);
    rocksdb::CompactRangeOptions whole;
    whole.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    const auto status = opened.db->CompactRange(whole, family, nullptr, nullptr);
    if (!status.ok()) give_up(status.ToString());
    rocksdb::ColumnFamilyMetaData found;
    opened.db->GetColumnFamilyMetaData(family, &found);
    uint64_t entries = 0;
    for (const auto& level : found.levels) {
      for (const auto& file : level.files) entries += file.num_entries;
    }
    sizes.push_back({std::string(word(static_cast<Table>(i))), found.size, entries});
  }
  return sizes;
}

}  // namespace suyuan::bench
