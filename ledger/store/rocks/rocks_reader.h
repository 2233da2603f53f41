// Reads from a RocksDB: from a snapshot, or from the latest state.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <atomic>

#include "ledger/store/scanner.h"

namespace suyuan {

using Families = std::array<rocksdb::ColumnFamilyHandle*, kTableCount>;

class RocksReader final : public Reader, public ScannerSource {
 public:
  // `db`, `families` and `live` must outlive the reader. A null snapshot reads the latest state;
  // any other is released with the reader. `live` counts the readers that hold a snapshot.
  RocksReader(rocksdb::DB& db, const Families& families, const rocksdb::Snapshot* snapshot,
              std::atomic<uint64_t>& live);
  ~RocksReader() override;
  RocksReader(const RocksReader&) = delete;
  RocksReader& operator=(const RocksReader&) = delete;

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override;
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override;
  std::unique_ptr<Scanner> scanner(Table table, Rereads rereads) const override;

 private:
  rocksdb::ReadOptions read_options() const;

  rocksdb::DB& db_;
  const Families& families_;
  const rocksdb::Snapshot* snapshot_;
  std::atomic<uint64_t>& live_;
};

}  // namespace suyuan
