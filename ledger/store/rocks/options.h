// RocksDB's options: for the database, and for each table by how it is read and written.
#pragma once

#include <rocksdb/options.h>

#include "ledger/store/rocks/rocks_store.h"

namespace suyuan {

// The first bytes of a chain or fact key: its code key.
inline constexpr size_t kPrefixBytes = 32;
// Returns whether the table's keys begin with a code key and each scan stays below one code key.
bool has_prefix(Table table);

rocksdb::DBOptions database_options(const RocksOptions& options);
rocksdb::ColumnFamilyOptions table_options(Table table, const RocksOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace suyuan
