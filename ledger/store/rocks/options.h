// How RocksDB is set up: for the database, and for each table by the way it is read and written.
#pragma once

#include <rocksdb/options.h>

#include "ledger/store/rocks/rocks_store.h"

namespace suyuan {

// The first bytes of a chain or fact key: its code key.
inline constexpr size_t kPrefixBytes = 32;
// Whether the table's keys begin with a code key under which its scans stay.
bool has_prefix(Table table);

rocksdb::DBOptions database_options(const RocksOptions& options);
rocksdb::ColumnFamilyOptions table_options(Table table, const RocksOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace suyuan
