// Opens the database. Compares its tables with ours first, so that no foreign database is touched.
#pragma once

#include <rocksdb/db.h>

#include <memory>

#include "ledger/store/rocks/guard.h"
#include "ledger/store/rocks/rocks_reader.h"
#include "ledger/store/rocks/rocks_store.h"

namespace suyuan {

// Closes the tables, then the database: in any other order RocksDB aborts.
struct Close {
  std::vector<rocksdb::ColumnFamilyHandle*> handles = {};
  void operator()(rocksdb::DB* db) const;
};

struct OpenedDatabase {
  std::shared_ptr<Guard> guard;  // shared with RocksDB, which calls it from its own threads
  std::unique_ptr<rocksdb::DB, Close> db;
  Families families{};
  // Takes over what RocksDB opened with families_of(): one handle for each.
  void take(rocksdb::DB* opened, std::vector<rocksdb::ColumnFamilyHandle*> handles);
};

// Returns the default family, which is empty, then one for each table. They share one cache.
std::vector<rocksdb::ColumnFamilyDescriptor> families_of(const RocksOptions& options);
Result<OpenedDatabase> open_database(const RocksOptions& options);
std::vector<std::pair<std::string, uint64_t>> rocks_metrics(rocksdb::DB& db,
                                                            const Families& families);

}  // namespace suyuan
