// RocksStore: the store on disk. One RocksDB, one column family for each table, one log for all.
#pragma once

#include <atomic>
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
  int open_files_max = -1;  // of the store's files, kept open; -1: all of them
  // A store that is being made and is nobody's yet: commits are not synced and have no log, and are
  // on disk once flush() has returned.
  bool bulk = false;
};

// One of the files that rows are kept in once they are flushed. It never changes.
struct TableFile {
  std::string path;
  uint64_t bytes = 0;
};

// What a purge did; the rows that are not in it are left for another call.
struct Purged {
  std::vector<Bytes> keys;         // no live file holds anything of these rows
  std::vector<std::string> files;  // older ones may: they go once nobody reads them (any_left)
  bool seen = false;               // rows were left since an older snapshot sees them
};

class RocksStore : public Store {
 public:
  // Why commits are refused until the store is opened again; empty while they are taken.
  virtual std::string fault() const = 0;
  // Counters and gauges under RocksDB's names, and our own under "suyuan.".
  virtual std::vector<std::pair<std::string, uint64_t>> metrics() const = 0;
  // Reads every table file and checks its block checksums. Opening does not: it is for a scrub.
  virtual Result<Done> verify_checksums() const = 0;
  // The store as it stands, as hard links in a folder that is made for it, on the same file system:
  // for a backup. From any thread; commits go on. IO.
  virtual Result<Done> link_to(const std::string& folder) const = 0;
  // As of now; compactions take them away at any time.
  virtual std::vector<TableFile> table_files() const = 0;
  // Everything is in table files, synced.
  virtual Result<Done> flush() = 0;
  // Writes the files anew that hold what these rows, which are removed, once held: table files and
  // logs, a bounded number of them in one call. BUSY: `canceled` became true. From one thread at a
  // time; commits go on.
  virtual Result<Purged> purge(Table table, std::vector<Bytes> keys,
                               std::atomic<bool>& canceled) = 0;
  virtual bool any_left(const std::vector<std::string>& files) const = 0;
};

// The checksum of every block of one file, read from the disk and not from a cache. From any
// thread. NOT_FOUND: a compaction took it away meanwhile; CORRUPT, IO.
Result<Done> verify_table_file(const TableFile& file);

// NOT_FOUND: no store there, and `create` is not set. IO: also when another process has it open.
// STORE_TOO_NEW, CORRUPT: before anything is written.
Result<std::unique_ptr<RocksStore>> open_rocks(const RocksOptions& options);

}  // namespace suyuan
