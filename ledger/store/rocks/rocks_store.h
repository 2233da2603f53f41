// RocksStore: the store on disk. One RocksDB, one column family for each table, one log for all.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/store/store.h"

namespace rocksdb {
class Env;
}

namespace suyuan {

struct RocksOptions {
  std::string path;
  bool create = false;  // make the store where there is none
  size_t block_cache_bytes = size_t{256} << 20;
  size_t write_buffer_bytes = size_t{64} << 20;         // of one busy table
  size_t write_buffers_total_bytes = size_t{256} << 20;  // of all tables together
  rocksdb::Env* env = nullptr;                          // tests of disk faults; null: the system's
};

class RocksStore : public Store {
 public:
  // Why commits are refused until the store is opened again; empty while they are taken.
  virtual std::string fault() const = 0;
  // Counters and gauges under RocksDB's names, and our own under "suyuan.".
  virtual std::vector<std::pair<std::string, uint64_t>> metrics() const = 0;
  // Reads every table file and checks its block checksums. Opening does not: it is for a scrub.
  virtual Result<Done> verify_checksums() const = 0;
};

// NOT_FOUND: no store there, and `create` is not set. IO: also when another process has it open.
// STORE_TOO_NEW, CORRUPT: before anything is written.
Result<std::unique_ptr<RocksStore>> open_rocks(const RocksOptions& options);

}  // namespace suyuan
